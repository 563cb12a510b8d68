"""A recording as PySceneDetect sees it: only the frames that are cheap to decode, small, on a clock of milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scenedetect.common import FrameTimecode, TimecodeLike
from scenedetect.video_stream import VideoStream

from repurpose.media.frames import Frame
from repurpose.media.glance import Glance, Packets
from repurpose.models import Ms

_CLOCK = Fraction(1000)  # a "frame number" of this stream is a millisecond
_SPARSE: Ms = 2000  # key frames closer than this tell nothing new
_EARLY = 0.9  # of the usual time between key frames
_FAR: Ms = 21_000  # and with none for longer than this, frames between them are looked at too


def moments(packets: Packets, duration: Ms) -> list[Ms]:
    """When to look: at key frames, no denser than 2 s, and in between where they are more than 21 s apart.

    A key frame that comes early is always looked at: an encoder sets one where the picture changes. Both limits are
    less for a recording under two minutes, so that there are ten looks or more at a short one, too.
    """
    sparse, far = min(_SPARSE, max(250, duration // 40)), min(_FAR, max(500, duration // 10))
    keys: list[Ms] = packets.at[packets.key].tolist()
    usual = float(np.median(np.diff(keys))) if len(keys) > 1 else 0.0
    chosen: list[Ms] = []
    for last, key in pairwise([keys[0] if keys else 0, *keys, duration]):
        if not chosen:
            chosen.append(min(key, max(0, duration - 1)))
            continue
        gap = key - chosen[-1]
        if gap > far:
            steps = -(-gap // sparse)
            chosen += [chosen[-1] + gap * step // steps for step in range(1, steps)]
        if last < key < duration and (key - chosen[-1] >= sparse or key - last < _EARLY * usual):
            chosen.append(key)
    return chosen


@dataclass(frozen=True)
class Unrest:
    """What the packets between two looks say: from `start` to `end` the picture was changing, most of all at `peak`."""

    start: Ms
    end: Ms
    peak: Ms


def unrest(packets: Packets, start: Ms, end: Ms, *, least: float = 0.1, times: float = 4.0) -> Unrest | None:
    """The seconds between two looks that cost so much that the picture changed; None when there are none.

    That much is `least` of a whole picture on top of `times` what a second there usually costs.
    """
    low, high = np.searchsorted(packets.at, (start + 1, end))
    inner = np.flatnonzero(~packets.key[low:high]) + low
    whole = packets.size_bytes[: low + 1][packets.key[: low + 1]]
    if not len(inner) or not len(whole):
        return None
    at, size = packets.at[inner], packets.size_bytes[inner]
    upto = np.concatenate([[0], np.cumsum(size)])
    ends = np.searchsorted(at, at + 1000)
    usual = float(np.median(size)) * float(np.median(ends - np.arange(len(at))))
    (lively,) = np.nonzero(upto[ends] - upto[:-1] > least * whole[-1] + times * usual)
    if not len(lively):
        return None
    return Unrest(int(at[lively[0]]), int(at[ends[lively[-1]] - 1]), int(at[size.argmax()]))


def at_key(packets: Packets, start: Ms, end: Ms) -> bool:
    """Did the picture change just at the key frame `end`? It came early, and all was quiet before it."""
    keys = packets.at[packets.key]
    place = int(np.searchsorted(keys, end))
    if not 0 < place < len(keys) or keys[place] != end or keys[place - 1] > start:
        return False
    early = end - keys[place - 1] < 0.98 * float(np.max(np.diff(keys)))
    return bool(early) and unrest(packets, start, end, least=0.01, times=3.0) is None


class GlanceStream(VideoStream):  # type: ignore[misc]  # scenedetect carries no types
    """PySceneDetect's view of a recording: the frames at `times`, `width` pixels wide; it only ever runs forward."""

    BACKEND_NAME: ClassVar[str] = "glance"

    def __init__(self, glance: Glance, times: Sequence[Ms], width: int, duration: Ms) -> None:
        super().__init__()
        self._glance, self._times, self._width, self._duration = glance, times, width, duration
        self._at: Ms = 0
        self._frames: Iterator[Frame] = iter(())
        self.reset()

    @property
    def path(self) -> str:
        return self._glance.name

    @property
    def name(self) -> str:
        return self._glance.name

    @property
    def is_seekable(self) -> bool:
        return True

    @property
    def frame_rate(self) -> Fraction:
        return _CLOCK

    @property
    def duration(self) -> FrameTimecode:
        return FrameTimecode(self._duration, _CLOCK)

    @property
    def frame_size(self) -> tuple[int, int]:
        width, height = self._glance.size_px
        return self._width, max(2, round(height * self._width / width))

    @property
    def aspect_ratio(self) -> float:
        return 1.0

    @property
    def position(self) -> FrameTimecode:
        return FrameTimecode(self._at, _CLOCK)

    @property
    def position_ms(self) -> float:
        return float(self._at)

    @property
    def frame_number(self) -> int:
        return self._at

    def read(self, decode: bool = True) -> NDArray[np.uint8] | bool:
        frame = next(self._frames, None)
        if frame is None:
            return False
        self._at = frame.at
        return frame.image if decode else True

    def reset(self) -> None:
        self.seek(0)

    def seek(self, target: TimecodeLike) -> None:
        start = FrameTimecode(target, _CLOCK).frame_num
        self._at = start
        self._frames = self._glance.samples([at for at in self._times if at >= start], self._width)
