"""What is heard of a sound once it is AAC: a codec gives back waves that rise above what went in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

from repurpose.media import limiter
from repurpose.media.aac import BIT_RATE
from repurpose.media.limiter import RATE, Samples


def after_aac(sound: Callable[[int, int], Samples], total: int, channels: int) -> Iterator[Samples]:
    """`total` samples of `sound(first, count)` -> blocks [n, channels], encoded as a file's sound is and decoded again.

    They come later by the encoder's delay. Nothing is written.
    """
    layout = "stereo" if channels == 2 else "mono"
    encoder: Any = av.CodecContext.create("aac", "w")
    encoder.format, encoder.layout, encoder.sample_rate = "fltp", layout, RATE
    encoder.bit_rate, encoder.time_base = BIT_RATE[channels], Fraction(1, RATE)
    # The coder of media/aac.py. The other one (twoloop) may put noise of its own where noise was, and rises by up to 3 dB.
    encoder.options = {"aac_coder": "fast"}
    encoder.flags |= 1 << 22  # the header apart, as in an mp4
    encoder.open()
    decoder: Any = av.CodecContext.create("aac", "r")
    decoder.extradata = encoder.extradata

    def back(packets: list[Any]) -> Iterator[Samples]:
        for packet in packets:
            for frame in decoder.decode(packet):
                yield np.ascontiguousarray(frame.to_ndarray().T)

    for at in range(0, total, RATE):
        block = np.ascontiguousarray(sound(at, min(RATE, total - at)).T)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        yield from back(encoder.encode(frame))
    yield from back(encoder.encode(None))


def peak_of(blocks: Iterator[Samples], floor: float) -> float:
    """The highest true peak (1 is full scale; BS.1770-4 annex 2); at most `floor` where nothing rises above it."""
    peaks = limiter.Peaks(floor)
    highest = 0.0
    for chunk in limiter.chunks(blocks, RATE):
        highest = max(highest, _above(peaks.push(chunk), floor))
    return max(highest, _above(peaks.finish(), floor))


def _above(peaks: limiter.Curve, floor: float) -> float:
    return float(peaks.max(initial=0)) if (peaks > floor).any() else 0.0
