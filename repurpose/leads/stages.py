"""Where a lead stands: Lead, MQL, SQL, OPP, Won, and since when. Pure.

Up to MQL the score decides, with a lower line for the way down than for the way up and a delay on it, so that nobody
flutters between the two. From SQL on the word of sales counts, as the CRM passes it on, and no score takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Literal, cast

from repurpose.models.scored import Entry, Word
from repurpose.presets import LeadsPreset

Stage = Literal["lead", "mql", "sql", "opp", "won", "lost"]
LADDER: tuple[Stage, ...] = ("lead", "mql", "sql", "opp", "won")


@dataclass(frozen=True)
class Step:
    """From `at` on the lead stands on this stage."""

    at: int
    stage: Stage


def path(entries: Iterable[Entry], words: Iterable[Word], since: int, now: int, rules: LeadsPreset) -> list[Step]:
    """Every stage a lead went through until `now`, from `since` on, when it became a lead."""
    told = sorted((one for one in words if one.at <= now), key=lambda one: one.at)
    until = told[0].at if told else now + 1
    steps = [Step(since, "lead")]
    for at, stage in _by_score(entries, rules, min(now + 1, until)):
        if stage != steps[-1].stage:
            steps.append(Step(max(at, since), stage))
    for word in told:
        if word.stage != steps[-1].stage:
            steps.append(Step(max(word.at, since), cast(Stage, word.stage)))
    return steps


def reached(steps: Sequence[Step]) -> Stage:
    """The highest stage of a path: who is an OPP was an SQL, whether the CRM said so or not; who was lost, what came before."""
    return max((one.stage for one in steps if one.stage != "lost"), key=LADDER.index, default="lead")


def _by_score(entries: Iterable[Entry], rules: LeadsPreset, until: int) -> Iterable[tuple[int, Stage]]:
    """When the score made an MQL, and when it had been too low for too long."""
    standing, behaviour, before = 0.0, 0.0, 0
    ripe, low_since = False, None
    ordered = sorted(entries, key=lambda one: one.at)
    for number, one in enumerate(ordered):
        if one.at >= until:
            return
        behaviour *= 0.5 ** ((one.at - before) / rules.half_life)
        before = one.at
        if one.fades:
            behaviour += one.points
        else:
            standing += one.points
        total = standing + behaviour
        if ripe and total >= rules.mql.below:
            low_since = None
        if not ripe and total >= rules.mql.at:
            ripe, low_since = True, None
            yield one.at, "mql"
        if not ripe:
            continue
        upto = ordered[number + 1].at if number + 1 < len(ordered) else until
        if low_since is None:
            low_since = _below(standing, behaviour, one.at, rules)
        if low_since is not None and low_since + rules.mql.after < min(upto, until):
            ripe = False
            yield low_since + rules.mql.after, "lead"
            low_since = None


def _below(standing: float, behaviour: float, at: int, rules: LeadsPreset) -> int | None:
    """When the score falls below the lower line if nothing more is earned; None when it never does."""
    room = rules.mql.below - standing
    if room <= 0:
        return None
    if behaviour < room:
        return at
    return at + ceil(rules.half_life * log2(behaviour / room))
