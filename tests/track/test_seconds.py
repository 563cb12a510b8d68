"""Seconds as bits: whatever way a stretch is cut up, it is the same seconds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repurpose.models.seconds import added, as_array, counts_of, covered, kept_counts, mask, pack, runs, seconds, unpack

MS = st.integers(0, 4 * 3600 * 1000)


def test_a_minute_is_sixty_seconds() -> None:
    assert covered(0, 60_000) == (0, 60) and seconds(60_000) == 60
    assert covered(500, 501) == (0, 1) and covered(501, 1500) == (1, 1) and covered(0, 500) == (0, 0)
    assert seconds(499) == 0 and seconds(501) == 1 and seconds(15_040) == 15


@given(st.lists(MS, min_size=2, max_size=12, unique=True))
def test_pieces_that_touch_are_the_whole(edges: list[int]) -> None:
    edges.sort()
    pieces = 0
    total = 0
    for a, b in pairwise(edges):
        bits = mask(*covered(a, b))
        assert not bits & pieces  # no second twice
        pieces |= bits
        total += bits.bit_count()
    assert pieces == mask(*covered(edges[0], edges[-1])) and total == pieces.bit_count()
    assert abs(total * 1000 - (edges[-1] - edges[0])) <= 1000


@given(st.sets(st.integers(0, 300)))
def test_runs_and_arrays_say_the_same(which: set[int]) -> None:
    bits = sum(1 << one for one in which)
    assert {one for first, end in runs(bits) for one in range(first, end)} == which
    assert unpack(pack(bits)) == bits
    assert set(np.flatnonzero(as_array(bits, 301)).tolist()) == which


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20), st.lists(st.integers(0, 9), max_size=30)
)
def test_counts_are_added_up(stretches: list[tuple[int, int]], before: list[int]) -> None:
    counts = added(np.array(before, np.uint32), stretches)
    size = max([len(before), *(end for first, end in stretches if first < end)])
    expected = [(before[s] if s < len(before) else 0) + sum(a <= s < b for a, b in stretches) for s in range(size)]
    assert counts.tolist() == expected and counts_of(kept_counts(counts)).tolist() == expected
