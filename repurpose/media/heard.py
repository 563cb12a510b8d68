"""What is heard of a sound once it is AAC: a codec gives back waves that rise above what went in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import av
import numpy as np

from repurpose.media import aac, limiter
from repurpose.media.limiter import RATE, Samples


def after_aac(sound: Callable[[int, int], Samples], total: int, channels: int) -> Iterator[Samples]:
    """`total` samples of `sound(first, count)` -> blocks [n, channels], encoded as a file's sound is and decoded again.

    They come later by the encoder's delay. Nothing is written.
    """
    encoder = aac.encoder_for(channels)
    encoder.flags |= 1 << 22  # the header apart, as in an mp4
    encoder.open()
    decoder: Any = av.CodecContext.create("aac", "r")
    decoder.extradata = encoder.extradata
    for packet in aac.packets_of(sound, 0, total, encoder):
        for frame in decoder.decode(packet):
            yield np.ascontiguousarray(frame.to_ndarray().T)


def peak_of(blocks: Iterator[Samples], floor: float) -> float:
    """The highest true peak (1 is full scale; BS.1770-4 annex 2); at most `floor` where nothing rises above it."""
    peaks = limiter.Peaks(floor)
    highest = 0.0
    for chunk in limiter.chunks(blocks, RATE):
        highest = max(highest, _above(peaks.push(chunk), floor))
    return max(highest, _above(peaks.finish(), floor))


def _above(peaks: limiter.Curve, floor: float) -> float:
    return float(peaks.max(initial=0)) if (peaks > floor).any() else 0.0
