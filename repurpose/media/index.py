"""Every picture packet of a recording, read once without decoding: what shows when, and where a copy may begin and stop."""

from __future__ import annotations

import functools
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from repurpose.errors import BadMedia, NothingFits
from repurpose.media import nal
from repurpose.media.open import open_media, packets_of, picture_of
from repurpose.media.pace import before_the_end_thins
from repurpose.media.plan import Run, align
from repurpose.models import Recording, Span

_READ_AHEAD = 1 << 18
_LOOKED_AT = 50  # one packet in so many is compared with the file
_PIXELS = frozenset({"yuv420p", "yuvj420p"})
_PROFILES = {nal.BASELINE: "baseline", nal.MAIN: "main", nal.HIGH_8BIT: "high"}


@dataclass(frozen=True)
class Sets:
    """The parameter sets of a stream whose pictures can be copied."""

    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]
    length: int  # bytes of a unit's length field; 0 where units stand behind start codes
    free: int  # an id that neither an SPS nor a PPS of the stream has
    profile: str
    level: int
    buffered: int  # frames the decoder must be able to hold


@dataclass(frozen=True)
class Places:
    """Where each packet lies in the file, in its order: with these a packet is read without a demuxer."""

    pos: NDArray[np.int64]  # first byte
    size: NDArray[np.int32]
    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    key: NDArray[np.bool_]
    of_key: dict[int, int]  # a key frame's number -> its packet's place in these


@dataclass(frozen=True)
class Index:
    """The picture packets of a file. Frames are numbered from 0 in the order they are shown."""

    path: Path
    rate: Fraction
    frames: int
    pts: NDArray[np.int64]  # of each frame
    times: NDArray[np.int64]  # pts of every packet that is shown, rising
    numbers: NDArray[np.int32]  # and the frame of each
    dts: dict[int, int]  # of key frames, where the file says it: some containers are pointed at by it, others by pts
    begin: tuple[int, int]  # pts and dts of the file's first packet, which need not be shown
    spare: NDArray[np.bool_]  # of each frame: no other frame refers to it
    keys: tuple[int, ...]  # frames a decoder can be pointed at
    joins: tuple[int, ...]  # those after which nothing refers to what was before
    whole: Sequence[int]  # n: packets of frames 0..n-1 are all that come before the next packet
    delay: int  # how many frames a packet may come later than it is shown
    sets: Sets | None
    why_not: str  # why nothing can be copied; "" when it can
    tick: Fraction  # the unit of pts and dts, in seconds
    places: Places | None  # None where the container does more than hold packets one after the other

    def frame_of(self, pts: int | None) -> int | None:
        """The frame shown at `pts`; None where none is."""
        if pts is None:
            return None
        at = int(np.searchsorted(self.times, pts))
        return int(self.numbers[at]) if at < len(self.times) and self.times[at] == pts else None


@dataclass
class _Packets:
    """One entry a packet, in the order of the file; arrays, for a long recording has a million."""

    fault: str
    plain: bool = True  # packets lie in the file as they are handed out
    pts: array[int] = field(default_factory=lambda: array("q"))
    dts: array[int] = field(default_factory=lambda: array("q"))
    key: bytearray = field(default_factory=bytearray)
    idr: bytearray = field(default_factory=bytearray)
    spare: bytearray = field(default_factory=bytearray)
    shown: bytearray = field(default_factory=bytearray)
    pos: array[int] = field(default_factory=lambda: array("q"))
    size: array[int] = field(default_factory=lambda: array("i"))
    sps: dict[int, bytes] = field(default_factory=dict)
    pps: dict[int, bytes] = field(default_factory=dict)


def index_of(path: Path, rate: Fraction) -> Index:
    """The index of a recording at constant `rate`; kept for the last few files. Raises BadMedia without pictures."""
    return _index_of(path, rate, path.stat().st_mtime_ns)


