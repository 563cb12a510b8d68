"""The title and cover of each film as one reader is shown them: of two that are compared, or the one that was kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request

from repurpose.db.experiments import ExperimentRow
from repurpose.feedback.experiments import dealt
from repurpose.models.base import DAY_MS
from repurpose.track.bots import is_bot
from repurpose.web.site.sections import EventView, Film
from repurpose.web.site.site import Shown, Site
from repurpose.web.viewing import Door
from repurpose.web.who import client_of


@dataclass(frozen=True)
class Dressed:
    """An event as one reader is shown it."""

    shown: Shown
    variants: str = ""  # what the reader was dealt, for the view token
    key: tuple[str, ...] = ()  # readers who are shown the same have the same


def dressed(site: Site, request: Request, shown: Shown, place: str) -> Dressed:
    """What this reader is shown of the event; `place` is the channel of who came by no link.

    A program is dealt nothing: what search engines keep does not change from day to day.
    """
    rows = site.experiments(shown.event)
    if not rows:
        return Dressed(shown)
    door: Door = request.app.state.door
    headers = {name.lower(): value for name, value in request.headers.items()}
    day, code = time.time_ns() // 1_000_000 // DAY_MS, request.query_params.get("l", "")
    code = code if code.isascii() and code.isalnum() and len(code) == 12 else ""
    if not door.knows("", code, "", day):
        door.learn("", code, "", day)
    channel = door.channel(code) or place
    visitor = "" if is_bot(headers) else door.visitor(day, client_of(request), headers)
    view, variants, key = shown.view, [], []
    for path in sorted({row.path for row in rows}):
        mine = [row for row in rows if row.path == path and row.channel in ("", channel)]
        shows = _last([row for row in mine if not row.running])
        trial = _last([row for row in mine if row.running])
        if trial is not None and visitor and _able(shown, trial):
            variant = dealt(trial.id, visitor)
            variants.append(f"{trial.id}:{variant}")
            shows = trial if variant == "b" else shows
        if shows is not None and _able(shown, shows):
            view = _with(view, shows)
            key.append(shows.id)
    return Dressed(replace(shown, view=view), " ".join(variants), (*key, *variants))


def _last(rows: Sequence[ExperimentRow]) -> ExperimentRow | None:
    """The newest; one for this channel goes before one for any."""
    return max(rows, key=lambda row: (row.channel != "", row.created, row.id), default=None)


def _able(shown: Shown, row: ExperimentRow) -> bool:
    return not row.cover or row.cover in shown.files


def _with(view: EventView, row: ExperimentRow) -> EventView:
    """The same, the film at this path under the other title and cover."""

    def film(one: Film) -> Film:
        if one.path != row.path:
            return one
        return replace(one, title=row.title or one.title, cover=row.cover or one.cover)

    hero = film(view.hero)
    cuts = tuple(
        replace(cut, takes=tuple(replace(take, film=film(take.film)) for take in cut.takes)) for cut in view.cuts
    )
    title = row.title or view.title if view.hero.path == row.path else view.title
    return replace(view, title=title, hero=hero, cuts=cuts)
