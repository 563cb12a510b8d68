"""AAC made by several encoders at once, each from a stretch of the sound, as if one had made it all.

An AAC frame is a transform over 2048 samples that overlaps its neighbours by half, so an encoder that begins early
has settled when its stretch begins: its first kept packet meets the last one of the encoder before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import av
import numpy as np

from repurpose.media.limiter import RATE, Samples

FRAME = 1024  # samples a packet
STRETCH = 3072 * FRAME  # samples an encoder makes, 66 s
EARLY = (
    128 * FRAME
)  # samples it is given before its stretch: so long its rate control takes to settle (tried on speech)
LATE = 4 * FRAME  # and after it: a packet needs the frame that follows
BIT_RATE = {1: 96_000, 2: 160_000}  # by channels
# The other coder (twoloop) may put noise of its own where noise was, and rises by up to 3 dB.
CODER = {"aac_coder": "fast"}
_AT_ONCE = RATE  # samples handed to an encoder in one call


def add_stream(output: Any, channels: int) -> Any:
    """A stream of `output` for the packets of `encoded`."""
    stream = output.add_stream("aac", rate=RATE, layout=_layout(channels))
    _set_up(stream.codec_context, channels)
    return stream


def encoder_for(channels: int) -> Any:
    """An encoder that makes the packets of such a stream, not yet open."""
    encoder: Any = av.CodecContext.create("aac", "w")
    encoder.format, encoder.layout, encoder.sample_rate = "fltp", _layout(channels), RATE
    _set_up(encoder, channels)
    return encoder


def packets_of(sound: Callable[[int, int], Samples], first: int, end: int, encoder: Any) -> Iterator[Any]:
    """What `encoder` makes of the samples from `first` to `end`, each packet with its time; the encoder is spent then."""
    for at in range(first, end, _AT_ONCE):
        block = np.ascontiguousarray(sound(at, min(_AT_ONCE, end - at)).T)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=encoder.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        yield from encoder.encode(frame)
    yield from encoder.encode(None)


def encoded(
    sound: Callable[[int, int], Samples], total: int, stream: Any, channels: int, workers: int
) -> Iterator[list[Any]]:
    """The packets of `total` samples for `stream`, those of each stretch together, in order.

    `sound(first, count)` gives samples [count, channels]; it is called from several threads.
    """

    def stretch(first: int) -> list[Any]:
        end = first + STRETCH
        start, stop = max(0, first - EARLY), min(total, end + LATE)
        packets = packets_of(sound, start, stop, encoder_for(channels))
        kept = [one for one in packets if (one.pts >= first or first == 0) and (one.pts < end or end >= total)]
        for packet in kept:
            packet.stream = stream
        return kept

    with ThreadPoolExecutor(workers, "aac") as pool:
        waiting: deque[Future[list[Any]]] = deque()
        try:
            for first in range(0, total, STRETCH):
                waiting.append(pool.submit(stretch, first))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _set_up(encoder: Any, channels: int) -> None:
    encoder.bit_rate = BIT_RATE[channels]
    encoder.time_base = Fraction(1, RATE)
    encoder.options = dict(CODER)


def _layout(channels: int) -> str:
    return "stereo" if channels == 2 else "mono"
