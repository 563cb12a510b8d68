"""Feeds for other programs: what is published, and what a card shows. Versioned; a field never changes its meaning."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from repurpose.db import assets, events, people
from repurpose.db.assets import FILMS
from repurpose.db.events import EventRow
from repurpose.settings import Settings
from repurpose.web.api import assets as asset_shapes
from repurpose.web.api.paging import After, Limit, cursor, paged, read
from repurpose.web.api.shapes.released import AssetShape
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Reader, public_base

router = APIRouter(tags=["feed"])
VERSION = 1


class FeedItem(BaseModel):
    """A published event with what can be shown of it elsewhere."""

    event: str
    slug: str
    title: str
    summary: str
    topics: tuple[str, ...]
    language: str
    date: str
    url: str
    release: int
    updated: int
    films: list[AssetShape]
    posters: list[AssetShape]


class Feed(BaseModel):
    """Published events, the newest first. Their ETag changes when any of them does."""

    version: int = Field(VERSION, description="goes up when a field changes its meaning")
    items: list[FeedItem]
    next: str | None


class CardFeed(BaseModel):
    """A card for other card programs: the person, and the content they chose."""

    version: int = Field(VERSION, description="goes up when a field changes its meaning")
    slug: str
    name: str
    title: str
    company: str
    phone: str
    email: str
    calendar: str
    about: str
    url: str
    updated: int
    items: list[FeedItem]


@router.get("/feed", response_model=Feed)
def read_feed(request: Request, asker: Reader, limit: Limit = 20, after: After = None) -> Response:
    """What is published, the newest first. Drafts and what was withdrawn are never in it."""
    state = request.app.state
    rows = events.listed(state.engine, state="published", limit=limit + 1, after=cursor(after))
    shown, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
    items = [_item(request, row, state.settings) for row in shown if row.settings.listed]
    return read(request, Feed(version=VERSION, items=items, next=onward))


@router.get("/cards/{slug}", response_model=CardFeed, responses=documented(404, 410))
def read_card(
    request: Request, slug: Annotated[str, Path(pattern="^[a-z0-9][a-z0-9-]{0,79}$")], asker: Reader
) -> Response:
    """A person's card: what they chose that is published."""
    state, base = request.app.state, public_base(request)
    row = people.by_slug(state.engine, slug)
    if row is None:
        raise Problem("not-found", what="card")
    if row.state != "active":
        raise Problem("gone")
    chosen = [events.find(state.engine, event) for event in people.chosen(state.engine, row.id)]
    items = [_item(request, event, state.settings) for event in chosen if event and event.state == "published"]
    card = CardFeed(
        version=VERSION, slug=row.slug, name=row.name, title=row.title, company=row.company, phone=row.phone,
        email=row.email, calendar=row.calendar, about=row.about, url=f"{base}/c/{row.slug}", updated=row.updated,
        items=items,
    )  # fmt: skip
    return read(request, card)


def _item(request: Request, event: EventRow, settings: Settings) -> FeedItem:
    base, number = public_base(request), event.release or 0
    files = assets.of_release(request.app.state.engine, event.id, number)
    return FeedItem(
        event=event.id, slug=event.slug, title=event.title, summary=event.settings.summary,
        topics=event.settings.topics, language=event.language, date=event.date, url=f"{base}/e/{event.slug}",
        release=number, updated=event.updated,
        films=[asset_shapes.shape(row, event, settings, base) for row in files if row.kind in FILMS],
        posters=[asset_shapes.shape(row, event, settings, base) for row in files if row.kind == "poster"],
    )  # fmt: skip
