"""Whose a browser was, and when: from the moments at which somebody said in it who they are. Pure.

    stretches([(t, "anna")])                  ->  anna's, from 30 days before t, for good
    stretches([(t, "anna"), (u, "ben")])      ->  anna's until u; then ben's for one sitting, and after that nobody's

Once two people were in a browser, nobody knows who sits at it later: only the hours after each time somebody said so are
theirs, and the hour before, unless another had said so not long ago. The rest is nobody's; it is never guessed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from repurpose.models.base import DAY_MS

LOOK_BACK_MS = 30 * DAY_MS  # what was watched in a browser so long before somebody said who they are is theirs
SITTING_MS = 4 * 3600 * 1000  # how long a browser that several use is taken for the one who said so last
BEFORE_MS = 3600 * 1000  # and from when on: people watch, then write who they are
FOREVER = 253_402_300_799_999  # the end of the year 9999
MOST_PEOPLE = 5  # in one browser within a day; with more it is a kiosk, and nobody's
MOST_BROWSERS = 20  # of one person within a day; with more an address that many use


class Stretch(NamedTuple):
    """A time [start, end) in ms since 1970 in which a browser was a lead's."""

    lead: str
    start: int
    end: int


def stretches(said: Iterable[tuple[int, str]]) -> list[Stretch]:
    """Whose the browser was, by (moment, lead) of each time somebody said who they are; in order, without overlap."""
    turns = sorted(set(said))
    if not turns or crowded(turns, MOST_PEOPLE):
        return []
    first = turns[0][1]
    if all(lead == first for _, lead in turns):
        return [Stretch(first, turns[0][0] - LOOK_BACK_MS, FOREVER)]
    begins = [_begins(turns, at) for at in range(len(turns))]
    at = next(at for at, (_, lead) in enumerate(turns) if lead != first)
    found = [Stretch(first, turns[0][0] - LOOK_BACK_MS, begins[at])]
    for k in range(at, len(turns)):
        moment, lead = turns[k]
        other = next((begins[j] for j in range(k + 1, len(turns)) if turns[j][1] != lead), FOREVER)
        begin, end = begins[k], min(moment + SITTING_MS, other)
        last = found[-1]
        if last.lead == lead and begin <= last.end:
            found[-1] = Stretch(lead, last.start, max(last.end, end))
        else:
            found.append(Stretch(lead, begin, end))
    return [one for one in found if one.start < one.end]


def _begins(turns: Sequence[tuple[int, str]], at: int) -> int:
    """From when on the browser was theirs who said so at this turn: an hour before, if that was no other's sitting."""
    moment, lead = turns[at]
    others = [before for before, who in turns[:at] if who != lead]
    free = not others or others[-1] + SITTING_MS <= moment - BEFORE_MS
    return moment - BEFORE_MS if free else moment


def crowded(seen: Iterable[tuple[int, str]], most: int, within: int = DAY_MS) -> set[str]:
    """Of (moment, name): the names that were seen among more than `most` different ones within a day."""
    turns = sorted(seen)
    found: set[str] = set()
    inside: dict[str, int] = {}
    first = 0
    for at, name in turns:
        inside[name] = inside.get(name, 0) + 1
        while turns[first][0] <= at - within:
            gone = turns[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        if len(inside) > most:
            found |= inside.keys()
    return found


def whose(turns: Sequence[Stretch], at: int) -> str | None:
    """Whose the browser was at this moment."""
    place = bisect_right(turns, at, key=lambda one: one.start) - 1
    return turns[place].lead if place >= 0 and at < turns[place].end else None
