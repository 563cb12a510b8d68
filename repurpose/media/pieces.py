"""Short stretches of a recording encoded so that they can stand between copied ones."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av

from repurpose.errors import Cancelled
from repurpose.media import nal
from repurpose.media.encoder import preset_of
from repurpose.media.index import Index, Sets
from repurpose.media.plan import Piece
from repurpose.media.reader import Reader
from repurpose.presets import RenderPreset

_GLOBAL_HEADER = 1 << 22  # parameter sets go to the extradata, not into the packets
_PICTURE = frozenset({nal.SLICE, nal.IDR})
_LEVEL_1B = 9


@dataclass(frozen=True)
class Coded:
    """An encoded picture, its units behind their lengths. `frame` is counted from the first of its piece."""

    data: bytes
    frame: int
    key: bool


class Maker:
    """Encodes pieces of one recording, one at a time; each worker has its own."""

    def __init__(self, index: Index, render: RenderPreset, stop: threading.Event) -> None:
        assert index.sets is not None
        self._index, self._render, self._sets, self._stop = index, render, index.sets, stop
        self._reader = Reader(index)

    def close(self) -> None:
        self._reader.__exit__()

    def parameter_sets(self) -> tuple[list[bytes], list[bytes]]:
        """The SPS and PPS that every piece of this recording refers to."""
        encoder = self._encoder()
        encoder.open()
        sps, pps, _ = nal.sets_of(bytes(encoder.extradata))
        return sps, pps

    def make(self, batch: Sequence[Piece]) -> list[list[Coded]]:
        """Each piece of the batch as its packets, in order. No B-frames: packets come as they are shown."""
        return [self._piece(piece) for piece in batch]

    def _piece(self, piece: Piece) -> list[Coded]:
        encoder, tick = self._encoder(), 1 / self._index.rate
        packets: list[Any] = []
        for at, frame in enumerate(self._reader.between(piece.first, piece.end)):
            if self._stop.is_set():
                raise Cancelled
            frame.pts, frame.time_base, frame.pict_type = at, tick, 0
            packets += encoder.encode(frame)
        packets += encoder.encode(None)
        return [_coded(packet) for packet in packets]

    def _encoder(self) -> Any:
        source = self._reader.source
        encoder: Any = av.CodecContext.create("libx264", "w")
        look_like(encoder, source, self._index.rate)
        encoder.thread_count = 1
        encoder.flags |= _GLOBAL_HEADER
        encoder.options = {
            **preset_of(self._render.speed),
            "crf": str(self._render.crf),
            "bf": "0",
            "profile": self._sets.profile,
            "level": _level(self._sets),
            "x264-params": f"sps-id={self._sets.free}:dpb-size={self._sets.buffered}:{aspect(source)}",
        }
        return encoder


def look_like(encoder: Any, source: Any, rate: Fraction) -> None:
    """Give an encoder the size, pixel format, colours and rate of a decoded source."""
    encoder.width, encoder.height, encoder.pix_fmt = source.width, source.height, source.pix_fmt
    encoder.color_range, encoder.colorspace = source.color_range, source.colorspace
    encoder.color_primaries, encoder.color_trc = source.color_primaries, source.color_trc
    encoder.time_base, encoder.framerate = 1 / rate, rate


def aspect(source: Any) -> str:
    """The shape of the source's pixels, as x264 is told it."""
    shape = source.sample_aspect_ratio or Fraction(1)
    return f"sar={shape.numerator}/{shape.denominator}"


def _level(sets: Sets) -> str:
    return "1b" if sets.level == _LEVEL_1B else f"{sets.level // 10}.{sets.level % 10}"


def _coded(packet: Any) -> Coded:
    units = [unit for unit in nal.annexb_units(packet) if unit[0] & 31 in _PICTURE]
    return Coded(nal.prefixed(units), packet.pts, packet.is_keyframe)
