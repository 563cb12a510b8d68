"""What viewers watched finds what they came for, through whichever versions they saw it."""

from __future__ import annotations

import random

import pytest

from repurpose.feedback.retention import retention
from repurpose.models import Retention
from repurpose.models.film import Film, film
from repurpose.models.seconds import mask

LENGTH = 600  # seconds of the recording
REPLAY = film("replay", "ev", LENGTH * 1000, [(0, LENGTH * 1000)], 0)
LONG = film("long", "ev", 240_000, [(100_000, 220_000), (380_000, 500_000)], 0)
SHORT = film("short", "ev", 16_000, [(300_000, 315_000)], 500)
FILMS = {of.asset: of for of in (REPLAY, LONG, SHORT)}
LIKED = range(400, 430)


def ratio(found: Retention, seconds: range) -> float:
    return sum(found.watched[s] for s in seconds) / max(1, sum(found.offered[s] for s in seconds))


def of_viewer(chance: random.Random, of: Film, leaves: float) -> int:
    """Goes on with a chance of `leaves` to go each second, jumps over a tenth of what is not liked, seeks what is."""
    bits, at = 0, 0
    while at < of.seconds and chance.random() > leaves:
        second = next(
            (
                s // 1000 + (at * 1000 - b) // 1000
                for b, (s, e) in zip(of.starts, of.spans, strict=True)
                if b <= at * 1000 < b + e - s
            ),
            0,
        )
        if second not in LIKED and chance.random() < 0.02:
            at += 5
            continue
        bits |= mask(at, at + 1)
        at += 1
    return bits


def test_nothing_watched_says_nothing() -> None:
    assert retention([], FILMS) == Retention()
    assert retention([("replay", 0), ("gone", 3)], FILMS) == Retention()


def test_a_talk_most_people_leave_is_not_dull_at_its_end() -> None:
    chance = random.Random(1)
    found = retention([("replay", of_viewer(chance, REPLAY, 0.003)) for _ in range(400)], FILMS)
    early, late = ratio(found, range(20, 120)), ratio(found, range(450, 550))
    assert late == pytest.approx(early, rel=0.15)
    assert ratio(found, LIKED) > 1.05 * early


def test_what_stands_in_a_short_cut_gains_nothing_by_that() -> None:
    chance = random.Random(2)
    whole = [("replay", of_viewer(chance, REPLAY, 0.002)) for _ in range(100)]
    alone = retention(whole, FILMS)
    beside = retention([*whole, *[("short", mask(0, 16))] * 5000], FILMS)
    short = range(301, 314)
    assert (
        ratio(beside, short) / ratio(beside, range(0, 600))
        < 1.1 * ratio(alone, short) / ratio(alone, range(0, 600)) + 0.05
    )
    usual = ratio(beside, range(100, 250))
    assert ratio(beside, LIKED) > usual


def test_what_is_jumped_over_falls_back() -> None:
    seen = mask(0, 600) & ~mask(200, 260)
    found = retention([("replay", seen)] * 6, FILMS)
    assert ratio(found, range(205, 255)) == 0.0 and ratio(found, range(300, 500)) > 1.0
    assert len(found.offered) == len(found.watched) == LENGTH


def test_two_versions_speak_of_the_same_seconds() -> None:
    cut = mask(0, 240) & ~mask(130, 150)  # of the long one: seconds 390..410 of the recording were jumped over
    found = retention([("long", cut)] * 8, FILMS)
    assert ratio(found, range(392, 408)) == 0.0 and ratio(found, range(150, 200)) > 1.0
    assert sum(found.offered[230:370]) == 0
