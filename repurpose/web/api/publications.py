"""Publications: what the site shows of an event, switched in one step."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from repurpose.db import events, releases
from repurpose.db.events import EventRow, EventState
from repurpose.pipeline import release
from repurpose.web.acts import make_release
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import read, there, version
from repurpose.web.api.shapes.fields import EventId, Wish
from repurpose.web.api.shapes.released import ReleaseShape
from repurpose.web.problems import documented
from repurpose.web.who import Publisher, Reader

router = APIRouter(tags=["publications"])
Number = Annotated[int, Field(ge=1, lt=1 << 31)]


class PublicationList(BaseModel):
    """What the site shows of an event, and the releases that are kept, the newest first."""

    event: str
    state: EventState
    release: int | None
    items: list[ReleaseShape]


class PublishWish(Wish):
    """Make a release of the event's run, and show it."""

    show: bool = Field(True, description="false: only make it, to be shown later")


class RollbackWish(Wish):
    """Show an older release."""

    release: Number | None = Field(None, description="else the one before the one that is shown")


@router.get("/events/{event_id}/publications", response_model=PublicationList, responses=documented(404))
def list_publications(request: Request, event_id: EventId, asker: Reader) -> Response:
    """What the site shows, and what it could show."""
    engine = request.app.state.engine
    event = there(events.find(engine, event_id), "event")
    return read(request, _list(event, releases.of_event(engine, event_id)), version(event.updated))


@router.post(
    "/events/{event_id}/publications", status_code=201, response_model=ReleaseShape, responses=documented(404, 409, 413)
)
def publish_event(request: Request, event_id: EventId, wish: PublishWish, asker: Publisher, once: OnceOnly) -> Response:
    """Make a release of what the event's run made, and show it from one moment on. The same content is the same release."""
    state = request.app.state

    def make() -> Made:
        event = there(events.find(state.engine, event_id), "event")
        event, row = make_release(request, event, asker.id, show=wish.show)
        return Made(ReleaseShape.of(row, event), 201, {"location": f"/api/v1/events/{event_id}/publications"})

    return once.answer(make)


@router.post(
    "/events/{event_id}/publications/{number}/show",
    response_model=PublicationList,
    responses=documented(404, 409),
)
def show_release(
    request: Request,
    event_id: EventId,
    number: Annotated[int, Path(ge=1, lt=1 << 31)],
    asker: Publisher,
    once: OnceOnly,
) -> Response:
    """Show this release; also after it was withdrawn."""

    state = request.app.state

    def make() -> Made:
        there(events.find(state.engine, event_id), "event")
        there(releases.load(state.engine, event_id, number), "release")
        return _made(request, release.point(state.place, event_id, number, asker.id))

    return once.answer(make)


@router.post("/events/{event_id}/rollback", response_model=PublicationList, responses=documented(404, 409, 413))
def rollback_event(
    request: Request, event_id: EventId, wish: RollbackWish, asker: Publisher, once: OnceOnly
) -> Response:
    """Show the release before, or the one that is named."""
    state = request.app.state

    def make() -> Made:
        there(events.find(state.engine, event_id), "event")
        if wish.release is None:
            return _made(request, release.rollback(state.place, event_id, asker.id))
        return _made(request, release.point(state.place, event_id, wish.release, asker.id))

    return once.answer(make)


@router.post("/events/{event_id}/withdraw", response_model=PublicationList, responses=documented(404, 409))
def withdraw_event(request: Request, event_id: EventId, asker: Publisher, once: OnceOnly) -> Response:
    """Show nothing of it any more: its page answers 410, links to its media end at once, feeds and cards leave it out."""
    state = request.app.state

    def make() -> Made:
        there(events.find(state.engine, event_id), "event")
        return _made(request, release.withdraw(state.place, event_id, asker.id))

    return once.answer(make)


def _made(request: Request, event: EventRow) -> Made:
    kept = releases.of_event(request.app.state.engine, event.id)
    return Made(_list(event, kept), headers=version(event.updated))


def _list(event: EventRow, kept: list[releases.ReleaseRow]) -> PublicationList:
    items = [ReleaseShape.of(row, event) for row in kept]
    return PublicationList(event=event.id, state=event.state, release=event.release, items=items)
