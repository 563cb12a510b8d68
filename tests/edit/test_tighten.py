"""Dead air and lone fillers go; everything else stays."""

from __future__ import annotations

from repurpose.edit.snap import Grid
from repurpose.edit.tighten import Tight, dead_air, filler_words, joined, outside, worth_a_joint
from repurpose.models import Span, Word

GRID = Grid(25, 1, 100_000, frozenset(), (), ())


def word(start: int, end: int, text: str = "word") -> Word:
    return Word(start=start, end=end, text=text)


def test_half_a_second_of_dead_air_stays() -> None:
    (gone,) = dead_air([word(1_000, 2_000), word(5_000, 6_000)], GRID, 1_200)
    assert 2_000 < gone.start <= 2_450 and 4_650 <= gone.end < 5_000
    assert 400 <= 3_000 - gone.length <= 600


def test_short_pauses_and_a_limit_of_nothing_are_left_alone() -> None:
    assert dead_air([word(1_000, 2_000), word(3_100, 4_000)], GRID, 1_200) == []
    assert dead_air([word(1_000, 2_000), word(9_000, 9_500)], GRID, 0) == []


def test_a_filler_between_pauses_goes() -> None:
    words = [word(1_000, 2_000), word(2_400, 2_700, "Um,"), word(3_100, 4_000)]
    (gone,) = filler_words(words, GRID, frozenset({"um"}))
    assert 2_000 <= gone.start <= 2_400 and 2_700 <= gone.end <= 3_100


def test_a_filler_that_runs_into_its_neighbour_stays() -> None:
    words = [word(1_000, 2_000), word(2_400, 2_700, "um"), word(2_720, 4_000)]
    assert filler_words(words, GRID, frozenset({"um"})) == []


def test_fillers_in_a_row_go_at_once() -> None:
    words = [word(1_000, 2_000), word(2_300, 2_500, "嗯，"), word(2_900, 3_100, "呃"), word(3_500, 4_000)]
    (gone,) = filler_words(words, GRID, frozenset({"嗯", "呃"}))
    assert gone.start <= 2_300 and gone.end >= 3_100


def test_a_long_cut_is_tightened_only_where_it_gains_much() -> None:
    small = [Span(start=at, end=at + 900) for at in range(0, 50_000, 1_000)]
    large = Span(start=60_000, end=66_000)
    assert worth_a_joint([*small, large], 1_800_000) == [large]
    assert worth_a_joint([large, *small], 60_000) == [*small, large]


def test_the_clock_and_the_pieces_agree() -> None:
    tight = Tight([Span(start=2_000, end=3_000), Span(start=5_000, end=9_000)], [word(0, 2_000), word(3_000, 5_000)])
    assert [tight.shown(at) for at in (0, 2_000, 2_500, 3_000, 5_000, 7_000, 10_000)] == [
        0, 2_000, 2_000, 2_000, 4_000, 4_000, 5_000
    ]  # fmt: skip
    assert tight.pieces(0, 5_000) == [Span(start=0, end=2_000), Span(start=3_000, end=5_000)]
    assert tight.pieces(9_000, 9_500) == []  # nobody speaks there


def test_joined_and_outside_are_opposites() -> None:
    spans = [Span(start=5, end=9), Span(start=1, end=3), Span(start=3, end=4)]
    assert joined(spans) == [Span(start=1, end=4), Span(start=5, end=9)]
    assert outside(joined(spans), 12) == [Span(start=0, end=1), Span(start=4, end=5), Span(start=9, end=12)]
