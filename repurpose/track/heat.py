"""What the counts say: the heat of an event's recording and of each version, and where it was hottest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repurpose.db import views
from repurpose.db.session import Database, reading
from repurpose.models import Ms, Span
from repurpose.models.seconds import Counts, as_array, counts_of, covered, seconds, unpack

WINDOW_S = 10  # where nothing is said, a place is so long


@dataclass(frozen=True)
class Heat:
    """Second by second: how often each was watched, and by how many."""

    plays: Counts
    viewers: Counts


@dataclass(frozen=True)
class Hot:
    """A place that was watched more than others: how often on average, how often by one who had seen it, what is said."""

    start: Ms
    end: Ms
    plays: float
    again: float
    text: str = ""


def heat_of(engine: Database, event_id: str, asset_id: str = "", length: Ms = 0) -> Heat:
    """The heat of a version, or of the recording; at least so long, further where it is known to be watched."""
    with reading(engine) as connection:
        plays, viewers = (counts_of(one) for one in views.heat(connection, event_id, asset_id))
    size = max(seconds(length), len(plays))
    return Heat(_padded(plays, size), _padded(viewers, size))


def heat_of_visitor(engine: Database, event_id: str, visitor: str, length: Ms = 0) -> list[bool]:
    """Which seconds of the recording one visitor saw, by whichever versions."""
    bits = unpack(views.visitor_bits(engine, event_id, visitor))
    return [bool(one) for one in as_array(bits, max(seconds(length), bits.bit_length()))]


def hottest(heat: Heat, said: Sequence[tuple[Span, str]], most: int = 5) -> list[Hot]:
    """The places watched most, in the order of the recording: what was said there, or ten seconds where nothing was. Pure."""
    size = len(heat.plays)
    places = list(said) or [
        (Span(start=at * 1000, end=min(size, at + WINDOW_S) * 1000), "") for at in range(0, size, WINDOW_S)
    ]
    found = []
    for span, text in places:
        first, end = covered(span.start, span.end)
        within = slice(first, max(first + 1, end))
        plays, viewers = heat.plays[within], heat.viewers[within]
        if plays.any():
            mean, once = float(np.mean(plays)), float(np.mean(viewers))
            found.append(Hot(span.start, span.end, round(mean, 1), round(mean / once - 1, 2) if once else 0.0, text))
    best = sorted(found, key=lambda one: (-one.plays, one.start))[:most]
    return sorted(best, key=lambda one: one.start)


def _padded(counts: Counts, size: int) -> Counts:
    return np.concatenate([counts, np.zeros(size - len(counts), np.uint32)])
