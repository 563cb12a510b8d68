"""Edges fall on frames, in pauses, outside words, and on a keyframe where that costs nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.edit.snap import LEAD, TAIL, Grid, edges
from repurpose.models import Span, Word


def grid(num: int = 25, den: int = 1, keyframes: tuple[int, ...] = (), pauses: tuple[Span, ...] = ()) -> Grid:
    return Grid(num, den, 60_000, frozenset(keyframes), pauses, tuple(pause.start for pause in pauses))


@given(st.integers(0, 10**6), st.sampled_from([(25, 1), (30000, 1001), (24000, 1001), (60000, 1001), (15, 2)]))
@settings(deadline=None)
def test_the_time_of_a_frame_is_rounded_as_the_cutter_rounds_it(frame: int, rate: tuple[int, int]) -> None:
    at = grid(*rate)
    assert at.time_of(frame) == round(1000 * frame / Fraction(*rate))
    assert at.frame_at(at.time_of(frame)) == frame


@given(st.integers(0, 50_000), st.integers(0, 3_000))
@settings(deadline=None)
def test_an_edge_stands_between_the_words_on_a_frame(before: int, gap: int) -> None:
    at = grid(30000, 1001)
    start = before + gap
    entry, out = at.entry(before, start), at.exit(before, start)
    if gap >= 34:
        assert entry is not None and out is not None
    for edge in (entry, out):
        assert edge is None or (before <= edge <= start and edge == at.time_of(at.frame_at(edge)))
    assert entry is None or start - entry <= LEAD
    assert out is None or out - before <= TAIL


def test_a_keyframe_in_the_pause_is_taken() -> None:
    assert grid(keyframes=(247,)).entry(8_000, 10_000) == 247 * 40
    assert grid(keyframes=(247,)).exit(9_500, 10_800) == 247 * 40


def test_a_keyframe_in_the_noise_is_not() -> None:
    quiet = Span(start=9_880, end=10_000)
    assert grid(keyframes=(243,), pauses=(quiet,)).entry(9_000, 10_000) == 9_880


def test_neighbours_never_overlap() -> None:
    words = [[Word(start=1_000, end=2_000, text="one.")], [Word(start=2_300, end=3_000, text="two.")]]
    cut = edges(words, grid())
    assert cut.stops[0] is not None and cut.starts[1] is not None
    assert cut.stops[0] <= cut.starts[1]


def test_words_without_a_frame_between_them_stay_together() -> None:
    words = [[Word(start=1_000, end=2_010, text="one.")], [Word(start=2_015, end=3_000, text="two.")]]
    assert edges(words, grid()).stops[0] is None
    assert edges(words, grid()).starts[1] is None
    assert edges(words, grid(), nearest=True).stops[0] == edges(words, grid(), nearest=True).starts[1] == 2_000


@pytest.mark.parametrize("at", [0, 1, 39, 40, 41, 59_999])
def test_down_and_up_enclose(at: int) -> None:
    assert grid().down(at) <= at <= grid().up(at)
    assert grid().up(at) - grid().down(at) in (0, 40)
