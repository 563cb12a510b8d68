"""What may be left out inside a span: dead air, and filler words that stand between pauses."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from repurpose.edit.snap import Grid
from repurpose.models import Ms, Span, Word

_LONG_CUT: Ms = 600_000  # beyond this each joint must gain more: it costs encoding and a visible jump
_LONG_CUT_GAIN: Ms = 2_500
_LONG_CUT_PACE: Ms = 150_000  # at most one such joint per 2.5 minutes of the cut
_LEAST_GAIN: Ms = 200
_STANDS_APART: Ms = 120  # the pause on each side of a filler
_MARKS = " \t,.!?;:…—-~、，。！？；：“”\"'()（）"


def bare(text: str) -> str:
    """A word without its punctuation, in lower case."""
    return text.strip(_MARKS).lower()


def dead_air(words: Sequence[Word], grid: Grid, over: Ms) -> list[Span]:
    """The middle of each pause longer than `over` between two words; about half a second stays. Nothing when 0."""
    found = []
    for before, after in pairwise(words):
        if over and after.start - before.end > over:
            found += _between(grid, before.end, after.start, before.end, after.start)
    return found


def filler_words(words: Sequence[Word], grid: Grid, fillers: frozenset[str]) -> list[Span]:
    """Each run of filler words with a pause on both sides, together with what is too much of those pauses."""
    found = []
    i = 1
    while i < len(words) - 1:
        j = i
        while j < len(words) - 1 and bare(words[j].text) in fillers:
            j += 1
        if j > i:
            before, first, last, after = words[i - 1], words[i], words[j - 1], words[j]
            if first.start - before.end >= _STANDS_APART and after.start - last.end >= _STANDS_APART:
                found += _between(grid, before.end, first.start, last.end, after.start)
        i = max(j, i + 1)
    return found


def _between(grid: Grid, end: Ms, until: Ms, since: Ms, start: Ms) -> list[Span]:
    entry = grid.entry(since, start)
    out = None if entry is None else grid.exit(end, min(until, entry))
    if entry is None or out is None or entry - out < _LEAST_GAIN:
        return []
    return [Span(start=out, end=entry)]


def worth_a_joint(removals: Iterable[Span], at_most: Ms) -> list[Span]:
    """Those removals that gain enough for a cut of this length: all for a short one, the largest few for a long one."""
    if at_most <= _LONG_CUT:
        return sorted(removals, key=lambda span: span.start)
    large = sorted((span for span in removals if span.length >= _LONG_CUT_GAIN), key=lambda span: -span.length)
    return sorted(large[: at_most // _LONG_CUT_PACE], key=lambda span: span.start)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as disjoint spans in order."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if out and span.start <= out[-1].end:
            out[-1] = Span(start=out[-1].start, end=max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def outside(spans: Sequence[Span], duration: Ms) -> list[Span]:
    """The time of 0..duration not in `spans` (in order, apart)."""
    marks = [0, *(at for span in spans for at in (span.start, span.end)), max(duration, spans[-1].end if spans else 0)]
    return [Span(start=a, end=b) for a, b in zip(marks[::2], marks[1::2], strict=True) if a < b]


class Tight:
    """The recording without its removals: how long a stretch lasts, and which pieces of it are shown."""

    def __init__(self, removals: Iterable[Span], words: Sequence[Word]) -> None:
        self.removed = joined(removals)
        self._starts = [span.start for span in self.removed]
        self._ends = [span.end for span in self.removed]
        self._gone = [0, *accumulate(span.length for span in self.removed)]
        self._word_starts = sorted(word.start for word in words)
        self._word_ends = sorted(word.end for word in words)

    def shown(self, at: Ms) -> Ms:
        """How much of 0..at is left."""
        k = bisect_right(self._starts, at)
        return at - self._gone[k] + (max(0, self._ends[k - 1] - at) if k else 0)

    def pieces(self, start: Ms, end: Ms) -> list[Span]:
        """What is shown of start..end; a piece without a word in it is left out."""
        out, at = [], start
        for k in range(bisect_right(self._ends, start), len(self.removed)):
            if self.removed[k].start >= end:
                break
            if at < self.removed[k].start:
                out.append(Span(start=at, end=self.removed[k].start))
            at = max(at, self.removed[k].end)
        if at < end:
            out.append(Span(start=at, end=end))
        return [piece for piece in out if self._speaks(piece)]

    def _speaks(self, piece: Span) -> bool:
        return bisect_left(self._word_starts, piece.end) > bisect_right(self._word_ends, piece.start)
