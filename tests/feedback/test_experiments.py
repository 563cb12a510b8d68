"""Which of two is better: dealt fairly, counted once, and never called by chance more often than is said."""

from __future__ import annotations

import random
from math import exp, sqrt

import pytest

from repurpose.feedback.experiments import Side, Variant, Verdict, Visit, dealt, judge, odds, sides
from repurpose.models.base import DAY_MS
from repurpose.presets import ExperimentsPreset

HOUR = 3_600_000
RULES = ExperimentsPreset()
LOOKS = 20  # visitors between two looks


def stream(chance: random.Random, rates: tuple[float, float], visitors: int, rules: ExperimentsPreset) -> Verdict:
    """An experiment that is looked at again and again, until it is decided or `visitors` have come."""
    shown, views = [0, 0], [0, 0]
    verdict = Verdict("", "a", 1, 1)
    for number in range(visitors):
        side = chance.getrandbits(1)
        shown[side] += 1
        views[side] += chance.random() < rates[side]
        if number % LOOKS == 0:
            a, b = (Side(shown[one], shown[one], views[one], views[one]) for one in (0, 1))
            verdict = judge(a, b, 5 * DAY_MS, rules)
            if verdict.why:
                break
    return verdict


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.8])
def test_two_equals_are_seldom_told_apart_however_often_one_looks(rate: float) -> None:
    chance = random.Random(int(rate * 100))
    found = [stream(chance, (rate, rate), 3000, RULES).why for _ in range(150)]
    assert found.count("better") <= 0.05 * 150 + 3 * sqrt(150 * 0.05 * 0.95)  # the mean and three deviations
    assert found.count("unbalanced") <= 1


@pytest.mark.parametrize(("a", "b", "keep"), [(0.1, 0.2, "b"), (0.2, 0.1, "a"), (0.5, 0.62, "b"), (0.85, 0.94, "b")])
def test_the_better_one_is_found(a: float, b: float, keep: Variant) -> None:
    chance = random.Random(7)
    found = [stream(chance, (a, b), 4000, RULES) for _ in range(40)]
    assert sum(one.why == "better" and one.keep == keep for one in found) >= 36
    assert not any(one.why == "better" and one.keep != keep for one in found)


def test_odds_are_fair() -> None:
    """All the ways that ten throws of a fair coin can fall, weighed by how likely they are, come to one."""
    from math import comb

    for strength in (0.5, 1, 20):
        assert sum(comb(10, k) / 2**10 * exp(odds(k, 10 - k, strength)) for k in range(11)) == pytest.approx(1)


def test_the_coin_is_fair_and_remembers() -> None:
    found = [dealt("ex_a", f"v{number}") for number in range(20_000)]
    assert found == [dealt("ex_a", f"v{number}") for number in range(20_000)]
    assert abs(found.count("b") - 10_000) < 300
    other = [dealt("ex_b", f"v{number}") for number in range(20_000)]
    assert abs(sum(one == two for one, two in zip(found, other, strict=True)) - 10_000) < 300


def test_a_visitor_is_counted_once_on_the_side_they_saw_first() -> None:
    def visit(visitor: str, variant: Variant, at: int, viewed: bool = False, stayed: bool = False) -> Visit:
        return Visit(visitor, variant, at, viewed, stayed)

    a, b = sides(
        [
            visit("one", "a", 0), visit("one", "a", HOUR // 2, viewed=True), visit("one", "b", HOUR // 3, viewed=True),
            visit("late", "b", 0), visit("late", "b", 2 * HOUR, viewed=True),
            visit("stays", "b", 10, viewed=True, stayed=True), visit("fresh", "b", 3 * HOUR - 1, viewed=True),
        ],
        3 * HOUR,
        HOUR,
    )  # fmt: skip
    assert a == Side(shown=1, counted=1, views=1, stays=0)
    assert b == Side(shown=3, counted=2, views=1, stays=1)


def side(shown: int, views: int, stays: int | None = None) -> Side:
    return Side(shown, shown, views, views if stays is None else stays)


def test_nothing_is_decided_early() -> None:
    a, b = side(90, 10), side(90, 60)
    assert judge(a, b, 5 * DAY_MS, RULES).why == ""  # too few visitors
    a, b = side(500, 50), side(500, 250)
    assert judge(a, b, 2 * DAY_MS, RULES).why == ""  # too few days
    assert judge(a, b, 3 * DAY_MS, RULES) == judge(a, b, 9 * DAY_MS, RULES)
    assert judge(a, b, 3 * DAY_MS, RULES).keep == "b"


def test_without_a_difference_the_first_one_stays() -> None:
    verdict = judge(side(2000, 600), side(2000, 610), 28 * DAY_MS, RULES)
    assert (verdict.why, verdict.keep) == ("same", "a")


def test_what_draws_more_who_leave_is_not_kept() -> None:
    verdict = judge(side(1000, 200, 180), side(1000, 400, 60), 5 * DAY_MS, RULES)
    assert (verdict.why, verdict.keep) == ("leave", "a")
    assert judge(side(1000, 200, 120), side(1000, 400, 130), 5 * DAY_MS, RULES).keep == "b"
    assert judge(side(1000, 400, 180), side(1000, 200, 60), 5 * DAY_MS, RULES).why == "better"


def test_a_split_that_is_not_by_chance_voids_it() -> None:
    verdict = judge(side(1300, 300), side(1000, 500), 5 * DAY_MS, RULES)
    assert (verdict.why, verdict.keep) == ("unbalanced", "a")
