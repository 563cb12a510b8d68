"""RFE by steps and by fifths; stages that do not flutter; what the CRM says stands."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.leads.rfe import Habit, Rfe, graded, habit
from repurpose.leads.score import score
from repurpose.leads.stages import path, reached
from repurpose.models.base import DAY_MS
from repurpose.models.scored import Entry, Word
from repurpose.presets import load_leads
from tests.leads.test_score import NOW, VERSIONS, stretch

RULES = load_leads()
HOUR = 3_600_000


def test_few_leads_are_graded_by_steps() -> None:
    made = habit(
        [stretch("long", 0, 300, NOW - 3 * DAY_MS), stretch("mid", 0, 120, NOW - 40 * DAY_MS)], VERSIONS, NOW, RULES
    )
    assert (made.since, made.days) == (3, 1) and abs(made.worth - (0.5 + 0.7)) < 1e-9
    assert graded({"a": made, "b": Habit(None, 0, 0.0)}, {}, RULES.rfe) == {"a": Rfe(4, 1, 3), "b": Rfe(1, 1, 1)}


def test_many_leads_are_graded_by_fifths() -> None:
    chance = random.Random(3)
    many = {f"l{k}": Habit(chance.uniform(0, 60), chance.randrange(30), chance.random()) for k in range(100)}
    made = graded(many, {}, RULES.rfe)
    assert [sum(one.e == grade for one in made.values()) for grade in range(1, 6)] == [20] * 5
    assert [sum(one.r == grade for one in made.values()) for grade in range(1, 6)] == [20] * 5
    for one in many:
        for other in many:
            if many[one].days <= many[other].days:
                assert made[one].f <= made[other].f
    assert set(graded({f"l{k}": Habit(1, 1, 1.0) for k in range(60)}, {}, RULES.rfe).values()) == {Rfe(3, 3, 3)}


def entry(at: int, points: float, *, fades: bool = True) -> Entry:
    return Entry(at, "x", str(at), points, fades)


def test_an_mql_stays_one_until_it_was_low_for_two_weeks() -> None:
    steps = path([entry(NOW, 60)], [], NOW, NOW + 60 * DAY_MS, RULES)
    low = 14 * 0.41503749927884376  # days until 60 has become 45
    assert [one.stage for one in steps] == ["lead", "mql", "lead"]
    assert abs((steps[2].at - NOW) / DAY_MS - (low + 14)) < 1e-6
    again = [entry(NOW, 60), entry(NOW + 10 * DAY_MS, 20)]  # back above 45 in time
    assert [one.stage for one in path(again, [], NOW, NOW + 20 * DAY_MS, RULES)] == ["lead", "mql"]
    who = [entry(NOW, 45, fades=False), entry(NOW, 20)]
    assert [one.stage for one in path(who, [], NOW, NOW + 400 * DAY_MS, RULES)] == ["lead", "mql"]


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 120 * 24), st.integers(1, 40), st.booleans()), max_size=12))
def test_stages_are_what_an_hourly_clock_finds(raw: list[tuple[int, int, bool]]) -> None:
    entries = [Entry(NOW + hour * HOUR, "x", str(k), points, fades) for k, (hour, points, fades) in enumerate(raw)]
    until = NOW + 160 * DAY_MS
    steps = path(entries, [], NOW, until, RULES)
    ripe, low, found = False, None, ["lead"]
    for at in range(NOW, until + 1, HOUR):
        got = score([one for one in entries if one.at <= at], at, RULES)
        low = None if got >= RULES.mql.below else at if low is None else low
        if not ripe and got >= RULES.mql.at:
            ripe = True
            found.append("mql")
        elif ripe and low is not None and at - low > RULES.mql.after + HOUR:
            ripe = False
            found.append("lead")
    told = [one.stage for one in steps]
    assert told == found or told[:-1] == found  # the clock is an hour late at the very end
    assert all(a.at <= b.at and a.stage != b.stage for a, b in pairwise(steps))


def test_what_the_crm_says_stands() -> None:
    words = [Word(NOW + DAY_MS, "opp"), Word(NOW + 2 * DAY_MS, "lost")]
    steps = path([entry(NOW + 3 * DAY_MS, 90)], words, NOW, NOW + 9 * DAY_MS, RULES)
    assert [one.stage for one in steps] == ["lead", "opp", "lost"] and reached(steps) == "opp"
    assert [one.stage for one in path([], words, NOW, NOW, RULES)] == ["lead"]  # not said yet
