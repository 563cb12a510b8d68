"""Word times against the pauses that were measured: a word neither begins nor ends in silence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from repurpose.models import Ms, Span, Word

SHORT: Ms = 40  # a word keeps at least this much when its edges are trimmed


def trim(words: Sequence[Word], pauses: Sequence[Span]) -> list[Word]:
    """The words in order of time, none overlapping, their edges moved out of the pauses they run into."""
    trimmed: list[Word] = []
    free: Ms = 0
    for word in words:
        start, end = _outside(max(word.start, free), max(word.end, free + 1), pauses)
        start = max(start, free)
        end = max(end, start + 1)
        trimmed.append(word.model_copy(update={"start": start, "end": end}))
        free = end
    return trimmed


def silence_between(before: Word, after: Word, pauses: Sequence[Span]) -> Ms:
    """The longest pause between the middles of two words; the gap between them where no pauses are known."""
    if not pauses:
        return max(0, after.start - before.end)
    low, high = (before.start + before.end) // 2, (after.start + after.end) // 2
    longest: Ms = 0
    for pause in pauses[_first(pauses, low) :]:
        if pause.start >= high:
            break
        longest = max(longest, min(pause.end, high) - max(pause.start, low))
    return longest


def _outside(start: Ms, end: Ms, pauses: Sequence[Span]) -> tuple[Ms, Ms]:
    end = max(end, start + 1)
    for pause in pauses[_first(pauses, start) :]:
        if pause.start >= end:
            break
        if pause.start <= start and pause.end < end - SHORT:
            start = pause.end  # it begins in the pause
        elif pause.start > start + SHORT and pause.end >= end:
            end = pause.start  # it runs out into the pause
        elif pause.start > start and pause.end < end and pause.length >= 200:
            # A long pause inside one word: it was said on the longer side.
            start, end = (start, pause.start) if pause.start - start >= end - pause.end else (pause.end, end)
    return start, end


def _first(pauses: Sequence[Span], at: Ms) -> int:
    return max(0, bisect_right(pauses, at, key=attrgetter("end")))
