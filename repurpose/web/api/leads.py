"""Leads 线索: listed and read with what each watched; told of by programs; merged and taken apart by an administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, StringConstraints
from starlette.responses import Response

from repurpose.db import audit, events
from repurpose.db import leads as rows
from repurpose.db.leads import LeadRow
from repurpose.errors import UserError
from repurpose.leads import known
from repurpose.leads.erase import erase, prove, scrub
from repurpose.leads.known import Attended, Sighting
from repurpose.leads.people import people, perhaps
from repurpose.leads.stages import Stage
from repurpose.leads.told import told_of, told_of_each
from repurpose.leads.vault import Vault, vault_of
from repurpose.pipeline.standing import plain
from repurpose.presets import load_segments
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import Limit, cursor, read, there
from repurpose.web.api.ranked import AMONG, Asked, LeadAfter
from repurpose.web.api.shapes.fields import EventName
from repurpose.web.api.shapes.leads import (
    BrowserWish,
    ConflictShape,
    ErasedShape,
    IdentifyWish,
    LeadIdShape,
    MergeWish,
    OutcomeShape,
    PerhapsShape,
    ScoredLeadShape,
    UnmergeWish,
    WholeLeadShape,
)
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Admin, Seller, client_of

router = APIRouter(tags=["leads"])
LeadId = Annotated[str, Path(pattern="^le_[a-z2-7]{20}$")]
SegmentName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9-]{0,39}$")]
ConflictId = Annotated[int, Path(ge=1, lt=1 << 53)]


class LeadPage(BaseModel):
    """Leads, the newest or the highest score first."""

    items: list[ScoredLeadShape]
    next: str | None


class ConflictPage(BaseModel):
    """Pairs of leads that a person should look at, the latest first."""

    items: list[ConflictShape]


@router.get("/leads", response_model=LeadPage, responses=documented(404))
def list_leads(
    request: Request,
    asker: Seller,
    event: Annotated[EventName | None, Query()] = None,
    sort: Annotated[Literal["newest", "score"], Query(description="which come first")] = "newest",
    stage: Annotated[Stage | None, Query(description="only those on this stage")] = None,
    min_score: Annotated[
        float | None, Query(ge=0, le=1e6, allow_inf_nan=False, description="only from this score on")
    ] = None,
    segment: Annotated[
        SegmentName | None, Query(description="only those in it, by its name in presets/segments.toml")
    ] = None,
    limit: Limit = 50,
    after: LeadAfter = None,
) -> Response:
    """Leads with their scores and what each watched; of one event, or of all. Takes the scope `leads`.

    Scores are at most half a minute old, where there are many thousands of leads a few minutes; in a list by score every
    page has those of the first, so that no lead stands on two.
    """  # fmt: skip
    state = request.app.state
    if event is not None:
        there(events.find(state.engine, event), "event")
    known = load_segments(state.settings.presets).segment
    if segment is not None and segment not in {one.name for one in known}:
        raise Problem("refused", why=f"segment: there are {', '.join(one.name for one in known) or 'none'}.")
    if after is not None and (sort == "score") != bool(AMONG.fullmatch(after)):
        raise Problem("refused", why="after: is of a list in another order.")
    asked = Asked(event or "", stage, min_score, segment)
    if sort == "score":
        chosen, onward = state.standing.by_score(asked, limit, after)
    else:
        chosen, onward = state.standing.newest(asked, limit, cursor(after))
    shown = {one.scored.id: one for one in chosen}
    rows_ = [row for row in rows.those(state.engine, list(shown)) if row.id in shown]
    told = told_of_each(state.engine, people(state.engine, _vault(request), rows_), event or "")
    shapes = [ScoredLeadShape.model_validate(one | plain(shown[one["id"]])) for one in told]
    return read(request, LeadPage(items=shapes, next=onward))


@router.post("/leads/identify", response_model=OutcomeShape, responses=documented(404, 409, 413))
def identify_lead(request: Request, wish: IdentifyWish, asker: Seller, once: OnceOnly) -> Response:
    """Say of somebody who they are: the same said again changes nothing. Two known leads are never merged by this."""
    engine = request.app.state.engine
    if wish.attended is not None and wish.event is None:
        raise Problem("refused", why="attended: takes the event.")

    def make() -> Made:
        if wish.event is not None:
            there(events.find(engine, wish.event), "event")
        sighting = Sighting(
            source=f"api:{wish.source}" if wish.source else "api", keys=tuple((key.kind, key.value) for key in wish.keys),
            at=wish.at, strength="strong" if wish.verified else "medium", visitor=wish.visitor, event_id=wish.event,
            ref=wish.ref, about=wish.about.model_dump(),
            attended=Attended(**wish.attended.model_dump()) if wish.attended else None,
        )  # fmt: skip
        [outcome] = known.identify(engine, _vault(request), [sighting])
        return Made(OutcomeShape(lead=outcome.lead, state=outcome.state))

    return once.answer(make)


@router.get("/leads/{lead_id}", response_model=WholeLeadShape, responses=documented(404))
def get_lead(request: Request, lead_id: LeadId, asker: Seller) -> Response:
    """One lead, or the one it was merged into: then `id` is another. Takes the scope `leads`."""
    engine = request.app.state.engine
    row = _row(request, lead_id)
    [person] = people(engine, _vault(request), [row])
    maybe = [PerhapsShape(visitor=visitor, last=at) for visitor, at in perhaps(engine, row)]
    told = told_of(engine, person, whole=True) | {"perhaps": maybe}
    return read(request, WholeLeadShape.model_validate(told))


@router.delete(
    "/leads/{lead_id}",
    status_code=204,
    response_model=None,
    responses=documented(404, 409)
    | {204: {"description": "forgotten"}, 200: {"description": "forgotten, and looked for", "model": ErasedShape}},
)
def erase_lead(
    request: Request,
    lead_id: LeadId,
    asker: Admin,
    report: Annotated[
        bool, Query(description="then look for what named them in all that is kept; may take minutes")
    ] = False,
) -> Response:
    """Forget a person for good: what names them goes, also of all that were merged into them, and is never taken in again.

    What they watched stays counted, as nobody's. It cannot be taken back.
    """  # fmt: skip
    state = request.app.state
    row = _row(request, lead_id)
    try:
        erased = erase(state.engine, _vault(request), row.id, asker.id, client_of(request))
    except UserError as fault:  # another was faster
        raise Problem("not-found", what="lead") from fault
    if not report:
        scrub(state.engine)
        return Response(status_code=204)
    found = prove(state.engine, state.settings, erased)
    told = ErasedShape(
        lead=erased.lead, members=list(erased.members), forms=erased.submissions, messages=erased.messages,
        files=found.files, size=found.size, hits=found.hits, unread=found.unread,
    )  # fmt: skip
    return Response(told.model_dump_json(), headers=NO_STORE, media_type="application/json")


@router.post("/leads/{lead_id}/browsers", response_model=OutcomeShape, responses=documented(404, 409, 413))
def confirm_browser(request: Request, lead_id: LeadId, wish: BrowserWish, asker: Seller, once: OnceOnly) -> Response:
    """Somebody who knows says that this browser is theirs, such as one of `perhaps`. A browser that did not agree to be
    recognised stays nobody's."""
    engine = request.app.state.engine

    def make() -> Made:
        row = _row(request, lead_id)
        [person] = people(engine, _vault(request), [row])
        keys = person.known_by[:1]
        said = Sighting("browser", keys, strength="strong", visitor=wish.visitor, ref=asker.id)
        [outcome] = known.identify(engine, _vault(request), [said])
        audit.note(engine, asker.id, "leads.browser", row.id, client_of(request))
        return Made(OutcomeShape(lead=outcome.lead, state=outcome.state))

    return once.answer(make)


