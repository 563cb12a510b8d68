"""The ledger of a lead: what earned how many points, when, and by which seconds; and the score it comes to. Pure.

Points come only from playback in sight and from what a person sends: no click on a link and no opened mail is ever a
signal here, because mail gateways do both. A ledger is made from all signals at once, in the order of their own times, so
it is the same in whatever order they came in; after a merge, a late batch or a changed rule it is made anew.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from repurpose.models import Span
from repurpose.models.base import DAY_MS
from repurpose.models.scored import Entry, Stretches
from repurpose.models.seconds import covered, mask, runs
from repurpose.presets import LeadsPreset

PRESSED = frozenset({"cta", "file", "poster", "card"})  # acts that are one click
SEEN_S = 5  # who pressed must have watched so much before: programs press too
AGAIN = 0.8  # so much of a highlight's seconds, seen twice, is the highlight watched again


@dataclass(frozen=True)
class Stretch:
    """Seconds first..end-1 of a version that were played in sight until `at`, and what of the recording they showed."""

    at: int  # ms since 1970
    event: str
    asset: str
    first: int
    end: int
    source: Stretches = ()


@dataclass(frozen=True)
class Act:
    """What a person did beside watching: `form`, or one of `PRESSED`. The same ground earns once."""

    at: int
    what: str
    ground: str
    event: str
    asset: str = ""


@dataclass(frozen=True)
class Version:
    """What has to be known of a version: its cut, and how many seconds it has."""

    cut: str
    seconds: int


@dataclass(frozen=True)
class Known:
    """All that is known of a lead: what it played, what it did, its answers, and since when it gave them."""

    stretches: Sequence[Stretch] = ()
    acts: Sequence[Act] = ()
    answers: Mapping[str, str] | None = None
    since: int = 0


def ledger(
    known: Known, versions: Mapping[str, Version], highlights: Mapping[str, Sequence[Span]], rules: LeadsPreset
) -> list[Entry]:
    """Every entry a lead has earned, oldest first; `highlights` by event. What a cap leaves nothing of is left out."""
    earned = [
        *_watched(known.stretches, versions, rules),
        *_again(known.stretches, highlights, rules.acts.get("rewatch", 0)),
        *_acts(known, rules),
    ]
    return [*_fit(known, rules), *_capped(sorted(earned, key=lambda one: (one.at, one.rule, one.ground)), rules)]


def score(entries: Iterable[Entry], now: int, rules: LeadsPreset) -> float:
    """The points of a ledger as they count `now`: each halves with every half-life, those for who it is do not fade."""
    return sum(
        one.points * (0.5 ** ((now - one.at) / rules.half_life) if one.fades else 1)
        for one in entries
        if one.at <= now or not one.fades
    )


def _in_order(stretches: Iterable[Stretch]) -> list[Stretch]:
    return sorted(stretches, key=lambda one: (one.at, one.asset, one.first, one.end))


def _watched(stretches: Iterable[Stretch], versions: Mapping[str, Version], rules: LeadsPreset) -> Iterator[Entry]:
    bits: dict[str, int] = defaultdict(int)
    source: dict[str, int] = defaultdict(int)
    reached: dict[str, int] = defaultdict(int)
    steps = sorted(rules.watched, key=lambda one: one.percent)
    for one in _in_order(stretches):
        of = versions.get(one.asset)
        if of is None or not of.seconds:
            continue
        bits[one.asset] |= mask(one.first, min(one.end, of.seconds))
        source[one.asset] |= _seconds(one.source)
        seen = bits[one.asset].bit_count()
        while reached[one.asset] < len(steps) and 100 * seen >= steps[reached[one.asset]].percent * of.seconds:
            step = steps[reached[one.asset]]
            reached[one.asset] += 1
            yield Entry(
                one.at, f"watched-{step.percent}", one.asset, step.points * rules.weight(of.cut), True, one.event,
                one.asset, _stretches(source[one.asset]),
            )  # fmt: skip


def _again(stretches: Iterable[Stretch], highlights: Mapping[str, Sequence[Span]], points: float) -> Iterator[Entry]:
    once: dict[str, int] = defaultdict(int)
    twice: dict[str, int] = defaultdict(int)
    left = {
        event: {span: mask(*covered(span.start, span.end)) for span in spans} for event, spans in highlights.items()
    }
    for one in _in_order(stretches):
        now = _seconds(one.source)
        twice[one.event] |= once[one.event] & now
        once[one.event] |= now
        waiting = left.get(one.event, {})
        for span, whole in list(waiting.items()):
            if whole & now and (whole & twice[one.event]).bit_count() >= AGAIN * whole.bit_count():
                del waiting[span]
                yield Entry(
                    one.at, "rewatch", f"{one.event}:{span.start}", points, True, one.event, one.asset,
                    ((span.start, span.end),),
                )  # fmt: skip


def _acts(known: Known, rules: LeadsPreset) -> Iterator[Entry]:
    done = set()
    played = deque(sorted((one.at, one.end - one.first) for one in known.stretches))
    before = 0
    for one in sorted(known.acts, key=lambda act: (act.at, act.what, act.ground)):
        while played and played[0][0] <= one.at:
            before += played.popleft()[1]
        if (one.what, one.ground) not in done and (one.what not in PRESSED or before >= SEEN_S):
            done.add((one.what, one.ground))
            yield Entry(one.at, one.what, one.ground, rules.acts.get(one.what, 0), True, one.event, one.asset)


def _fit(known: Known, rules: LeadsPreset) -> Iterator[Entry]:
    given = known.answers or {}
    done = set()
    for rule in rules.fit:
        if rule.field not in done and any(says(given.get(rule.field, ""), word) for word in rule.any):
            done.add(rule.field)
            yield Entry(known.since, f"fit-{rule.name}", rule.field, rule.points, fades=False)


def says(answer: str, word: str) -> bool:
    """Is the word in the answer? Latin words stand alone: a Leader is no Lead."""
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", answer, re.IGNORECASE) is not None
    return word in answer


def _capped(entries: Iterable[Entry], rules: LeadsPreset) -> Iterator[Entry]:
    by_asset: dict[str, float] = defaultdict(float)
    by_day: dict[int, float] = defaultdict(float)
    for one in entries:
        room = rules.per_day - by_day[one.at // DAY_MS]
        if one.asset:
            room = min(room, rules.per_asset - by_asset[one.asset])
        points = round(min(one.points, room), 2)
        if points > 0:
            by_day[one.at // DAY_MS] += points
            by_asset[one.asset] += points
            yield replace(one, points=points)


def _seconds(source: Stretches) -> int:
    bits = 0
    for start, end in source:
        bits |= mask(*covered(start, end))
    return bits


def _stretches(bits: int) -> Stretches:
    return tuple((first * 1000, end * 1000) for first, end in runs(bits))
