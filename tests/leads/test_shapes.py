"""The funnel and its three shapes; who gets the credit; the long tail; the number to steer by."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from scipy.stats import binomtest

from repurpose.leads.attribution import WAYS, Touch, attribution
from repurpose.leads.funnel import funnel, wilson
from repurpose.leads.long_tail import long_tail
from repurpose.leads.north_star import north_star
from repurpose.leads.stages import Stage
from repurpose.models.base import DAY_MS
from repurpose.presets import load_leads

USUAL = load_leads().average
NOW = 1_800_000_000_000


def highest(lead: int, mql: int, sql: int, opp: int, won: int) -> list[Stage]:
    """So many reached each stage at least."""
    return (
        ["lead"] * (lead - mql) + ["mql"] * (mql - sql) + ["sql"] * (sql - opp) + ["opp"] * (opp - won) + ["won"] * won
    )


@pytest.mark.parametrize(
    ("counts", "shape", "stuck"),
    [
        ((1000, 150, 75, 31, 11), "usual", None),
        ((60, 40, 30, 20, 12), "straight", None),
        ((1000, 150, 75, 5, 2), "broken", "opp"),
        ((1000, 150, 20, 8, 3), "broken", "sql"),
        ((2000, 40, 20, 8, 3), "top_heavy", None),
        ((1000, 150, 20, 1, 0), "top_heavy", None),
        ((8, 1, 0, 0, 0), "unclear", None),
        ((0, 0, 0, 0, 0), "unclear", None),
    ],
)
def test_a_shape_is_named_when_the_numbers_show_it(counts: tuple[int, ...], shape: str, stuck: str | None) -> None:
    made = funnel(highest(*counts), USUAL, told=True)
    assert tuple(made.counts.values()) == counts
    assert (made.shape, made.stuck) == (shape, stuck)


def test_without_a_word_from_the_crm_only_the_first_step_is_judged() -> None:
    made = funnel(highest(1000, 150, 0, 0, 0), USUAL, told=False)
    assert made.shape == "usual" and [rate.known for rate in made.rates] == [True, False, False, False]


def test_the_interval_is_wilsons() -> None:
    for of in (1, 7, 30, 400):
        for got in range(0, of + 1, max(1, of // 7)):
            known = binomtest(got, of).proportion_ci(0.95, "wilson")
            assert wilson(got, of) == pytest.approx((known.low, known.high), abs=1e-6)


def test_every_conversion_is_credited_once_each_way() -> None:
    chance = random.Random(9)
    journeys = []
    for _ in range(300):
        at = NOW - chance.randrange(30 * DAY_MS)
        touches = [
            Touch(
                at + chance.randrange(-120 * DAY_MS, 5 * DAY_MS),
                chance.choice("abc"),
                "15s",
                chance.choice(["site", "mail"]),
            )
            for _ in range(chance.randrange(6))
        ]
        journeys.append((touches, at))
    counted = sum(any(at - 90 * DAY_MS <= one.at <= at for one in touches) for touches, at in journeys)
    for by in WAYS.values():
        credits = attribution(journeys, by).values()
        assert sum(one.first for one in credits) == counted == sum(one.last for one in credits)
        assert sum(one.linear for one in credits) == pytest.approx(counted)
    made = attribution([([Touch(1, "a", "", "x"), Touch(2, "b", "", "y"), Touch(3, "b", "", "y")], 5)], WAYS["asset"])
    assert (made["a"].first, made["b"].last, made["b"].linear) == (1, 1, pytest.approx(float(Fraction(2, 3))))


def test_the_tail_is_counted_by_day() -> None:
    made = long_tail([NOW, NOW + 5, NOW + DAY_MS, NOW + 8 * DAY_MS, NOW - 1, NOW + 70 * DAY_MS], NOW, NOW + 9 * DAY_MS)
    assert made.days == (2, 1, 0, 0, 0, 0, 0, 0, 1, 0) and made.late == 0.25 and made.half_after == 0
    assert len(long_tail([], NOW, NOW + 90 * DAY_MS).days) == 60


def test_the_number_to_steer_by_grows_up() -> None:
    def star(lead: int, sql: int, opp: int) -> str:
        counts: dict[Stage, int] = {"lead": lead, "mql": sql, "sql": sql, "opp": opp, "won": 0}
        return north_star(counts, registered=3, attended=2, active=1).numbers[0][0]

    assert [star(20, 0, 0), star(100, 0, 0), star(20, 1, 0), star(200, 40, 10)] == [
        "registered",
        "active",
        "active",
        "opp",
    ]
