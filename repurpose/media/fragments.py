"""Where the fragments of an mp4 lie and when each is shown, read from its boxes (ISO/IEC 14496-12, 8.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from repurpose.errors import GateError

_DEFAULT_LENGTH = 0x8  # flags of tfhd: which of its fields are there
_OTHER = ((0x1, 8), (0x2, 4))  # data offset and description, which stand before it
_OWN_LENGTH, _BEFORE = 0x100, ((0x1, 4), (0x4, 4))  # flags of trun, and the fields before its samples
_PER_SAMPLE = (0x100, 0x200, 0x400, 0x800)
_LATER = 0x800  # a sample's composition offset, the last of its fields


@dataclass(frozen=True)
class Fragment:
    """A stretch of one stream that can be shown by itself, after the file's head."""

    start: Fraction  # seconds on the file's own clock at which its first picture is shown
    length: Fraction  # seconds
    first: int  # byte
    size: int  # bytes

    @property
    def end(self) -> Fraction:
        return self.start + self.length


def fragments_of(path: Path) -> tuple[int, list[Fragment]]:
    """The bytes of the head (what a player reads first) and every fragment of an mp4 of one stream. GateError for another file."""
    found: list[Fragment] = []
    head, tick, usual = 0, Fraction(0), 0
    with path.open("rb") as file:
        size = path.stat().st_size
        at, opened, start, length = 0, 0, Fraction(0), Fraction(0)
        while at + 8 <= size:
            file.seek(at)
            box, name = int.from_bytes(file.read(4), "big"), file.read(4)
            if box < 8 or at + box > size:
                raise GateError(f"{path.name}: breaks off in its {name.decode('latin-1')} box")
            if name in (b"moov", b"moof"):
                body = file.read(box - 8)
            if name == b"moov":
                tick, usual, head = _tick(body), _usual(body), at + box
            elif name == b"moof":
                opened, (start, length) = at, _times(body, tick, usual)
            elif name == b"mdat" and head:
                found.append(Fragment(start, length, opened, at + box - opened))
            at += box
    if at != size or not found or not tick:
        raise GateError(f"{path.name}: is not an mp4 in fragments")
    return head, found


def _tick(moov: bytes) -> Fraction:
    mdhd = _inside(moov, b"trak", b"mdia", b"mdhd")
    at = 20 if mdhd[0] else 12
    return Fraction(1, int.from_bytes(mdhd[at : at + 4], "big"))


def _usual(moov: bytes) -> int:
    """How long a sample is that says nothing of it, in ticks."""
    return int.from_bytes(_inside(moov, b"mvex", b"trex")[12:16], "big")


def _times(moof: bytes, tick: Fraction, usual: int) -> tuple[Fraction, Fraction]:
    traf = _inside(moof, b"traf")
    tfhd, tfdt = _inside(traf, b"tfhd"), _inside(traf, b"tfdt")
    flags = int.from_bytes(tfhd[1:4], "big")
    if flags & _DEFAULT_LENGTH:
        at = 8 + sum(width for flag, width in _OTHER if flags & flag)
        usual = int.from_bytes(tfhd[at : at + 4], "big")
    truns = [body for name, body in _boxes(traf) if name == b"trun"]
    decoded = int.from_bytes(tfdt[4 : 12 if tfdt[0] else 8], "big")
    return (decoded + _shown(_inside(traf, b"trun"))) * tick, sum(_ticks(body, usual) for body in truns) * tick


def _shown(trun: bytes) -> int:
    """How much later than it is decoded the first sample is shown."""
    flags = int.from_bytes(trun[1:4], "big")
    if not flags & _LATER:
        return 0
    at = 8 + sum(4 for flag in (0x1, 0x4, *_PER_SAMPLE[:3]) if flags & flag)
    return int.from_bytes(trun[at : at + 4], "big", signed=bool(trun[0]))


def _ticks(trun: bytes, usual: int) -> int:
    flags, count = int.from_bytes(trun[1:4], "big"), int.from_bytes(trun[4:8], "big")
    if not flags & _OWN_LENGTH:
        return count * usual
    at, step = 8 + sum(width for flag, width in _BEFORE if flags & flag), 4 * sum(bool(flags & f) for f in _PER_SAMPLE)
    return sum(int.from_bytes(trun[at + n * step : at + n * step + 4], "big") for n in range(count))


def _inside(body: bytes, *names: bytes) -> bytes:
    for name in names:
        body = next((inner for found, inner in _boxes(body) if found == name), b"")
        if not body:
            raise GateError(f"an mp4 has no {name.decode()} box where one is needed")
    return body


def _boxes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        if size < 8:
            return
        yield body[at + 4 : at + 8], body[at + 8 : at + size]
        at += size
