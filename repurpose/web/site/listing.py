"""Events as cards: on the home page, under search, beside another event. Choosing is pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from repurpose.db import assets
from repurpose.db.events import EventRow
from repurpose.models import Ms
from repurpose.web.signing import picture_url
from repurpose.web.site.pages import as_date
from repurpose.web.site.site import Kept, Site
from repurpose.web.site.words import Tongue

RELATED = 3
_faces: Kept[tuple[str, Ms]] = Kept(2000)


@dataclass(frozen=True)
class EventCard:
    """An event as it stands in a list."""

    slug: str
    title: str
    date: datetime.date | None
    duration: Ms
    picture: str  # address
    topics: tuple[str, ...]
    summary: str
    people: str = ""


def cards(site: Site, rows: Sequence[EventRow], tongue: Tongue, width: int = 640) -> list[EventCard]:
    """The cards of published events, in the order given."""
    return [_card(site, row, width) for row in rows]


def related(event: EventRow, others: Sequence[EventRow]) -> list[EventRow]:
    """Up to three listed events that share most topics with this one; among equals the first given."""
    mine = set(event.settings.topics)
    rest = [other for other in others if other.id != event.id and other.settings.listed]
    return sorted(rest, key=lambda other: -len(mine & set(other.settings.topics)))[:RELATED]


def topics(rows: Sequence[EventRow]) -> list[str]:
    """The topics of these events, the most frequent first."""
    counted: dict[str, int] = {}
    for row in rows:
        for topic in row.settings.topics:
            counted[topic] = counted.get(topic, 0) + 1
    return sorted(counted, key=lambda topic: -counted[topic])


def _card(site: Site, row: EventRow, width: int) -> EventCard:
    asset, duration = _faces.get((row.id, row.release, row.updated), lambda: _face(site, row))
    return EventCard(
        slug=row.slug, title=row.title, date=as_date(row.date), duration=duration, topics=row.settings.topics,
        picture=picture_url(asset, width, site.settings, public=row.settings.media == "public") if asset else "",
        summary=row.settings.summary,
    )  # fmt: skip


def _face(site: Site, row: EventRow) -> tuple[str, Ms]:
    """The picture that stands for an event, by the id of its asset, and how long the replay is."""
    files = assets.of_release(site.place.engine, row.id, row.release or 0)
    first = next((each.id for kind in ("slide", "cover") for each in files if each.kind == kind), "")
    return first, max((each.duration_ms or 0 for each in files), default=0)
