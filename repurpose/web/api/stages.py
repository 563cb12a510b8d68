"""The scorecard 客户记分卡 of a lead; and what the CRM says of it: sales took it on, an opportunity, won or lost."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from repurpose.db import audit, leads, scores
from repurpose.db.jobs import now
from repurpose.leads.score import score
from repurpose.models.scored import Word
from repurpose.pipeline.scored import Scored
from repurpose.presets import load_leads
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import read, there
from repurpose.web.api.shapes.fields import At, Pair, Wish
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Seller, client_of

router = APIRouter(tags=["leads"])
LeadId = Annotated[str, Path(pattern="^le_[a-z2-7]{20}$")]
AHEAD_MS = 5 * 60_000  # so far may the CRM's clock be before ours


class StageWish(Wish):
    """A stage that a lead has come to. Said again with the same `at`, it changes nothing."""

    stage: Literal["sql", "opp", "won", "lost"]
    at: Annotated[int, Field(ge=0, lt=1 << 53)] | None = Field(None, description="ms since 1970; now when left out")
    amount: float = Field(0, ge=0, le=1e12, allow_inf_nan=False, description="for `won`: what it brought")


class StageShape(BaseModel):
    """What the CRM said."""

    stage: str
    at: At
    amount: float


class StagesShape(BaseModel):
    """All that the CRM said of a lead, the first first."""

    lead: str
    stages: list[StageShape]


class EntryShape(BaseModel):
    """What earned points, and the very seconds it rests on."""

    at: At
    rule: str = Field(
        description="watched-25 to watched-95, rewatch, form, cta, file, poster, card; fit-NAME for who it is"
    )
    points: float = Field(description="as earned")
    now: float = Field(description="what is left of them")
    event: str
    asset: str
    seen: list[Pair] = Field(description="[start, end) in ms of the recording")


class StepShape(BaseModel):
    """From when on a lead stands on a stage."""

    at: At
    stage: str


class ScorecardShape(BaseModel):
    """A lead's score, and why it is what it is."""

    lead: str
    score: float = Field(description="the sum of what is left of its entries")
    stage: str = Field(description="lead mql sql opp won lost")
    steps: list[StepShape]
    r: int = Field(description="recency, 1 to 5, among all leads: as lists tell it")
    f: int = Field(description="frequency")
    e: int = Field(description="engagement")
    entries: list[EntryShape] = Field(description="the latest first")


@router.get("/leads/{lead_id}/score", response_model=ScorecardShape, responses=documented(404))
def get_score(request: Request, lead_id: LeadId, asker: Seller) -> Response:
    """Why a lead is hot: every point with its rule and the very seconds. A click or an opened mail is never among them."""
    state, at = request.app.state, now()
    rules = load_leads(state.settings.presets)
    one: Scored = there(state.standing.one(lead_id), "lead")
    entries = [
        EntryShape(
            at=line.at, rule=line.rule, points=line.points, now=round(score([line], at, rules), 2), event=line.event,
            asset=line.asset, seen=[[start, end] for start, end in line.seen],
        )
        for line in sorted(one.ledger, key=lambda line: -line.at)
    ]  # fmt: skip
    return read(request, ScorecardShape(
        lead=one.id, score=round(one.score, 2), stage=one.stage, r=one.rfe.r, f=one.rfe.f, e=one.rfe.e, entries=entries,
        steps=[StepShape(at=step.at, stage=step.stage) for step in one.steps],
    ))  # fmt: skip


@router.post(
    "/leads/{lead_id}/stages", status_code=201, response_model=StagesShape, responses=documented(404, 409, 413)
)
def tell_stage(request: Request, lead_id: LeadId, wish: StageWish, asker: Seller, once: OnceOnly) -> Response:
    """Say what stage a lead has come to. From then on no score moves it; the report's funnel and attribution count it."""
    engine = request.app.state.engine
    if wish.at is not None and wish.at > now() + AHEAD_MS:
        raise Problem("refused", why="at: lies in the future.")

    def make() -> Made:
        row = there(leads.load(engine, lead_id), "lead")
        if row.erased is not None:
            raise Problem("not-found", what="lead")
        word = Word(min(wish.at, now()) if wish.at is not None else now(), wish.stage, round(100 * wish.amount))
        scores.say(engine, row.id, word, asker.id)
        audit.note(engine, asker.id, "lead.stage", row.id, client_of(request), stage=wish.stage)
        return Made(_told(request, row), 201)

    return once.answer(make)


@router.get("/leads/{lead_id}/stages", response_model=StagesShape, responses=documented(404))
def list_stages(request: Request, lead_id: LeadId, asker: Seller) -> Response:
    """What the CRM said of a lead, of all that were merged into it too."""
    row = there(leads.load(request.app.state.engine, lead_id), "lead")
    return read(request, _told(request, row))


def _told(request: Request, row: leads.LeadRow) -> StagesShape:
    said = scores.words(request.app.state.engine)
    every = sorted((word for one in row.members for word in said.get(one, ())), key=lambda word: word.at)
    return StagesShape(
        lead=row.id, stages=[StageShape(stage=one.stage, at=one.at, amount=one.amount / 100) for one in every]
    )
