"""Where in each sentence the voice is listened to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from repurpose.models import Ms, Sentence, Span

LONG: Ms = 1500  # a window: shorter ones tell voices apart badly, longer ones run across a change of speaker
HOP: Ms = 1500  # at most from one window to the next: overlapping ones told no voice better
SHORT: Ms = 400  # what is shorter tells nothing
PAUSE: Ms = 300  # a pause as long as this ends a stretch


class Window(NamedTuple):
    """A stretch of sound with one voice, as it is hoped; it stands for `weight` ms of speech."""

    sentence: int
    start: Ms
    end: Ms
    weight: Ms


def windows_of(sentences: Sequence[Sentence], pauses: Sequence[Span]) -> list[Window]:
    """The windows of all sentences in order of time, none across two sentences or across a pause."""
    long = [pause for pause in pauses if pause.length >= PAUSE]
    found: list[Window] = []
    for number, sentence in enumerate(sentences):
        for span in _stretches(sentence, long):
            count = 1 + max(0, -(-(span.length - LONG) // HOP))
            for k in range(count):
                start = span.start + ((span.length - LONG) * k // (count - 1) if count > 1 else 0)
                found.append(Window(number, start, min(span.end, start + LONG), span.length // count))
    return found


def _stretches(sentence: Sentence, pauses: Sequence[Span]) -> list[Span]:
    """The sentence's words without the pauses between and within them."""
    spans: list[Span] = []
    for word in sentence.words or (sentence,):
        if spans and word.start - spans[-1].end < PAUSE:
            spans[-1] = Span(start=spans[-1].start, end=max(spans[-1].end, word.end))
        else:
            spans.append(Span(start=word.start, end=word.end))
    return [part for span in spans for part in _without(span, pauses) if part.length >= SHORT]


def _without(span: Span, pauses: Sequence[Span]) -> list[Span]:
    first = bisect_left(pauses, span.start, key=lambda pause: pause.end)
    edges = [span.start]
    for pause in pauses[first:]:
        if pause.start >= span.end:
            break
        edges += [max(span.start, pause.start), min(span.end, pause.end)]
    edges.append(span.end)
    pairs = list(pairwise(edges))[::2]
    return [Span(start=start, end=end) for start, end in pairs if start < end]
