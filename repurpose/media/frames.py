"""Decoded pictures as generators: the frames of a span, one still. Times are on the recording's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.errors import BadMedia
from repurpose.media.open import frames_of, open_media, origin, packets_of, picture_of
from repurpose.models import Ms, Span


@dataclass(frozen=True)
class Frame:
    """One picture: `at` is the millisecond it is first shown, `image` is [height, width, 3] uint8 in BGR."""

    at: Ms
    image: NDArray[np.uint8]


def between(path: Path, span: Span, width: int = 0, every: Ms = 0) -> Iterator[Frame]:
    """The frames first shown within `span`, in order; with `every`, no two closer than that many milliseconds."""
    due = span.start
    pictures = _pictures(path, span.start, due=lambda: due)
    for at, picture in pictures:
        if at >= span.end:
            return
        if at >= due:
            yield Frame(at, _image(picture, width))
            due = at + every if every else at


def still(path: Path, at: Ms, width: int = 0) -> Frame:
    """The frame on show at `at`: the last one that began by then. Before the first, the first; raises BadMedia if none."""
    shown: tuple[Ms, Any] | None = None
    for began, picture in _pictures(path, at):
        if began > at and shown is not None:
            break
        shown = began, picture
        if began > at:
            break
    if shown is None:
        raise BadMedia(f"{path.name}: there is no picture at {at} ms. Download or export the recording again.")
    return Frame(shown[0], _image(shown[1], width))


def keys_within(path: Path, spans: Iterable[Span]) -> Iterator[tuple[Span, Frame]]:
    """The last key frame within each span that has one, beside that span. Nothing else is decoded."""
    zero = origin(path)
    with open_media(path) as container:
        stream: Any = picture_of(container)
        if stream is None:
            return
        codec = stream.codec_context
        codec.thread_count = 1  # several would hold pictures back for those that follow
        for span in spans:
            _seek(container, stream, zero + Fraction(span.end - 1, 1000))
            packet = next((one for one in packets_of(container, stream) if one.is_keyframe), None)
            if packet is None or packet.pts is None:
                continue
            at = round((packet.pts * packet.time_base - zero) * 1000)
            if not span.start <= at < span.end:
                continue
            codec.flush_buffers()
            try:
                pictures = [*codec.decode(packet), *codec.decode(None)]
            except av.error.InvalidDataError:
                continue
            codec.flush_buffers()
            if pictures:
                yield span, Frame(at, _image(pictures[0], 0))


def _pictures(path: Path, start: Ms, due: Callable[[], Ms] = lambda: 0) -> Iterator[tuple[Ms, Any]]:
    """(time on the clock, PyAV frame) from the key frame at or before `start`.

    Before the time that is `due` then, frames that no other refers to are left out.
    """
    zero = origin(path)

    def skip(packet: Any) -> str:
        early = packet.pts is not None and round((packet.pts * packet.time_base - zero) * 1000) < due()
        return "NONREF" if early else "DEFAULT"

    with open_media(path) as container:
        stream = picture_of(container)
        if stream is None:
            return
        stream.thread_type = "AUTO"
        if start > 0:
            _seek(container, stream, zero + Fraction(start, 1000))
        for frame in frames_of(container, stream, skip):
            if frame.pts is not None:
                yield round((frame.pts * frame.time_base - zero) * 1000), frame


def _seek(container: Any, stream: Any, seconds: Fraction) -> None:
    try:
        container.seek(int(seconds / stream.time_base), stream=stream, backward=True)
    except av.error.FFmpegError:  # no index to seek in: read on from the beginning, slower but as exact
        container.seek(0)


def _image(picture: Any, width: int) -> NDArray[np.uint8]:
    if not width or width == picture.width:
        return np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)
    height = max(1, round(picture.height * width / picture.width))
    scaled = picture.reformat(width=width, height=height, format="bgr24", interpolation="AREA")
    return np.asarray(scaled.to_ndarray(), np.uint8)
