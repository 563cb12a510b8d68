"""Every second watched of any version is a second of the recording: added up over all cuts they are what an oracle says."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.models import EditDecisionList, Span
from repurpose.models.film import Film, film, shown
from repurpose.models.seconds import added, runs
from repurpose.track.fold import Arrival, Session, Visitor, fold
from tests.track.made import EVENT, batch, came, psid_of, seg


@st.composite
def edl(draw: st.DrawFn) -> EditDecisionList:
    """A cut of a recording of up to five minutes."""
    edges = sorted(draw(st.lists(st.integers(0, 300_000), min_size=2, max_size=8, unique=True)))
    spans = tuple(Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return EditDecisionList(cut="x", spans=spans, intro=draw(st.integers(0, 4000)), outro=draw(st.integers(0, 4000)))


def film_of(cut: EditDecisionList, asset: str = "as_x") -> Film:
    return film(asset, EVENT, cut.length, [(span.start, span.end) for span in cut.spans], cut.intro)


@given(edl(), st.integers(0, 320_000), st.integers(1, 30_000))
def test_a_stretch_shows_what_the_edit_list_says(cut: EditDecisionList, a: int, length: int) -> None:
    a %= cut.length
    found = list(shown(film_of(cut), a, a + length))
    sources = [cut.to_source(at) for at in range(a, min(a + length, cut.length))]
    assert sum(end - start for start, end in found) == sum(at is not None for at in sources)
    for start, end in found:
        for at in (start, (start + end) // 2, end - 1):
            moved = cut.to_output(at)
            assert moved is not None and a <= moved < a + length and cut.to_source(moved) == at


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(edl(), min_size=1, max_size=4), st.integers(0, 1 << 30))
def test_the_heat_of_an_event_is_what_all_its_versions_were_watched(cuts: list[EditDecisionList], number: int) -> None:
    chance = random.Random(number)
    films = [film_of(cut, f"as_{k:020}") for k, cut in enumerate(cuts)]
    known: dict[str, Session] = {}
    visitors: dict[tuple[str, str], Visitor] = {}
    plays, viewers = np.zeros(0, np.uint32), np.zeros(0, np.uint32)
    asset_plays = {of.asset: np.zeros(0, np.uint32) for of in films}
    oracle: dict[int, int] = {}
    seen_by: dict[str, set[int]] = {}
    for _ in range(8):
        k = chance.randrange(len(films))
        cut, of, who, psid, wall = cuts[k], films[k], f"d{chance.randrange(3):022}", psid_of(chance), 0
        events = []
        for n in range(chance.randrange(1, 6)):
            a = chance.randrange(cut.length)
            b = min(cut.length, a + chance.randrange(1, 11_000))
            events.append(seg(n, a, b, wall))
            wall += b - a + 1
            for second in range(301):  # its middle, where the cut shows it
                at = cut.to_output(second * 1000 + 500)
                if at is not None and a <= at < b:
                    oracle[second] = oracle.get(second, 0) + 1
                    seen_by.setdefault(who, set()).add(second)
        one = batch(events, psid=psid)
        arrival = Arrival(one, came(of, visitor=who), of, ("accepted",) * len(events))
        made = fold([arrival], known, visitors, set())
        for (_, asset), heat in made.heat.items():
            if asset:
                asset_plays[asset] = added(asset_plays[asset], heat.plays)
            else:
                plays, viewers = added(plays, heat.plays), added(viewers, heat.viewers)
    assert {second: int(count) for second, count in enumerate(plays) if count} == oracle
    expected = {second: sum(second in seen for seen in seen_by.values()) for second in oracle}
    assert {second: int(count) for second, count in enumerate(viewers) if count} == expected
    for (_, who), visitor in visitors.items():
        assert {one for first, end in runs(visitor.bits) for one in range(first, end)} == seen_by.get(who, set())
    assert sum(int(one.sum()) for one in asset_plays.values()) >= sum(oracle.values()) - 8 * 6 * 10
