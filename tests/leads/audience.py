"""A small audience over a published event: who watched what and when, and who said who they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import update

from repurpose.db import views
from repurpose.db.films import films_of
from repurpose.db.jobs import now
from repurpose.db.session import writing
from repurpose.db.tables import events
from repurpose.leads.known import Attended, Sighting, identify
from repurpose.leads.vault import vault_of
from repurpose.models.base import DAY_MS
from repurpose.pipeline.workplace import Workplace
from repurpose.track.arrived import Event
from repurpose.track.fold import Arrival, arrive
from repurpose.track.writer import write
from tests.track.made import batch, came, seg
from tests.web.served import published


def audience(place: Workplace, **more: Any) -> Any:
    """An event that was shown first four days ago, its replay (30 s) and its short cut (6 s), and now."""
    event, at = published(place, **more), now()
    event = replace(event, published=(at // DAY_MS - 4) * DAY_MS)  # at midnight: what a day earns, and days, are UTC's
    with writing(place.engine) as connection:
        connection.execute(update(events).where(events.c.id == event.id).values(published=event.published))
    films = films_of(place.engine, event.id)
    replay = next(one for one in films.values() if one.length == 30_000)
    short = next(one for one in films.values() if one.length == 6000)
    return SimpleNamespace(place=place, event=event, replay=replay, short=short, now=at)


def watch(at: Any, number: int, film: Any, pieces: Sequence[tuple[int, int]], **more: Any) -> None:
    """Visitor `number` plays these seconds of a film."""
    write(at.place.engine, [watching(number, film, pieces, **more)], Counter())


def watching(
    number: int,
    film: Any,
    pieces: Sequence[tuple[int, int]],
    *,
    when: int,
    player: int = 0,
    pressed: int | None = None,
    **more: Any,
) -> Arrival:
    """The same from `when` on, as a batch that arrives when they have ended; `pressed` then, if anything was."""
    dt, events = 0, []
    for n, (first, end) in enumerate(pieces, 1):
        events.append(seg(n, first * 1000, end * 1000, dt))
        dt += (end - first) * 1000
    if pressed is not None:
        events.append(Event(0, "cta", pressed, 0, 100, 1, dt, 0))
    who = f"v{number:022}"
    one = arrive(
        batch(events, psid=f"{number:08}{player:014}"), came(film, at=when + dt, visitor=who, consents=True, **more)
    )
    assert isinstance(one, Arrival)
    return one


def known(at: Any, number: int, *, source: str = "csv", when: int, came_by: bool = False, **about: str) -> str:
    """Visitor `number` is the person with the mail address of that number; the lead's id."""
    views.consent(at.place.engine, f"v{number:022}", "given", "0" * 64, "1", "zh")
    sighting = Sighting(
        source, (("email", f"p{number}@example.com"),), when, visitor=f"v{number:022}", event_id=at.event.id,
        about=about, ref=f"r{number}", attended=Attended(when, came_by, 30 if came_by else 0) if source == "csv" else None,
    )  # fmt: skip
    lead = identify(at.place.engine, vault_of(at.place.engine, at.place.settings), [sighting])[0].lead
    assert lead is not None
    return lead
