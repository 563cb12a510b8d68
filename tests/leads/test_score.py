"""The ledger: the same in any order, what an oracle with sets finds, capped, explained; and nothing for a click."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.leads.score import PRESSED, SEEN_S, Act, Known, Stretch, Version, ledger, score
from repurpose.models import Span
from repurpose.models.base import DAY_MS
from repurpose.presets import LeadsPreset, load_leads

RULES = load_leads()
NOW = 1_800_000_000_000
VERSIONS = {"long": Version("30min", 600), "mid": Version("5min", 120), "short": Version("15s", 15)}
SHOWS = {"long": 0, "mid": 100, "short": 130}  # the second of the recording each begins with
HIGHLIGHTS = {"ev": [Span(start=132_000, end=140_000), Span(start=300_000, end=310_000)]}
FREE = RULES.model_copy(update={"per_day": 1000.0, "per_asset": 1000.0})


def stretch(asset: str, first: int, end: int, at: int) -> Stretch:
    base = SHOWS[asset]
    return Stretch(at, "ev", asset, first, end, (((base + first) * 1000, (base + end) * 1000),))


def history(chance: random.Random) -> Known:
    """What one lead did in forty days: stretches of any length, again and again, and now and then an act."""
    played = []
    for _ in range(chance.randrange(0, 25)):
        asset = chance.choice(list(VERSIONS))
        first = chance.randrange(VERSIONS[asset].seconds)
        end = min(VERSIONS[asset].seconds, first + chance.choice([3, 10, 60, 400]))
        played.append(stretch(asset, first, end, NOW - chance.randrange(40 * DAY_MS)))
    acts = [
        Act(NOW - chance.randrange(40 * DAY_MS), what, "ev", "ev")
        for what in ("cta", "form", "file", "card")
        for _ in range(chance.choice([0, 0, 1, 2]))
    ]
    return Known(played, acts, chance.choice([None, {"title": "市场总监"}, {"title": "Leader"}]), NOW - 40 * DAY_MS)


def oracle(known: Known, rules: LeadsPreset) -> dict[tuple[str, str], float]:
    """What was earned by watching and by acts, second by second with sets, without caps."""
    earned: dict[tuple[str, str], float] = {}
    seen: dict[str, set[int]] = defaultdict(set)
    often: dict[int, int] = defaultdict(int)
    for one in sorted(known.stretches, key=lambda one: one.at):
        of = VERSIONS[one.asset]
        for second in range(one.first, one.end):
            seen[one.asset].add(second)
            often[SHOWS[one.asset] + second] += 1
        for step in rules.watched:
            if len(seen[one.asset]) / of.seconds >= step.percent / 100:
                earned[f"watched-{step.percent}", one.asset] = round(step.points * rules.weights[of.cut], 2)
    for span in HIGHLIGHTS["ev"]:
        whole = range(span.start // 1000, span.end // 1000)
        if sum(often[second] > 1 for second in whole) >= 0.8 * len(whole):
            earned["rewatch", f"ev:{span.start}"] = rules.acts["rewatch"]
    for one in sorted(known.acts, key=lambda act: act.at):
        before = sum(seen.end - seen.first for seen in known.stretches if seen.at <= one.at)
        if one.what == "form" or before >= 5:
            earned[one.what, "ev"] = rules.acts[one.what]
    return earned


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_ledger_is_what_an_oracle_finds_in_any_order(count: int) -> None:
    chance = random.Random(count)
    for _ in range(count):
        known = history(chance)
        made = ledger(known, VERSIONS, HIGHLIGHTS, FREE)
        watched = {(one.rule, one.ground): one.points for one in made if one.fades}
        assert watched == oracle(known, FREE)
        shuffled = Known(
            chance.sample(known.stretches, len(known.stretches)), chance.sample(known.acts, len(known.acts)),
            known.answers, known.since,
        )  # fmt: skip
        capped = ledger(known, VERSIONS, HIGHLIGHTS, RULES)
        assert capped == ledger(shuffled, VERSIONS, HIGHLIGHTS, RULES)
        assert len({(one.rule, one.ground) for one in capped}) == len(capped)
        by_day: dict[int, float] = defaultdict(float)
        by_asset: dict[str, float] = defaultdict(float)
        for one in capped:
            if one.fades:
                by_day[one.at // DAY_MS] += one.points
                by_asset[one.asset] += one.points
        assert all(points <= RULES.per_day + 1e-6 for points in by_day.values())
        assert all(points <= RULES.per_asset + 1e-6 for asset, points in by_asset.items() if asset)
        assert all(one.seen for one in capped if one.rule.startswith("watched"))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=12),
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*sorted(PRESSED), "form"]), st.sampled_from("abc")), max_size=12),
)  # fmt: skip
def test_an_act_counts_once_who_did_it_had_watched(
    played: list[tuple[int, int]], acts: list[tuple[int, str, str]]
) -> None:
    """The same ground earns once: at the first time of all at which enough had been seen, in sight, until then."""
    known = Known(
        [Stretch(at, "ev", "none", 0, seconds) for at, seconds in played],
        [Act(at, what, ground, "ev") for at, what, ground in acts],
    )
    expected: dict[tuple[str, str], int] = {}
    for at, what, ground in acts:
        if what == "form" or sum(seconds for when, seconds in played if when <= at) >= SEEN_S:
            expected[what, ground] = min(at, expected.get((what, ground), at))
    assert {(one.rule, one.ground): one.at for one in ledger(known, {}, {}, FREE)} == expected


def test_behaviour_halves_and_who_one_is_does_not_fade() -> None:
    known = Known([stretch("long", 0, 600, NOW)], [], {"title": "市场总监"}, NOW)
    made = ledger(known, VERSIONS, {}, RULES)
    fit = sum(one.points for one in made if not one.fades)
    assert fit == 15 and score(made, NOW, RULES) == pytest.approx(15 + 30)
    assert score(made, NOW + 14 * DAY_MS, RULES) == pytest.approx(15 + 15)
    assert score(made, NOW + 140 * DAY_MS, RULES) == pytest.approx(15 + 30 / 1024)


def test_an_entry_names_the_very_seconds() -> None:
    known = Known([stretch("long", 0, 100, NOW - 9), stretch("long", 200, 260, NOW)])
    half = ledger(known, VERSIONS, {}, RULES)
    assert [(one.rule, one.at, one.seen) for one in half] == [("watched-25", NOW, ((0, 100_000), (200_000, 260_000)))]


def test_latin_words_stand_alone() -> None:
    def fits(title: str) -> list[str]:
        return [one.rule for one in ledger(Known(answers={"title": title}), {}, {}, RULES)]

    assert (
        fits("Leader of nothing") == []
        and fits("Team Lead") == ["fit-manages"]
        and fits("VP, Sales") == ["fit-decides"]
    )
