"""What the CRM says of a lead: sales took it on, it is an opportunity, it was won or lost."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from repurpose.db import audit, leads, scores
from repurpose.db.jobs import now
from repurpose.models.scored import Word
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import read, there
from repurpose.web.api.shapes.fields import At, Wish
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
