"""Hot stretches of a recording -> short cuts worth making: whole sentences around what viewers watched again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from repurpose.models import Ms, Sentence, Span
from repurpose.models.seconds import Counts, covered

MOST = 3
PEOPLE = 5  # of fewer, what they watched again says more of them than of the talk
HOT = 1.5  # times what is usual in this recording
GAP_S = 6  # two hot stretches so near are one
SHORT_S = 3  # a stretch shorter than this is chance
CUTS: tuple[tuple[str, Ms, Ms], ...] = (("15s", 8_000, 15_000), ("1min", 35_000, 60_000))  # name, at least, at most


@dataclass(frozen=True)
class Proposal:
    """Make this of the recording a cut: whole sentences, around the stretch hot_start..hot_end that was watched so often."""

    start: Ms
    end: Ms
    cut: str
    hot_start: Ms
    hot_end: Ms
    plays: float  # how often each of its seconds was watched, on average
    times: float  # how much more than a usual second
    again: float  # how often by one who had seen it, as a share
    text: str


def proposals(
    plays: Counts, viewers: Counts, sentences: Sequence[Sentence], *, taken: Sequence[Span] = (), most: int = MOST
) -> list[Proposal]:
    """At most so many, the hottest first; none where fewer than five people watched, or where a short cut (`taken`) shows
    most of it already.

    Usual is the median of the seconds that were watched at all. A stretch is snapped to the sentences it touches, and takes
    in its neighbours, the hotter first, until it is long enough for a cut.
    """
    if not sentences or not len(viewers) or int(viewers.max()) < PEOPLE:
        return []
    usual = float(np.median(plays[plays > 0]))
    found: list[Proposal] = []
    for first, end in _stretches(plays >= HOT * usual):
        grown = _grown(first, end, sentences, plays)
        if grown is None:
            continue
        (a, b), cut = grown
        span = Span(start=sentences[a].start, end=sentences[b].end)
        known = sum(span.overlap(one) for one in taken)
        if 2 * known > span.length or any(span.overlap(Span(start=one.start, end=one.end)) for one in found):
            continue
        hot, once = plays[first:end], float(np.mean(viewers[first:end]))
        mean = float(np.mean(hot))
        text = max(sentences[a : b + 1], key=lambda one: _heat(one, plays)).text
        found.append(
            Proposal(
                span.start, span.end, cut, first * 1000, end * 1000, round(mean, 1), round(mean / usual, 1),
                round(mean / once - 1, 2) if once else 0.0, text,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.plays, one.start))[:most]


def _stretches(hot: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of hot seconds (first, end), those close to each other joined."""
    joined: list[list[int]] = []
    for second in map(int, np.flatnonzero(hot)):
        if joined and second - joined[-1][1] < GAP_S:
            joined[-1][1] = second + 1
        else:
            joined.append([second, second + 1])
    return [(first, end) for first, end in joined if end - first >= SHORT_S]


def _grown(first: int, end: int, sentences: Sequence[Sentence], plays: Counts) -> tuple[tuple[int, int], str] | None:
    """The sentences a..b around the seconds, and the cut they make; None where none has room for them."""
    hot = Span(start=first * 1000, end=end * 1000)
    touched = [at for at, one in enumerate(sentences) if 2 * hot.overlap(one) >= min(one.length, hot.length)]
    if not touched:
        return None
    cuts = CUTS
    if sentences[touched[-1]].end - sentences[touched[0]].start > CUTS[-1][2]:  # longer than any cut: the best of it
        touched, cuts = [max(touched, key=lambda at: (_heat(sentences[at], plays), -at))], CUTS[-1:]
    for cut, at_least, at_most in cuts:
        a, b = touched[0], touched[-1]
        while sentences[b].end - sentences[a].start < at_least:
            sides = [
                (heat, x, y)
                for heat, x, y in (
                    (_heat(sentences[a - 1], plays) if a else -1.0, a - 1, b),
                    (_heat(sentences[b + 1], plays) if b + 1 < len(sentences) else -1.0, a, b + 1),
                )
                if heat >= 0 and sentences[y].end - sentences[x].start <= at_most
            ]
            if not sides:
                break
            _, a, b = max(sides)
        if at_least <= sentences[b].end - sentences[a].start <= at_most:
            return (a, b), cut
    return None


def _heat(sentence: Sentence, plays: Counts) -> float:
    first, end = covered(sentence.start, sentence.end)
    part = plays[first:end]
    return float(np.mean(part)) if len(part) else 0.0
