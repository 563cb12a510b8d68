"""Plays the sample brand's sting: `python -m assets.brand.sound`. Four soft mallet notes, the last one left to ring.

Each note is a struck bar: a sine with the partials of a tuned one (1 : 4 : 10) that die away the sooner the higher they are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repurpose.media.flac import write_flac

RATE = 24_000  # nothing in it is above 10 kHz
LENGTH_S = 2.4
# When each note is struck (s), how high (Hz) and how hard: D, A, E, F sharp, a chord that is open and settled.
NOTES = ((0.00, 146.83, 0.55), (0.00, 293.66, 0.60), (0.11, 440.00, 0.60), (0.22, 659.26, 0.62), (0.33, 739.99, 0.80))
PARTIALS = ((1.0, 1.0, 0.62), (4.0, 0.16, 0.16), (10.0, 0.03, 0.05))  # ratio, height, seconds to fall to 1/e
ROOM = ((0.031, 0.20), (0.047, 0.17), (0.071, 0.14), (0.103, 0.11), (0.149, 0.08))  # when the walls answer, how loud
TARGET = Path(__file__).parent.parent.parent / "presets" / "brands" / "repurpose.flac"


def note(hertz: float, hard: float, count: int) -> NDArray[np.float64]:
    """`count` samples of one struck bar, its beginning softened by 4 ms."""
    at = np.arange(count) / RATE
    longer = (440 / hertz) ** 0.3  # low bars ring longer
    sound = sum(
        high * np.sin(2 * np.pi * hertz * ratio * at) * np.exp(-at / (fall * longer))
        for ratio, high, fall in PARTIALS
        if hertz * ratio < RATE * 0.4
    )
    return np.asarray(hard * sound * np.minimum(1, at / 0.004))


def sting() -> NDArray[np.float32]:
    """The whole, [n, 1], peaking at -3 dB, faded out over its last half second."""
    count = round(LENGTH_S * RATE)
    dry = np.zeros(count)
    for start, hertz, hard in NOTES:
        first = round(start * RATE)
        dry[first:] += note(hertz, hard, count - first)
    wet = dry.copy()
    for late, loud in ROOM:
        first = round(late * RATE)
        wet[first:] += loud * dry[: count - first]
    wet *= np.minimum(1, (count - np.arange(count)) / (0.5 * RATE)) ** 2
    return (wet / np.abs(wet).max() * 10 ** (-3 / 20)).astype(np.float32)[:, None]


if __name__ == "__main__":
    write_flac([sting()], TARGET, RATE, 1)
