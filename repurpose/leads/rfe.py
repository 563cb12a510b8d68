"""Recency, frequency and engagement of every lead, 1 to 5 each. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repurpose.leads.score import Stretch, Version
from repurpose.models.base import DAY_MS
from repurpose.models.seconds import mask
from repurpose.presets import LeadsPreset
from repurpose.presets.leads import RfeRule

WINDOW = 30  # days


@dataclass(frozen=True)
class Habit:
    """How a lead watches: days since its last view (none: never), days with a view of the last 30, versions' worth seen."""

    since: float | None
    days: int
    worth: float


@dataclass(frozen=True)
class Rfe:
    """1 to 5 each; 5 is best."""

    r: int
    f: int
    e: int


def habit(stretches: Sequence[Stretch], versions: Mapping[str, Version], now: int, rules: LeadsPreset) -> Habit:
    """What is measured: E is the sum over versions of the share of seconds seen at least once, times the version's weight."""
    bits: dict[str, int] = defaultdict(int)
    for one in stretches:
        if one.asset in versions:
            bits[one.asset] |= mask(one.first, min(one.end, versions[one.asset].seconds))
    worth = sum(
        seen.bit_count() / versions[asset].seconds * rules.weight(versions[asset].cut)
        for asset, seen in bits.items()
        if seen
    )
    times = [one.at for one in stretches if one.at <= now]
    days = {at // DAY_MS for at in times if now - at < WINDOW * DAY_MS}
    return Habit((now - max(times)) / DAY_MS if times else None, len(days), worth)


def graded(habits: Mapping[str, Habit], among: Mapping[str, Habit], rule: RfeRule) -> dict[str, Rfe]:
    """R, F and E of each lead, as it stands among these and all of `among`; who is there too is graded as it stands there.

    With few leads by fixed steps; from `fifths_from` on each number goes to a fifth of them, and equals get the same one:
    where they stand in the middle of their rank.
    """
    every = {**habits, **among}
    theirs = {name: every[name] for name in habits}
    if len(every) < rule.fifths_from:
        return {name: _fixed(one, rule) for name, one in theirs.items()}
    recent = sorted(map(_recency, every.values()))
    often = sorted(one.days for one in every.values())
    much = sorted(one.worth for one in every.values())
    return {
        name: Rfe(_fifth(_recency(one), recent), _fifth(one.days, often), _fifth(one.worth, much))
        for name, one in theirs.items()
    }


def _recency(one: Habit) -> float:
    return -(one.since if one.since is not None else 1e9)


def _fixed(one: Habit, rule: RfeRule) -> Rfe:
    since = one.since
    return Rfe(
        1 if since is None else 1 + sum(since <= most for most in rule.recency),
        1 + bisect_right(rule.frequency, one.days),
        1 + bisect_right(rule.engagement, one.worth),
    )


def _fifth(value: float, among: Sequence[float]) -> int:
    lower, upto = bisect_left(among, value), bisect_right(among, value)
    return 1 + int(5 * (lower + (upto - lower - 1) / 2) / len(among))
