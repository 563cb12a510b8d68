"""Packets of several files laid on one clock in one mp4, without decoding: frames on an exact grid, sound by its timestamps."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.media.open import heard_in, open_media, packets_of, seen_in

TICKS = 90_000  # a second; every common rate is a whole number of ticks a frame, or nearly
WARM_UP_S = Fraction(
    1, 10
)  # sound packets kept before a part's 0, so that the decoder has run in (an edit list hides them)
_EVERY = 2000  # packets between two looks at cancel


@dataclass(frozen=True)
class Piece:
    """One part: where its picture and sound come from. `frames` more than the file holds repeat it from its start."""

    video: Path
    video_start_s: Fraction  # the file's own time of its first shown frame
    frames: int
    audio: Path | None
    audio_start_s: Fraction  # the file's own time that belongs to the first shown frame


class CannotCopyError(Exception):
    """The packets of a file cannot be laid on a regular grid as they are; they must be encoded."""


def assemble(pieces: Sequence[Piece], rate: Fraction, target: Path, ctx: Context) -> None:
    """Write `target` (mp4, faststart): the pieces one after another, each beginning on a frame of `rate`.

    All pieces have pictures of one codec with the same parameter sets, and sound of one kind or none. Raises CannotCopyError.
    """
    try:
        _assemble(pieces, rate, target, ctx)
    except (av.error.FFmpegError, ValueError) as error:
        raise CannotCopyError(f"packets that cannot be copied ({str(error)[:60]})") from None


def _assemble(pieces: Sequence[Piece], rate: Fraction, target: Path, ctx: Context) -> None:
    with (
        open_media(pieces[0].video) as first,
        av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as output,
    ):
        picture = output.add_stream_from_template(seen_in(first))
        picture.time_base = _tick(rate)
        heard = next((piece.audio for piece in pieces if piece.audio is not None), None)
        sound = None
        if heard is not None:
            with open_media(heard) as container:
                sound = output.add_stream_from_template(heard_in(container))
        total = sum(piece.frames for piece in pieces)
        base = done = 0
        for piece in pieces:
            streams = [_pictures(piece, rate, base, picture)]
            if piece.audio is not None:
                streams.append(_sounds(piece, rate, base, sound))
            for number, (at, _, packet) in enumerate(heapq.merge(*streams, key=lambda entry: entry[:2])):
                output.mux(packet)
                if number % _EVERY == 0:
                    ctx.beat(min(1.0, float(at * rate) / total))
                done += 1
            base += piece.frames


def _tick(rate: Fraction) -> Fraction:
    """The finest clock near 90 kHz on which every frame is a whole number of ticks."""
    per_frame = max(1, round(TICKS / rate))
    return 1 / (rate * per_frame)


def _pictures(piece: Piece, rate: Fraction, base: int, target: Any) -> Iterator[tuple[Fraction, int, Any]]:
    """(dts in seconds, 0, packet) of a piece, its frames on the grid from frame `base`."""
    numbers = _numbers(piece, rate)
    held = len(numbers)
    delay = int((np.arange(held) - numbers).max())
    tick = _tick(rate)
    step = int(1 / (rate * tick))
    for again in range(-(-piece.frames // held)):
        first = base + again * held
        with open_media(piece.video) as container:
            for order, packet in enumerate(packets_of(container, seen_in(container))):
                if first + order >= base + piece.frames:
                    return
                key = packet.is_keyframe
                packet.time_base = tick
                packet.pts = (first + int(numbers[order])) * step
                packet.dts = (first + order - delay) * step
                packet.duration = step
                packet.is_keyframe = key
                packet.stream = target
                yield Fraction(first + order - delay) / rate, 0, packet


def _numbers(piece: Piece, rate: Fraction) -> NDArray[np.int64]:
    """The frame number of each picture packet, in file order. Raises CannotCopyError unless they are 0..n-1, each once."""
    with open_media(piece.video) as container:
        stream = seen_in(container)
        tick = Fraction(stream.time_base)
        pts = [packet.pts for packet in packets_of(container, stream)]
    if not pts or None in pts:
        raise CannotCopyError("some pictures have no timestamp")
    seconds = np.asarray(pts, np.float64) * float(tick) - float(piece.video_start_s)
    numbers = np.rint(seconds * float(rate)).astype(np.int64)
    if not np.array_equal(np.sort(numbers), np.arange(len(numbers))):
        raise CannotCopyError("pictures are missing or doubled")
    return numbers


def _sounds(piece: Piece, rate: Fraction, base: int, target: Any) -> Iterator[tuple[Fraction, int, Any]]:
    """(dts in seconds, 1, packet) of a piece, those that sound while its frames are shown."""
    assert piece.audio is not None
    begins = base / rate
    ends = begins + piece.frames / rate
    with open_media(piece.audio) as container:
        stream = heard_in(container)
        tick = Fraction(stream.time_base)
        shift = begins - piece.audio_start_s
        last: int | None = None
        for packet in packets_of(container, stream):
            if packet.pts is None:
                continue
            at = packet.pts * tick + shift
            if at >= ends or at < begins - (WARM_UP_S if base == 0 else 0):
                continue
            packet.pts = packet.dts = round(at / tick)
            if last is not None and packet.pts <= last:
                continue
            last = packet.pts
            packet.stream = target
            yield at, 1, packet
