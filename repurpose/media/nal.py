"""H.264 units: finding them in a packet, reading what a cut needs of a parameter set, and writing an avcC record.

Source of every field and number: ITU-T H.264 (08/2021) 7.3.1 (units), 7.3.2.1 (SPS), 7.4.1.2.4, Annex E (VUI), and
ISO/IEC 14496-15 5.3.3 (avcC).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SLICE, IDR, SEI, SPS, PPS, AUD, FILLER = 1, 5, 6, 7, 8, 9, 12
HIGH = frozenset(
    {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
)  # profiles with chroma fields in the SPS
BASELINE, MAIN, HIGH_8BIT = 66, 77, 100


@dataclass(frozen=True)
class Sps:
    """What is read of a sequence parameter set."""

    profile: int
    constraints: int  # the byte of constraint flags between profile and level
    level: int
    number: int  # its id, 0..31
    chroma: int  # 1 is 4:2:0
    depth: int  # bits a sample
    references: int  # frames a picture may refer to
    buffered: int  # frames the decoder must be able to hold
    progressive: bool
    width: int  # as shown, after cropping
    height: int


class NotH264Error(ValueError):
    """The bytes are not the H.264 they claim to be."""


def annexb_units(data: bytes | memoryview) -> Iterator[bytes]:
    """The units of a byte stream, without start codes and trailing zeros."""
    raw = bytes(data)
    at = raw.find(b"\x00\x00\x01")
    while at >= 0:
        start = at + 3
        at = raw.find(b"\x00\x00\x01", start)
        unit = raw[start : at if at >= 0 else len(raw)].rstrip(b"\x00")
        if unit:
            yield unit


def prefixed_units(data: bytes | memoryview, size: int = 4) -> Iterator[memoryview]:
    """The units of a sample whose units each follow their length in `size` bytes. Raises NotH264Error where that cannot be."""
    view, at = memoryview(data), 0
    while at < len(view):
        start = at + size
        at = start + int.from_bytes(view[at:start], "big")
        if start >= len(view) or at > len(view) or at == start:
            raise NotH264Error("a unit is longer than its packet")
        yield view[start:at]


def prefixed(units: Iterable[bytes | memoryview]) -> bytes:
    """The units, each after its length in four bytes."""
    return b"".join(part for unit in units for part in (len(unit).to_bytes(4, "big"), unit))


def sets_of(extradata: bytes) -> tuple[list[bytes], list[bytes], int]:
    """SPS units, PPS units and the size of length fields of a stream's extradata; size 0 where it is a byte stream."""
    if extradata[:1] != b"\x01":
        units = list(annexb_units(extradata))
        return [u for u in units if u[0] & 31 == SPS], [u for u in units if u[0] & 31 == PPS], 0
    if len(extradata) < 7:
        raise NotH264Error("the avcC record is too short")
    found: tuple[list[bytes], list[bytes]] = ([], [])
    at, count = 6, extradata[5] & 31
    for kind in (0, 1):
        for _ in range(count):
            size = int.from_bytes(extradata[at : at + 2], "big")
            found[kind].append(extradata[at + 2 : at + 2 + size])
            at += 2 + size
        count, at = (extradata[at] if kind == 0 and at < len(extradata) else 0), at + 1
    return found[0], found[1], (extradata[4] & 3) + 1


def avcc(sps: list[bytes], pps: list[bytes]) -> bytes:
    """One avcC record that holds all the sets. Its profile, constraints and level are ones that every SPS keeps."""
    profile = max(unit[1] for unit in sps)
    constraints = 0xFF
    for unit in sps:
        constraints &= unit[2]
    level = max(unit[3] for unit in sps)
    record = bytes([1, profile, constraints, level, 0xFF, 0xE0 | len(sps)])
    record += b"".join(len(unit).to_bytes(2, "big") + unit for unit in sps)
    record += bytes([len(pps)]) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in pps)
    if profile in HIGH:  # chroma 4:2:0, 8 bits of luma and of chroma, no SPS extension
        record += bytes([0xFC | 1, 0xF8, 0xF8, 0])
    return record


def read_pps_number(unit: bytes) -> int:
    """The id of a picture parameter set."""
    return Bits(unit).ue()


def read_sps(unit: bytes) -> Sps:
    """What a cut needs to know of a sequence parameter set. Raises NotH264Error when it ends too soon."""
    bits = Bits(unit)
    profile, constraints, level = bits.take(8), bits.take(8), bits.take(8)
    number, chroma, depth = bits.ue(), 1, 8
    if profile in HIGH:
        chroma = bits.ue()
        separate = bits.take(1) if chroma == 3 else 0
        depth = max(8 + bits.ue(), 8 + bits.ue())
        bits.take(1)
        if bits.take(1):
            for matrix in range(8 if chroma != 3 or separate else 12):
                if bits.take(1):
                    _skip_scaling(bits, 16 if matrix < 6 else 64)
    bits.ue()
    order = bits.ue()
    if order == 0:
        bits.ue()
    elif order == 1:
        bits.take(1)
        bits.se()
        bits.se()
        for _ in range(bits.ue()):
            bits.se()
    references = bits.ue()
    bits.take(1)
    across, down = bits.ue() + 1, bits.ue() + 1
    progressive = bits.take(1)
    if not progressive:
        bits.take(1)
    bits.take(1)
    left = right = top = bottom = 0
    if bits.take(1):
        left, right, top, bottom = bits.ue(), bits.ue(), bits.ue(), bits.ue()
    buffered = _buffered(bits, references) if bits.take(1) else references
    step_x, step_y = (2 if chroma in (1, 2) else 1), (2 if chroma == 1 else 1) * (2 - progressive)
    return Sps(
        profile,
        constraints,
        level,
        number,
        chroma,
        depth,
        references,
        buffered,
        bool(progressive),
        width=across * 16 - step_x * (left + right),
        height=down * 16 * (2 - progressive) - step_y * (top + bottom),
    )


def _skip_scaling(bits: Bits, count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _buffered(bits: Bits, references: int) -> int:
    """max_dec_frame_buffering of the VUI that begins here; `references` where it is not said."""
    if bits.take(1) and bits.take(8) == 255:  # aspect ratio, extended
        bits.take(32)
    if bits.take(1):  # overscan
        bits.take(1)
    if bits.take(1):  # video signal
        bits.take(4)
        if bits.take(1):
            bits.take(24)
    if bits.take(1):  # chroma location
        bits.ue()
        bits.ue()
    if bits.take(1):  # timing
        bits.take(65)
    hrd = False
    for _ in range(2):
        if bits.take(1):
            hrd = True
            count = bits.ue() + 1
            bits.take(8)
            for _ in range(count):
                bits.ue()
                bits.ue()
                bits.take(1)
            bits.take(20)
    if hrd:
        bits.take(1)
    bits.take(1)
    if not bits.take(1):
        return references
    bits.take(1)
    for _ in range(5):
        bits.ue()
    return bits.ue()


class Bits:
    """Reads a unit's payload bit by bit, its emulation prevention bytes removed."""

    def __init__(self, unit: bytes) -> None:
        payload = bytes(unit[1:]).replace(b"\x00\x00\x03", b"\x00\x00")
        self._left = len(payload) * 8
        self._value = int.from_bytes(payload, "big")

    def take(self, count: int) -> int:
        if count > self._left:
            raise NotH264Error("a parameter set ends too soon")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def ue(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def se(self) -> int:
        value = self.ue()
        return (value + 1) // 2 if value % 2 else -(value // 2)