def locate(spans: Sequence[Span], recording: Recording, path: Path) -> tuple[Index, list[Run]]:
    """The index of a recording, whose file is at `path`, and the frames of each span.

    Raises NothingFits when no span has one.
    """
    index = index_of(path, Fraction(recording.video.rate_num, recording.video.rate_den))
    runs = align(spans, index.rate, index.frames)
    if not runs:
        raise NothingFits("none of its spans has a frame of the recording")
    return index, runs


@functools.lru_cache(maxsize=2)
def _index_of(path: Path, rate: Fraction, changed: int) -> Index:
    with open_media(path) as container, path.open("rb", _READ_AHEAD) as file:
        stream = picture_of(container)
        if stream is None:
            raise BadMedia(f"{path.name}: has no moving picture. A cut needs one; prepare the recording first.")
        fault = _fault_of(stream)
        read = _Packets(fault)
        splits: Callable[[memoryview], Iterator[bytes | memoryview]] = nothing
        length = 0
        if not fault:
            try:
                sps, pps, length = nal.sets_of(bytes(stream.codec_context.extradata or b""))
                splits = functools.partial(nal.prefixed_units, size=length) if length else nal.annexb_units
                for unit in (*sps, *pps):
                    _note_set(read, unit)
            except nal.NotH264Error as error:
                read.fault = str(error)
        for packet in packets_of(container, stream):
            if packet.pts is None:
                read.fault = read.fault or "some pictures have no time"
                continue
            if not len(read.pts) % _LOOKED_AT and not _lies_at(file, packet):
                read.plain = False
            _note(read, packet, splits)
        return _indexed(path, rate, stream.time_base, read, length)


def _lies_at(file: BinaryIO, packet: Any) -> bool:
    if packet.pos is None or packet.pos < 0:
        return False
    file.seek(packet.pos)
    return file.read(packet.size) == bytes(packet)


def nothing(data: bytes | memoryview) -> Iterator[memoryview]:
    """No units: for streams that are not H.264."""
    yield from ()


def _fault_of(stream: Any) -> str:
    context = stream.codec_context
    if context.name != "h264":
        return f"the picture is {context.name}, not h264"
    if context.pix_fmt not in _PIXELS:
        return f"the picture is {context.pix_fmt}, not 8-bit 4:2:0"
    return ""


def _note(read: _Packets, packet: Any, splits: Callable[[memoryview], Iterator[bytes | memoryview]]) -> None:
    idr = spare = False
    if not read.fault:
        try:
            for unit in splits(memoryview(packet)):
                kind = unit[0] & 31
                if kind in (nal.SLICE, nal.IDR):
                    idr, spare = kind == nal.IDR, not unit[0] >> 5 & 3
                    break  # parameter sets come before the picture they are for
                if kind in (nal.SPS, nal.PPS):
                    _note_set(read, bytes(unit))
        except nal.NotH264Error as error:
            read.fault = str(error)
    read.pts.append(packet.pts)
    read.dts.append(packet.pts if packet.dts is None else packet.dts)
    read.key.append(packet.is_keyframe)
    read.idr.append(idr and packet.is_keyframe)
    read.spare.append(spare)
    read.shown.append(not packet.is_discard)
    read.pos.append(-1 if packet.pos is None else packet.pos)
    read.size.append(packet.size)


def _note_set(read: _Packets, unit: bytes) -> None:
    known = read.sps if unit[0] & 31 == nal.SPS else read.pps
    number = nal.read_sps(unit).number if known is read.sps else nal.read_pps_number(unit)
    if known.setdefault(number, unit) != unit:
        read.fault = "its parameter sets change on the way"


