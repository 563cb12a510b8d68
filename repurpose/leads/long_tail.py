"""How views go on after the day an event was shown first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from repurpose.models.base import DAY_MS

DAYS = 60
WEEK = 7


@dataclass(frozen=True)
class Tail:
    """Views day by day from the first on, until today at most; the share that came after a week; when half had come."""

    days: tuple[int, ...]
    late: float
    half_after: int | None


def long_tail(times: Iterable[int], begins: int, now: int) -> Tail:
    """The curve of 60 days, of when views began, in ms since 1970; those before it or after it are left out."""
    length = max(1, min(DAYS, (now - begins) // DAY_MS + 1))
    days = [0] * length
    for at in times:
        day = (at - begins) // DAY_MS
        if 0 <= day < length:
            days[day] += 1
    whole, so_far = sum(days), 0
    half = None
    for day, count in enumerate(days):
        so_far += count
        if whole and half is None and 2 * so_far >= whole:
            half = day
    return Tail(tuple(days), sum(days[WEEK:]) / whole if whole else 0.0, half)
