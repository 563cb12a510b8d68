"""Two titles or covers of a film side by side, in the console: how they do, and the form that begins another experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any
from urllib.parse import quote

from repurpose.db import experiments
from repurpose.db.events import EventRow
from repurpose.db.jobs import now
from repurpose.feedback.experiments import Side
from repurpose.models.base import DAY_MS
from repurpose.pipeline.experiments import Compared, compared
from repurpose.presets import load_experiments
from repurpose.web.console.frame import AT, Console
from repurpose.web.experiments import shown_of
from repurpose.web.site.embed import EMBED
from repurpose.web.site.event import SHARED, SITE

SHOWN = 6  # experiments: those that run and the last ones that have ended
PICTURES = 24  # to choose a cover from


@dataclass(frozen=True)
class Face:
    """One of the two, as visitors see it, and what it came to."""

    title: str
    picture: str  # address
    side: Side


@dataclass(frozen=True)
class Trial:
    """An experiment in the page."""

    told: Compared
    a: Face
    b: Face
    days: int

    @property
    def sure(self) -> int:
        """How far it is to a decision, percent of the evidence that is needed, as powers go."""
        reached = log(max(1.0, self.told.evidence)) / log(self.told.needed)
        return min(100, round(100 * reached))


def trials(console: Console, event: EventRow) -> Mapping[str, Any]:
    """The experiments of an event and what a new one can be made of; `films` is empty while the site shows nothing."""
    place, at = console.place, now()
    rows = experiments.listed(place.engine, event.id, limit=SHOWN)
    shown = shown_of(place, event)
    if shown is None:
        return {"items": [], "films": [], "pictures": [], "channels": [], "rules": None}
    view, pictures, package = shown
    folder = f"{AT}/made/{package}"

    def picture(path: str) -> str:
        return f"{folder}/{quote(path)}?w=640" if path else ""

    made = []
    for one in rows:
        told = compared(place, one, at)
        a = Face(one.title_a, picture(one.cover_a), told.a)
        b = Face(one.title_b, picture(one.cover_b), told.b)
        made.append(Trial(told, a, b, ((one.ended or at) - one.created) // DAY_MS))
    step = max(1, -(-len(pictures) // PICTURES))
    return {
        "items": made, "films": [film.path for film in view.films],
        "pictures": [(path, picture(path)) for path in pictures[::step]],
        "channels": [SITE, EMBED, SHARED, *console.channels],
        "rules": load_experiments(place.settings.presets),
    }  # fmt: skip
