"""The speech track in windows that end in a pause: memory stays flat and no word is split."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from repurpose.media.audio import pcm
from repurpose.models import Ms, Span
from repurpose.transcribe.backend import RATE, Samples

SEARCH: Ms = 60_000  # how far before the longest window's end a pause is looked for


@dataclass(frozen=True)
class Window:
    """A stretch of the recording in memory."""

    start: Ms
    samples: Samples

    @property
    def end(self) -> Ms:
        return self.start + len(self.samples) * 1000 // RATE


def windows_of(path: Path, pauses: Sequence[Span], longest: Ms) -> Iterator[Window]:
    """The whole track, cut in the middle of the longest pause before each `longest`; at `longest` where there is none."""
    start: Ms = 0
    held: list[Samples] = []
    have = 0  # samples held
    for block in pcm(path, RATE):
        held.append(block[:, 0])
        have += len(block)
        while have >= longest * RATE // 1000:
            edge = _edge(pauses, start, start + longest)
            count = (edge - start) * RATE // 1000
            whole = np.concatenate(held)
            yield Window(start, whole[:count])
            start, held, have = edge, [whole[count:].copy()], have - count
    if have:
        yield Window(start, np.concatenate(held))


def _edge(pauses: Sequence[Span], start: Ms, latest: Ms) -> Ms:
    low = max(start + 1000, latest - SEARCH)
    first = bisect_left(pauses, low, key=lambda pause: pause.start)
    near = [pause for pause in pauses[first:][:2000] if pause.end <= latest]
    if not near:
        return latest
    longest = max(near, key=lambda pause: (pause.length, pause.start))
    return (longest.start + longest.end) // 2