def _indexed(path: Path, rate: Fraction, tick: Fraction, read: _Packets, length: int) -> Index:
    pts, dts = np.array(read.pts, np.int64), np.array(read.dts, np.int64)
    key, idr, spare, shown = (np.frombuffer(flags, bool) for flags in (read.key, read.idr, read.spare, read.shown))
    if not shown.any():
        raise BadMedia(f"{path.name}: has no picture that is shown. Export the recording again.")
    times = np.sort(pts[shown])
    zero = int(times[0])
    step = tick * rate  # frames a tick, as a fraction so that hours stay exact
    number = (2 * (pts - zero) * step.numerator + step.denominator) // (2 * step.denominator)
    if len(times) <= number[shown].max():
        shown = shown & (pts <= times[before_the_end_thins(times) - 1])
    frames = int(number[shown].max()) + 1
    fault = read.fault
    if not fault and (int(shown.sum()) != frames or len(np.unique(number[shown])) != frames):
        fault = "its pictures do not follow each other at a constant rate"
    order = np.argsort(np.argsort(pts, kind="stable"), kind="stable")  # each packet's place in the order of showing
    sets = None
    joins: tuple[int, ...] = ()
    whole: Sequence[int] = ()
    if not fault:
        lead = int((~shown & (pts < zero)).sum())
        # A copy is decoded from its first packet on, so packets that are not shown may only lie before and behind it.
        ahead = np.maximum.accumulate(order)
        level = ahead == np.arange(len(order))  # after this packet, exactly the frames up to its highest are there
        ends = np.flatnonzero(level) + 1 - lead
        whole = array("q", ends[(ends > 0) & (ends <= frames)].tobytes())
        starts = np.flatnonzero(idr & shown & (order == np.arange(len(order))))
        before = np.concatenate([[-1], ahead[:-1]])
        joins = tuple(int(at) - lead for at in starts if before[at] == at - 1)
        sets, fault = _sets(read, length)
        if not fault and not joins:
            fault = "it has no key frame that a decoder can start at"
    first_of = np.full(frames, zero, np.int64)
    first_of[number[shown]] = pts[shown]
    unneeded = np.zeros(frames, bool)
    unneeded[number[shown & spare]] = True
    rising = np.flatnonzero(shown)[np.argsort(pts[shown], kind="stable")]
    keys = np.flatnonzero(key & (number >= 0) & (number < frames))
    return Index(
        path=path,
        rate=rate,
        frames=frames,
        pts=first_of,
        times=pts[rising],
        numbers=number[rising].astype(np.int32),
        dts={int(number[at]): int(dts[at]) for at in keys},
        begin=(read.pts[0], read.dts[0]),
        spare=unneeded,
        keys=tuple(sorted({int(number[at]) for at in keys})),
        joins=() if fault else joins,
        whole=() if fault else whole,
        delay=int(max(0, (np.arange(len(order)) - order).max())),
        sets=None if fault else sets,
        why_not=fault,
        tick=tick,
        places=Places(
            pos=np.array(read.pos, np.int64),
            size=np.array(read.size, np.int32),
            pts=pts,
            dts=dts,
            key=key,
            of_key={int(number[at]): int(at) for at in keys},
        )
        if read.plain
        else None,
    )


def _sets(read: _Packets, length: int) -> tuple[Sets | None, str]:
    if not read.sps or not read.pps:
        return None, "it has no parameter sets"
    facts = [nal.read_sps(unit) for unit in read.sps.values()]
    first = facts[0]
    if length not in (0, 4):
        return None, f"its unit lengths have {length} bytes, not 4"
    if any(fact.profile not in _PROFILES or fact.chroma != 1 or fact.depth != 8 for fact in facts):
        return None, f"its H.264 profile is {first.profile}"
    if not all(fact.progressive for fact in facts):
        return None, "it is interlaced"
    taken = {*read.sps, *read.pps}
    free = next((n for n in range(1, 32) if n not in taken), None)
    if free is None or len(read.sps) > 30:
        return None, "it uses every parameter set id"
    return Sets(
        sps=tuple(read.sps.values()),
        pps=tuple(read.pps.values()),
        length=length,
        free=free,
        profile=_PROFILES[first.profile],
        level=max(fact.level for fact in facts),
        buffered=max(fact.buffered for fact in facts),
    ), ""
