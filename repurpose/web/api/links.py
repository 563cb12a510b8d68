"""Short links: made, listed, revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import assets, audit, events, links, people
from repurpose.db.session import Database
from repurpose.publish.links import allowed
from repurpose.settings import Settings
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import After, Limit, cursor, paged, read, there
from repurpose.web.api.shapes.fields import EventName, PersonName
from repurpose.web.api.shapes.people import LinkShape, LinkWish
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Publisher, Reader, client_of, public_base

router = APIRouter(tags=["links"])
Code = Annotated[str, Path(pattern="^[0-9A-Za-z]{12}$")]


class LinkPage(BaseModel):
    """Links, the newest first."""

    items: list[LinkShape]
    next: str | None


@router.get("/links", response_model=LinkPage)
def list_links(
    request: Request,
    asker: Reader,
    event: Annotated[EventName | None, Query()] = None,
    person: Annotated[PersonName | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Links, the newest first."""
    engine = request.app.state.engine
    rows = links.listed(engine, event_id=event, person_id=person, limit=limit + 1, after=cursor(after))
    items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.code}")
    base = public_base(request)
    return read(request, LinkPage(items=[LinkShape.of(row, base) for row in items], next=onward))


@router.post("/links", status_code=201, response_model=LinkShape, responses=documented(409, 413))
def create_link(request: Request, wish: LinkWish, asker: Publisher, once: OnceOnly) -> Response:
    """A link to this, by this person, through this channel: the one there is, or a new one."""
    state = request.app.state
    event = _checked(state.engine, state.settings, wish)

    def make() -> Made:
        row = links.make(
            state.engine,
            wish.kind,
            by=asker.id,
            url=wish.url,
            event_id=event,
            asset_id=wish.asset,
            person_id=wish.person,
            channel=wish.channel,
            start_ms=wish.start,
        )
        audit.note(state.engine, asker.id, "link.make", row.code, client_of(request), kind=wish.kind)
        return Made(LinkShape.of(row, public_base(request)), 201, {"location": f"/api/v1/links/{row.code}"})

    return once.answer(make)


@router.get("/links/{code}", response_model=LinkShape, responses=documented(404))
def get_link(request: Request, code: Code, asker: Reader) -> Response:
    """One link, revoked or not."""
    row = there(links.find(request.app.state.engine, code), "link")
    return read(request, LinkShape.of(row, public_base(request)))


@router.delete("/links/{code}", response_model=LinkShape, responses=documented(404, 409))
def revoke_link(request: Request, code: Code, asker: Publisher, once: OnceOnly) -> Response:
    """From now on it leads nowhere."""
    engine = request.app.state.engine

    def make() -> Made:
        row = there(links.revoke(engine, code), "link")
        audit.note(engine, asker.id, "link.revoke", code, client_of(request))
        return Made(LinkShape.of(row, public_base(request)))

    return once.answer(make)


def _checked(engine: Database, settings: Settings, wish: LinkWish) -> str | None:
    """The event a link belongs to, when everything it names is there. Raises Problem (422) when not."""
    needed = {"event": wish.event, "asset": wish.asset, "card": wish.person, "url": wish.url}[wish.kind]
    if not needed:
        raise Problem("refused", why=f"A link to {wish.kind} must name it.")
    if wish.url and (wish.kind != "url" or not allowed(wish.url, settings)):
        raise Problem("refused", why="url: only links of the kind `url` have one, and only to an allowed https host.")
    asset = assets.find(engine, wish.asset) if wish.asset else None
    missing = (
        (wish.asset and asset is None)
        or (wish.person and people.find(engine, wish.person) is None)
        or (wish.event and events.find(engine, wish.event) is None)
        or (asset and wish.event and asset.event_id != wish.event)
    )
    if missing:
        raise Problem("refused", why="The link names an event, asset or person that is not there.")
    return wish.event or (asset.event_id if asset else None)
