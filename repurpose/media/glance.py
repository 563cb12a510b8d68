"""A recording looked at with as little decoding as a question needs: packets first, then key frames, then stretches.

What a picture costs in bytes says where it changed before anything is decoded, and a decoder that may leave out the
frames nothing else is built on runs several times faster.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.errors import BadMedia
from repurpose.media.frames import Frame
from repurpose.media.open import open_media, origin, packets_of, picture_of
from repurpose.models import Ms, Span

# Codecs whose B frames little is built on, so that a glance leaves them all out. A P frame of H.264 may refer to a B frame
# and is then a little wrong, which tells pages apart as well; for a picture that is kept only what the stream itself marks
# as unreferenced is left out.
_LIGHT = {"h264": "BIDIR", "mpeg4": "BIDIR", "mpeg2video": "BIDIR"}


@dataclass(frozen=True)
class Packets:
    """The picture's packets in order of showing: `at` in ms on the recording's clock, `size_bytes`, and `key`, all [n]."""

    at: NDArray[np.int64]
    size_bytes: NDArray[np.int64]
    key: NDArray[np.bool_]
    zero: Fraction = Fraction(0)  # seconds, on the file's own timestamps, of the recording's 0


def packets(path: Path) -> Packets:
    """When each frame is shown and what it costs; nothing is decoded. Raises BadMedia when there is no picture."""
    zero = origin(path)
    with open_media(path) as container:
        stream = _picture(container, path)
        clock = _clock(stream, zero)
        rows = sorted(
            (clock(packet.pts), packet.size, packet.is_keyframe)
            for packet in packets_of(container, stream)
            if packet.pts is not None
        )
    return Packets(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.bool_),
        zero,
    )


class Glance:
    """One open recording. It reads onward where it can and seeks only to skip a key frame or more."""

    def __init__(self, path: Path, found: Packets, threads: int = 2, *, exact: bool = False) -> None:
        """`found`: what `packets` says of the same file. `exact`: every frame is as a player shows it."""
        self.name, self._zero = path.name, found.zero
        self._keys: list[Ms] = found.at[found.key].tolist()
        self._container = open_media(path)
        self._stream = _picture(self._container, path)
        self._clock = _clock(self._stream, self._zero)
        self._codec = self._stream.codec_context
        self._codec.thread_count = threads
        self._codec.thread_type = "AUTO"
        self._light = "NONREF" if exact else _LIGHT.get(self._codec.name, "NONREF")
        self._restart()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return int(self._codec.width), int(self._codec.height)

    def key(self, at: Ms) -> Ms:
        """The key frame that decoding of `at` starts from."""
        return self._keys[max(0, bisect_right(self._keys, at) - 1)] if self._keys else 0

    def samples(self, wanted: Sequence[Ms], width: int) -> Iterator[Frame]:
        """For each time in `wanted` (ascending) the first frame shown at or soon after it, `width` pixels wide.

        Only key frames are decoded, except in the stretches between two of them where a wanted time lies.
        """
        keys = set(self._keys)
        busy = {self.key(at) for at in wanted if at not in keys}
        due = deque(wanted)
        self._seek(self.key(wanted[0]) if wanted else 0)
        for at, frame in self._decoded(lambda at: self._light if self.key(at) in busy else "NONKEY"):
            if due and at >= due[0]:
                while due and at >= due[0]:
                    due.popleft()
                yield Frame(at, _small(frame, width))
            if not due:
                return

    def stretch(self, start: Ms, end: Ms, width: int, full: Span | None = None) -> Iterator[Frame]:
        """The frames shown in start..end, both included; every single one in `full`, elsewhere the cheap ones."""
        for at, frame in self._from(start, full):
            if at > end:
                self._unread((at, frame))  # the next stretch may begin with it
                return
            if at >= start:
                yield Frame(at, _small(frame, width))

    def still(self, at: Ms) -> Frame:
        """The frame on show at `at`, in full size. Cheap when the times asked for ascend. Raises BadMedia if none."""
        shown: tuple[Ms, Any] | None = None
        for began, frame in self._from(at, Span(start=at, end=at + 1)):
            if began > at:
                self._unread(*(() if shown is None else (shown,)), (began, frame))  # a later time may lie in them too
                shown = shown or (began, frame)
                break
            shown = began, frame
        if shown is None:
            raise BadMedia(f"{self.name}: no picture at {at} ms. Download or export the recording again.")
        return Frame(shown[0], np.asarray(shown[1].to_ndarray(format="bgr24"), np.uint8))

    def _from(self, start: Ms, full: Span | None) -> Iterator[tuple[Ms, Any]]:
        key = self.key(start)
        if start <= self._gone or key > self._reached:
            self._seek(key)
        if full is None:
            return self._decoded(lambda at: self._light)
        # B frames are built on those between the same two anchors: all of such a group is decoded, or none of it.
        low, high = full.start, full.end
        return self._decoded(lambda at: "DEFAULT" if self._before < high and self._reached >= low else self._light)

    def _seek(self, key: Ms) -> None:
        target = (Fraction(key + 1, 1000) + self._zero) / self._stream.time_base  # 1 ms late: times are rounded
        try:
            self._container.seek(int(target), stream=self._stream, backward=True)
        except av.error.FFmpegError:  # no index to seek in: read on from the beginning, slower but as exact
            self._container.seek(0)
        self._restart()

    def _restart(self) -> None:
        self._packets = packets_of(self._container, self._stream)
        self._ready: deque[tuple[Ms, Any]] = deque()
        self._gone: Ms = -1  # this frame and those before it were handed out
        self._before: Ms = 0  # of the packets read, the last one shown before ...
        self._reached: Ms = 0  # ... the last one shown: between them lie the B frames that are built on both
        self._ended = False
        self._skip = self._codec.skip_frame = "DEFAULT"

    def _unread(self, *frames: tuple[Ms, Any]) -> None:
        self._ready.extendleft(reversed(frames))
        self._gone = frames[0][0] - 1

    def _decoded(self, mode: Callable[[Ms], str]) -> Iterator[tuple[Ms, Any]]:
        """Frames in order of showing; `mode` says, by a packet's time, what the decoder may leave out."""
        while True:
            while self._ready:
                at, frame = self._ready.popleft()
                self._gone = at
                yield at, frame
            if self._ended:
                return
            packet = next(self._packets, None)
            if packet is None:
                self._ended = True
            elif packet.pts is not None:
                at = self._clock(packet.pts)
                if at > self._reached:
                    self._before, self._reached = self._reached, at
                skip = mode(at)
                if skip != self._skip:
                    self._skip = self._codec.skip_frame = skip
            try:
                frames = self._codec.decode(packet)
            except av.error.InvalidDataError:
                continue  # a damaged frame: the next key frame mends it
            self._ready.extend((self._clock(frame.pts), frame) for frame in frames if frame.pts is not None)


def _picture(container: Any, path: Path) -> Any:
    stream = picture_of(container)
    if stream is None:
        raise BadMedia(f"{path.name}: has no picture. Give a recording with video.")
    return stream


def _clock(stream: Any, zero: Fraction) -> Callable[[int], Ms]:
    """From the stream's ticks to the recording's clock. In floats, as it is asked for every packet."""
    scale, offset = float(stream.time_base * 1000), float(zero * 1000)
    return lambda pts: round(pts * scale - offset)


def _small(frame: Any, width: int) -> NDArray[np.uint8]:
    height = max(2, round(frame.height * width / frame.width))
    return np.asarray(
        frame.reformat(width=width, height=height, format="bgr24", interpolation="AREA").to_ndarray(), np.uint8
    )