@router.post("/leads/{lead_id}/merge", response_model=LeadIdShape, responses=documented(404, 409, 413))
def merge_lead(request: Request, lead_id: LeadId, wish: MergeWish, asker: Admin, once: OnceOnly) -> Response:
    """From now on `into` stands for both. Nothing of either is changed: it can be taken back as it was."""
    engine = request.app.state.engine

    def make() -> Made:
        for one in (lead_id, wish.into):
            _row(request, one)
        kept = _asked(lambda: known.merge(engine, lead_id, wish.into, asker.id, wish.reason))
        audit.note(engine, asker.id, "leads.merge", kept, client_of(request), merged=lead_id)
        return Made(LeadIdShape(lead=kept))

    return once.answer(make)


@router.post("/leads/{lead_id}/unmerge", response_model=LeadIdShape, responses=documented(404, 409, 413))
def unmerge_lead(request: Request, lead_id: LeadId, wish: UnmergeWish, asker: Admin, once: OnceOnly) -> Response:
    """It stands for itself again, with all it had."""
    engine = request.app.state.engine

    def make() -> Made:
        _row(request, lead_id)
        out = _asked(lambda: known.unmerge(engine, lead_id, asker.id, wish.reason))
        audit.note(engine, asker.id, "leads.unmerge", out, client_of(request))
        return Made(LeadIdShape(lead=out))

    return once.answer(make)


@router.get("/lead-conflicts", response_model=ConflictPage)
def list_conflicts(request: Request, asker: Seller) -> Response:
    """Pairs of leads of which something says that they are one: merge them, or say that they are apart."""
    found = rows.conflicts(request.app.state.engine)
    shapes = [ConflictShape(id=one.id, lead=one.lead_id, other=one.other_id, kind=one.kind, at=one.at) for one in found]
    return read(request, ConflictPage(items=shapes))


@router.post("/lead-conflicts/{conflict_id}/apart", response_model=ConflictShape, responses=documented(404, 409, 413))
def settle_conflict(request: Request, conflict_id: ConflictId, asker: Admin, once: OnceOnly) -> Response:
    """They are two: nobody asks again."""
    engine = request.app.state.engine

    def make() -> Made:
        asked = there(next((one for one in rows.conflicts(engine) if one.id == conflict_id), None), "conflict")
        known.settle(engine, conflict_id, asker.id)
        audit.note(engine, asker.id, "leads.apart", asked.lead_id, client_of(request), other=asked.other_id)
        shape = ConflictShape(id=asked.id, lead=asked.lead_id, other=asked.other_id, kind=asked.kind, at=asked.at)
        return Made(shape)

    return once.answer(make)


def _asked(change: Callable[[], str]) -> str:
    try:
        return change()
    except UserError as fault:
        raise Problem("refused", why=str(fault)) from fault


def _vault(request: Request) -> Vault:
    return vault_of(request.app.state.engine, request.app.state.settings)


def _row(request: Request, lead_id: str) -> LeadRow:
    row = rows.load(request.app.state.engine, lead_id)
    return there(row if row is not None and row.erased is None else None, "lead")
