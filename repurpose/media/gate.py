"""Is this output whole? Asked of every file before it is stored, because an exit code of 0 proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av

from repurpose.errors import BadMedia, GateError
from repurpose.media.open import open_media
from repurpose.models import Ms

LENGTH_MS = 500  # how far the length may be off, or 0.5 % of it
SKEW_MS = 100  # how far apart picture and sound may end
TAIL_S = 2.0  # how much of the end must decode


def gate(path: Path, *, duration: Ms, video: bool, audio: bool) -> None:
    """Nothing, when the mp4 at `path` is whole; else GateError, which says what is wrong.

    Whole: its boxes fill the file with the index before the pictures; it has the streams asked for and no others; each
    one's last 2 s decode without an error and end within max(0.5 s, 0.5 %) of `duration`, and within 100 ms of each other.
    """
    if not path.is_file() or not path.stat().st_size:
        raise GateError(f"{path.name}: nothing was written")
    _check_boxes(path)
    try:
        with open_media(path) as container:
            # mp4 keeps the titles of chapters in a track of text, which libav shows as data
            streams = [stream for stream in container.streams if stream.type != "data" or not container.chapters()]
            there = [stream.type for stream in streams]
            wanted = ["video"] * video + ["audio"] * audio
            if sorted(there) != sorted(wanted):
                raise GateError(f"{path.name}: has {' and '.join(there) or 'no streams'}, not {' and '.join(wanted)}")
            ends = {stream.type: _end_of(container, stream, path.name) for stream in streams}
    except BadMedia as error:
        raise GateError(f"{path.name}: cannot be opened again: {error}") from None
    for kind, end in ends.items():
        if abs(end - duration) > max(LENGTH_MS, duration * 0.005):
            raise GateError(f"{path.name}: its {kind} ends at {end} ms, not at {duration} ms")
    if len(ends) == 2 and abs(ends["video"] - ends["audio"]) > SKEW_MS:
        raise GateError(f"{path.name}: its picture ends at {ends['video']} ms, its sound at {ends['audio']} ms")


def _end_of(container: Any, stream: Any, name: str) -> Ms:
    """When the stream's last decoded frame ends."""
    if not stream.duration:
        raise GateError(f"{name}: its {stream.type} is empty")
    stream.codec_context.options = {"err_detect": "explode"}
    length = float(stream.duration * stream.time_base)
    try:
        container.seek(max(0, int((length - TAIL_S) / stream.time_base)), stream=stream)
        end = 0.0
        for frame in container.decode(stream):
            end = max(end, float(frame.pts * stream.time_base) + _seconds(stream, frame))
    except av.error.FFmpegError as error:
        raise GateError(f"{name}: the end of its {stream.type} does not decode ({error.strerror})") from None
    if not end:
        raise GateError(f"{name}: the end of its {stream.type} has no frames")
    return round(end * 1000)


def _seconds(stream: Any, frame: Any) -> float:
    if stream.type == "audio":
        return float(frame.samples / frame.sample_rate)
    return float(1 / stream.average_rate)


def _check_boxes(path: Path) -> None:
    names = []
    for name, end in _boxes(path):
        names.append(name)
        if end > path.stat().st_size:
            raise GateError(f"{path.name}: breaks off in its {name} box")
    if "moov" not in names or "mdat" not in names:
        raise GateError(f"{path.name}: has no {'index' if 'moov' not in names else 'pictures'}")
    if names.index("moov") > names.index("mdat"):
        raise GateError(f"{path.name}: its index comes last, so it cannot start to play before it is all there")


def _boxes(path: Path) -> Iterator[tuple[str, int]]:
    """The name and the end of each top box (ISO/IEC 14496-12, 4.2)."""
    at, size = 0, path.stat().st_size
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            at = at + length if length >= 8 else size + (length != 0)
            yield head[4:8].decode("latin-1"), at
