"""What an audience must come to, reckoned second by second with sets and plain sums: heat, views, scores, the funnel."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from repurpose.presets import LeadsPreset
from tests.bench.visitors import DAY, Film, Span, Stretch, Visitor

TOPS = 12
PRESSED = ("cta", "file", "poster", "card")


class Lines:
    """For each version, which second of the recording stands where in it: both by their middles."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[list[int], list[int]]] = {}

    def recorded(self, film: Film, a: int, b: int) -> list[int]:
        """The seconds of the recording whose middle [a, b) of the film shows."""
        if film.asset not in self._kept:
            pairs, at = [], film.intro
            for start, end in film.spans:
                middles = range(start // 1000 * 1000 + 500, end + 1000, 1000)
                pairs += [(at + middle - start, middle // 1000) for middle in middles if start <= middle < end]
                at += end - start
            self._kept[film.asset] = ([where for where, _ in pairs], [second for _, second in pairs])
        where, seconds = self._kept[film.asset]
        return seconds[bisect_left(where, a) : bisect_left(where, min(b, film.length))]


def middles(a: int, b: int) -> set[int]:
    """The seconds whose middle lies in [a, b)."""
    return {second for second in range(a // 1000, b // 1000 + 1) if a <= second * 1000 + 500 < b}


@dataclass(frozen=True)
class Seen:
    """What viewers saw: how often and by how many each second of the recording, and the sums over all players."""

    plays: Counter[int]
    seen: Counter[int]
    viewers: int
    views: int
    halves: int
    completes: int
    watch_ms: int
    channels: Counter[str]  # views by channel


def seen_by(visitors: Iterable[Visitor], lines: Lines, channel: str) -> Seen:
    """What these saw; robots count for nothing. `channel` is what links of the kind "channel" are called."""
    plays: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    sums: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    for one in visitors:
        if one.kind == "robot":
            continue
        mine: set[int] = set()
        pages: dict[int, set[int]] = defaultdict(set)
        of = {stretch.page: stretch.film for stretch in one.played}
        for stretch in one.played:
            shown = lines.recorded(stretch.film, stretch.a, stretch.b)
            plays.update(shown)
            mine.update(shown)
            pages[stretch.page] |= middles(stretch.a, stretch.b)
            sums["watch_ms"] += stretch.b - stretch.a
        seen.update(mine)
        viewed = 0
        for page, seconds in pages.items():
            whole = (of[page].length + 499) // 1000
            viewed += len(seconds) >= min(10, -(-whole // 2))
            sums["halves"] += 2 * len(seconds) >= whole
            sums["completes"] += 100 * len(seconds) >= 95 * whole
        sums["views"] += viewed
        sums["viewers"] += viewed > 0
        channels[{"site": "site", "channel": channel, "personal": "mail"}[one.by]] += viewed
    return Seen(
        plays, seen, sums["viewers"], sums["views"], sums["halves"], sums["completes"], sums["watch_ms"], channels
    )


@dataclass(frozen=True)
class Earned:
    """What a lead must have come to."""

    score: float
    mql: bool
    near: bool  # so near to the line of an MQL that the milliseconds decide


def earned(
    one: Visitor | None, said: Mapping[str, str], sent: int, now: int, lines: Lines, tops: Sequence[Span], rules: LeadsPreset
) -> Earned:  # fmt: skip
    """The score of a lead who said this of themselves, and is this visitor (None: nobody who came); the form was sent at `sent`."""
    lines_of = list(_behaviour(one, lines, tops, rules)) if one and one.joined else []
    if one and one.form:
        lines_of.append((sent, "form", "", rules.acts["form"]))
    standing = float(_fit(said, rules))
    by_day: Counter[int] = Counter()
    by_asset: Counter[str] = Counter()
    done, score, highest, total = set(), standing, standing, []
    for at, rule, asset, points in sorted(lines_of, key=lambda line: line[0]):
        room = rules.per_day - by_day[at // DAY]
        room = min(room, rules.per_asset - by_asset[asset]) if asset else room
        if (rule, asset) in done or room <= 0:
            done.add((rule, asset))
            continue
        done.add((rule, asset))
        points = min(points, room)
        by_day[at // DAY] += points  # type: ignore[assignment]
        by_asset[asset] += points  # type: ignore[assignment]
        total.append((at, points))
        highest = max(highest, standing + sum(p * 0.5 ** ((at - when) / rules.half_life) for when, p in total))
    score = standing + sum(points * 0.5 ** ((now - at) / rules.half_life) for at, points in total)
    return Earned(score, highest >= rules.mql.at, abs(highest - rules.mql.at) < 0.5)


def _behaviour(
    one: Visitor, lines: Lines, tops: Sequence[Span], rules: LeadsPreset
) -> Iterable[tuple[int, str, str, float]]:
    film_seconds: dict[str, set[int]] = defaultdict(set)
    often: Counter[int] = Counter()
    ripe: set[Span] = set()
    watched = 0
    for stretch in sorted(one.played, key=lambda each: each.at):
        film = stretch.film
        whole = (film.length + 499) // 1000
        film_seconds[film.asset] |= {second for second in middles(stretch.a, stretch.b) if second < whole}
        watched += len(middles(stretch.a, stretch.b))
        for step in rules.watched:
            if 100 * len(film_seconds[film.asset]) >= step.percent * whole:
                yield stretch.at, f"watched-{step.percent}", film.asset, step.points * rules.weight(film.cut)
        often.update(lines.recorded(film, stretch.a, stretch.b))
        for span in tops:
            wanted = middles(*span)
            if span not in ripe and sum(often[second] > 1 for second in wanted) >= 0.8 * len(wanted):
                ripe.add(span)
                yield stretch.at, f"rewatch-{span[0]}", film.asset, rules.acts["rewatch"]
    if one.pressed is not None and watched >= 5:
        last = max(one.played, key=lambda each: each.at)
        yield last.at + last.b - last.a, PRESSED[one.pressed], "", rules.acts[PRESSED[one.pressed]]


def _fit(said: Mapping[str, str], rules: LeadsPreset) -> float:
    points: dict[str, float] = {}
    for rule in rules.fit:
        answer = said.get(rule.field, "")
        hit = any(re.search(rf"\b{re.escape(w)}\b", answer, re.I) if w.isascii() else w in answer for w in rule.any)
        if hit:
            points.setdefault(rule.field, rule.points)
    return sum(points.values())


def stretches_of(visitors: Iterable[Visitor]) -> list[Stretch]:
    """All that was played."""
    return [stretch for one in visitors for stretch in one.played]
