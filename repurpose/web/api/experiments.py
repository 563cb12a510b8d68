"""Experiments of two titles or covers of a film: begun, read, ended by hand. Else they end by themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from repurpose.db import audit, events, experiments
from repurpose.db.experiments import Face
from repurpose.db.jobs import now
from repurpose.feedback.experiments import Side
from repurpose.pipeline.experiments import Compared, compared, stop
from repurpose.pipeline.workplace import Workplace
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import After, Limit, cursor, paged, read, there
from repurpose.web.api.shapes.fields import At, EventId, Line, Wish
from repurpose.web.experiments import begin
from repurpose.web.problems import documented
from repurpose.web.who import Publisher, Reader, client_of

router = APIRouter(tags=["experiments"])
ExperimentId = Annotated[str, Path(pattern="^ex_[a-z2-7]{20}$")]
File = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class ExperimentWish(Wish):
    """A film, and another title or cover for it. Each visitor is dealt one of the two, the same all day, and later too who agreed to be
    recognised."""

    path: File = Field(description="the film, by its path in the release: `replay.mp4`, `cuts/1min-1.vertical.mp4`")
    channel: Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        "", description="only those who come by it (`site`: without a link, `embed`: in a frame); empty: everyone"
    )
    title: Line = Field("", description="the other title; empty: the one that is shown now")
    cover: File = Field(
        "",
        description="path of the other picture, empty: the one that is shown now: a cover, slide or wide poster of the release",
    )


class StopWish(Wish):
    """Which one is shown from now on."""

    keep: Literal["a", "b"]


class SideShape(BaseModel):
    """One of the two, and what it came to; each visitor once, bots and staff left out."""

    title: str
    cover: str = Field(description="path in the release; empty: none")
    shown: int = Field(description="visitors it was shown to")
    counted: int = Field(description="of them, those whose hour for a view is over")
    views: int = Field(description="of those, who has a view")
    stays: int = Field(description="and who watched a minute, or half of it")
    rate: float = Field(description="views a visitor that is counted")

    @classmethod
    def of(cls, face: Face, side: Side) -> SideShape:
        """A side as it is sent."""
        return cls(
            title=face[0], cover=face[1], shown=side.shown, counted=side.counted, views=side.views, stays=side.stays,
            rate=round(side.rate, 4),
        )  # fmt: skip


class ExperimentShape(BaseModel):
    """An experiment; `a` is what was shown before."""

    id: str
    event: str
    path: str
    channel: str
    state: Literal["running", "ended"]
    keep: Literal["a", "b", ""] = Field(description="which one is shown since it has ended")
    why: Literal["", "better", "same", "leave", "unbalanced", "stopped", "gone"] = Field(
        description="`better`: it draws more; `same`: no difference was found; `leave`: it draws more who leave at once;"
        " `unbalanced`: something other than chance shared them out; `gone`: the film is not shown any more as it was"
    )
    a: SideShape
    b: SideShape
    evidence: float = Field(description="how much likelier a difference is than none; 1 says nothing")
    needed: float = Field(description="so much of it ends the experiment")
    created: At
    ended: At | None

    @classmethod
    def of(cls, found: Compared) -> ExperimentShape:
        """An experiment as it is sent."""
        row = found.row
        return cls.model_validate({
            "id": row.id, "event": row.event_id, "path": row.path, "channel": row.channel, "state": row.state, "keep": "" if row.running else row.keep, "why": row.why,
            "a": SideShape.of(row.a, found.a), "b": SideShape.of(row.b, found.b), "evidence": round(found.evidence, 3), "needed": found.needed,
            "created": row.created, "ended": row.ended,
        })  # fmt: skip


class ExperimentPage(BaseModel):
    """Experiments, the newest first."""

    items: list[ExperimentShape]
    next: str | None


@router.get("/events/{event_id}/experiments", response_model=ExperimentPage, responses=documented(404))
def list_experiments(
    request: Request, event_id: EventId, asker: Reader, limit: Limit = 50, after: After = None
) -> Response:
    """The experiments of an event, the newest first."""
    place: Workplace = request.app.state.place
    there(events.find(place.engine, event_id), "event")
    rows = experiments.listed(place.engine, event_id, limit=limit + 1, after=cursor(after))
    items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
    at = now()
    made = [ExperimentShape.of(compared(place, row, at)) for row in items]
    return read(request, ExperimentPage(items=made, next=onward))


@router.post(
    "/events/{event_id}/experiments",
    status_code=201,
    response_model=ExperimentShape,
    responses=documented(404, 409, 413),
)
def begin_experiment(
    request: Request, event_id: EventId, wish: ExperimentWish, asker: Publisher, once: OnceOnly
) -> Response:
    """Show another title or cover to half of the visitors. The better one is kept as soon as it is sure which that is."""
    place: Workplace = request.app.state.place

    def make() -> Made:
        event = there(events.find(place.engine, event_id), "event")
        row = begin(place, event, wish.path, channel=wish.channel, title=wish.title, cover=wish.cover, by=asker.id)
        audit.note(place.engine, asker.id, "experiment.begin", row.id, client_of(request), path=row.path)
        made = ExperimentShape.of(compared(place, row, now()))
        return Made(made, 201, {"location": f"/api/v1/experiments/{row.id}"})

    return once.answer(make)


@router.get("/experiments/{experiment_id}", response_model=ExperimentShape, responses=documented(404))
def get_experiment(request: Request, experiment_id: ExperimentId, asker: Reader) -> Response:
    """One experiment, as it stands."""
    place: Workplace = request.app.state.place
    row = there(experiments.find(place.engine, experiment_id), "experiment")
    return read(request, ExperimentShape.of(compared(place, row, now())))


@router.post("/experiments/{experiment_id}/stop", response_model=ExperimentShape, responses=documented(404, 409, 413))
def stop_experiment(
    request: Request, experiment_id: ExperimentId, wish: StopWish, asker: Publisher, once: OnceOnly
) -> Response:
    """End it and keep this one; of an experiment that has ended, show this one from now on."""
    place: Workplace = request.app.state.place

    def make() -> Made:
        row = there(experiments.find(place.engine, experiment_id), "experiment")
        row = there(stop(place, row, wish.keep, now()), "experiment")
        audit.note(place.engine, asker.id, "experiment.stop", row.id, client_of(request), keep=wish.keep)
        return Made(ExperimentShape.of(compared(place, row, now())))

    return once.answer(make)
