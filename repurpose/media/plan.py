"""Spans on the recording's clock -> frames, and frames x keyframes -> what is copied and what is encoded. Pure.

Frames are numbered from 0 in the order they are shown; frame n of a recording at constant rate r is shown at n / r. On
the recording's clock of whole milliseconds that is `round(1000 n / r)`, so aligning an aligned span changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from repurpose.models import EditDecisionList, Ms, Span


@dataclass(frozen=True)
class Run:
    """Frames shown one after the other without a joint: first <= n < end."""

    first: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.first


@dataclass(frozen=True)
class Piece(Run):
    """Frames that are made in one way. `join` is the frame to start decoding at where they are encoded."""

    copied: bool
    join: int


def time_of(frame: int, rate: Fraction) -> Ms:
    """When a frame is shown, to the millisecond."""
    return round(1000 * frame / rate)


def frame_at(at: Ms, rate: Fraction) -> int:
    """The first frame that is shown at `at` or later."""
    guess = max(0, int((at - 1) * rate / 1000))
    while time_of(guess, rate) < at:
        guess += 1
    return guess


def align(spans: Sequence[Span], rate: Fraction, frames: int) -> list[Run]:
    """Each span's frames, in order. A span in which no frame begins, or that lies past the last frame, is left out."""
    found = (Run(min(frame_at(s.start, rate), frames), min(frame_at(s.end, rate), frames)) for s in spans)
    return [run for run in found if run.length > 0]


def merge(runs: Sequence[Run]) -> list[Run]:
    """The same frames with touching runs made one: between them there is no joint to fade or to start anew."""
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].end == run.first:
            merged[-1] = Run(merged[-1].first, run.end)
        else:
            merged.append(run)
    return merged


def shown(edl: EditDecisionList, runs: Sequence[Run], rate: Fraction) -> EditDecisionList:
    """The EDL with its edges where they really are: on frames."""
    spans = tuple(Span(start=time_of(run.first, rate), end=time_of(run.end, rate)) for run in runs)
    return edl.model_copy(update={"spans": spans})


def divide(runs: Sequence[Run], joins: Sequence[int], whole: Sequence[int]) -> list[Piece]:
    """Every run as pieces that are copied or encoded, in order.

    `joins` are the frames a decoder can start at with nothing before them (IDR pictures). `whole` are the frames n for
    which the packets of frames 0..n-1 are exactly those that come before n's in the file: copying may stop there. Both
    rise. From its first join to its last whole frame a run is copied; what is before and after is encoded.
    """
    pieces: list[Piece] = []
    for run in runs:
        at = bisect_left(joins, run.first)
        start = joins[at] if at < len(joins) else run.end
        at = bisect_right(whole, run.end) - 1
        stop = whole[at] if at >= 0 else 0
        if stop <= start:
            pieces.append(_encoded(run.first, run.end, joins))
            continue
        if run.first < start:
            pieces.append(_encoded(run.first, start, joins))
        pieces.append(Piece(start, stop, copied=True, join=start))
        if stop < run.end:
            pieces.append(_encoded(stop, run.end, joins))
    return pieces


def batches(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The encoded pieces, those that one sweep of a decoder serves together: the tail of a run and the head of the next
    often lie in the same group of pictures."""
    found: list[list[Piece]] = []
    for piece in pieces:
        if not piece.copied:
            if found and found[-1][-1].join == piece.join:
                found[-1].append(piece)
            else:
                found.append([piece])
    return found


def copied_share(pieces: Sequence[Piece]) -> float:
    """The part of the frames that is copied, 0..1."""
    total = sum(piece.length for piece in pieces)
    return sum(piece.length for piece in pieces if piece.copied) / total if total else 0.0


def _encoded(first: int, end: int, joins: Sequence[int]) -> Piece:
    at = bisect_right(joins, first) - 1
    return Piece(first, end, copied=False, join=joins[at] if at >= 0 else 0)
