"""The plan of a cut: every frame once, copied only from where a decoder can start to where nothing is missing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.media import plan
from repurpose.media.plan import Piece, Run
from repurpose.media.soundcut import stretches
from repurpose.models import EditDecisionList, Span

NTSC = Fraction(30000, 1001)
RATES = st.sampled_from([Fraction(25), NTSC, Fraction(60), Fraction(24000, 1001), Fraction(12), Fraction(100, 3)])


@st.composite
def spans(draw: st.DrawFn, most: int = 100_000) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, most), min_size=2, max_size=40)))
    return tuple(Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@settings(deadline=None)
@given(spans(), RATES)
def test_aligned_frames_are_those_whose_millisecond_is_in_the_span(wanted: tuple[Span, ...], rate: Fraction) -> None:
    frames = 3000
    for span in wanted:
        runs = plan.align([span], rate, frames)
        near = range(max(0, int(span.start * rate / 1000) - 3), min(frames, int(span.end * rate / 1000) + 3))
        meant = [n for n in near if span.start <= plan.time_of(n, rate) < span.end]
        assert [n for run in runs for n in range(run.first, run.end)] == meant


@settings(deadline=None)
@given(spans(), RATES)
def test_an_aligned_edl_stays_as_it_is(wanted: tuple[Span, ...], rate: Fraction) -> None:
    runs = plan.align(wanted, rate, 20_000)
    if runs:
        once = plan.shown(EditDecisionList(cut="x", spans=wanted), runs, rate)
        assert plan.align(once.spans, rate, 20_000) == runs
        assert plan.shown(once, runs, rate) == once


@settings(deadline=None)
@given(spans(), st.sets(st.integers(0, 2500), max_size=60), st.sets(st.integers(0, 2500), max_size=200))
def test_pieces_are_the_runs_and_copies_keep_the_rules(
    wanted: tuple[Span, ...], keys: set[int], between: set[int]
) -> None:
    joins, whole = sorted(keys), sorted(between | keys)
    runs = plan.merge(plan.align(wanted, Fraction(25), 2500))
    pieces = plan.divide(runs, joins, whole)
    assert [n for piece in pieces for n in range(piece.first, piece.end)] == [
        n for run in runs for n in range(run.first, run.end)
    ]
    for piece in pieces:
        assert piece.length > 0
        if piece.copied:
            assert piece.first in keys
            assert piece.end in whole
        else:
            assert piece.join == max((key for key in joins if key <= piece.first), default=0)
    assert [piece for batch in plan.batches(pieces) for piece in batch] == [p for p in pieces if not p.copied]
    assert all(len({piece.join for piece in batch}) == 1 for batch in plan.batches(pieces))


@pytest.mark.parametrize(
    ("run", "meant"),
    [
        (Run(50, 150), [Piece(50, 150, copied=True, join=50)]),
        (Run(40, 150), [Piece(40, 50, copied=False, join=0), Piece(50, 150, copied=True, join=50)]),
        (Run(50, 103), [Piece(50, 102, copied=True, join=50), Piece(102, 103, copied=False, join=100)]),
        (Run(51, 99), [Piece(51, 99, copied=False, join=50)]),
    ],
    ids=["on-the-key-frames", "a-head", "a-tail", "inside-one-group"],
)
def test_pieces_of_one_run(run: Run, meant: list[Piece]) -> None:
    assert plan.divide([run], [0, 50, 100, 150], [0, 50, 100, 102, 150]) == meant


def test_a_tail_and_the_next_head_share_one_decode() -> None:
    pieces = plan.divide([Run(0, 60), Run(70, 160)], [0, 50, 100], [0, 50, 100, 150])
    assert plan.batches(pieces) == [
        [Piece(50, 60, copied=False, join=50), Piece(70, 100, copied=False, join=50)],
        [Piece(150, 160, copied=False, join=100)],
    ]


def test_touching_runs_have_no_joint() -> None:
    assert plan.merge([Run(0, 5), Run(5, 9), Run(10, 12)]) == [Run(0, 9), Run(10, 12)]


def test_picture_and_sound_never_drift() -> None:
    """29.97 frames a second are not a whole number of samples: over many spans the rounding must not add up."""
    runs = [Run(first, first + 7) for first in range(0, 100_000, 11)]
    shown = total = 0
    for run, stretch in zip(runs, stretches(runs, NTSC), strict=True):
        assert abs(stretch.first - run.first * 48_000 / NTSC) <= 0.5
        assert abs(total - shown * 48_000 / NTSC) <= 0.5
        total, shown = total + stretch.count, shown + run.length


def test_the_share_that_is_copied_is_of_frames() -> None:
    pieces = [Piece(0, 30, copied=True, join=0), Piece(30, 40, copied=False, join=0)]
    assert plan.copied_share(pieces) == 0.75
    assert plan.copied_share([]) == 0.0
