"""Word times against the pauses that were measured: a word neither begins nor ends in silence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from repurpose.models import Ms, Span, Word

SHORT: Ms = 80  # a word keeps at least this much when its edges are trimmed
REACH: Ms = 500  # speech this close beside a word, with no other word in it, belongs to the word
INNER: Ms = 200  # a pause longer than this does not lie inside a word


def trim(words: Sequence[Word], pauses: Sequence[Span]) -> list[Word]:
    """The words in order of time, none overlapping, their edges on the pauses beside them."""
    trimmed: list[Word] = []
    free: Ms = 0
    for word in words:
        start, end = _outside(max(word.start, free), max(word.end, free + 1), pauses)
        start = max(start, free)
        end = max(end, start + 1)
        trimmed.append(word.model_copy(update={"start": start, "end": end}))
        free = end
    return _reaching(trimmed, pauses)


def silence_between(before: Word, after: Word, pauses: Sequence[Span]) -> Ms:
    """The longest pause between the middles of two words; the gap between them where no pauses are known."""
    if not pauses:
        return max(0, after.start - before.end)
    low, high = (before.start + before.end) // 2, (after.start + after.end) // 2
    longest: Ms = 0
    for place in range(_first(pauses, low), len(pauses)):
        pause = pauses[place]
        if pause.start >= high:
            break
        longest = max(longest, min(pause.end, high) - max(pause.start, low))
    return longest


def _outside(start: Ms, end: Ms, pauses: Sequence[Span]) -> tuple[Ms, Ms]:
    """start..end without the pauses at its edges. Where a long pause lies inside, the word was said after it: Whisper
    gives the silence before a word to the word."""
    for place in range(_first(pauses, start), len(pauses)):
        pause = pauses[place]
        if pause.start >= end:
            break
        begins_in, ends_in = pause.start <= start, pause.end >= end
        if begins_in and not ends_in and end - pause.end >= SHORT // 2:
            start = pause.end
        elif ends_in and not begins_in and pause.start - start >= SHORT // 2:
            end = pause.start
        elif not begins_in and not ends_in and pause.length >= INNER:
            if end - pause.end >= SHORT:
                start = pause.end
            else:
                end = pause.start
    return start, end


def _reaching(words: Sequence[Word], pauses: Sequence[Span]) -> list[Word]:
    """Words beside a pause stretched to its edge: Whisper is often a syllable early or late there."""
    if not pauses:
        return list(words)
    reaching: list[Word] = []
    for place, word in enumerate(words):
        before = reaching[-1].end if reaching else 0
        after = words[place + 1].start if place + 1 < len(words) else word.end + REACH
        at = _first(pauses, word.end)
        following = pauses[at] if at < len(pauses) else None
        end = word.end
        if following is not None and word.end < following.start <= min(word.end + REACH, after):
            end = following.start
        at = _first(pauses, word.start) - 1
        start = word.start
        if at >= 0 and max(before, word.start - REACH) <= pauses[at].end < word.start:
            start = pauses[at].end
        reaching.append(word.model_copy(update={"start": start, "end": end}))
    return reaching


def _first(pauses: Sequence[Span], at: Ms) -> int:
    """The first pause that ends after `at`."""
    return bisect_right(pauses, at, key=attrgetter("end"))
