"""Seconds as bits. Second `s` is bit `s` of a whole number: to join two is `|`, in any order and as often as one likes.

A stretch [a, b) of milliseconds covers second `s` when it covers its middle, s*1000 + 500. Stretches that touch share no
second and leave none out, so a minute that came in any number of pieces is sixty seconds. At each edge at most half a
second is gained or lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from repurpose.models.base import Ms

Counts = NDArray[np.uint32]  # one number a second


def seconds(length: Ms) -> int:
    """How many seconds a film of this length has."""
    return (length + 499) // 1000


def covered(a: Ms, b: Ms) -> tuple[int, int]:
    """The first second that [a, b) covers, and the first after it that it does not."""
    return (a + 499) // 1000, (b + 499) // 1000


def mask(first: int, end: int) -> int:
    """The seconds first..end-1."""
    return ((1 << (end - first)) - 1) << first if end > first else 0


def pack(bits: int) -> bytes:
    """As it is kept."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def unpack(kept: bytes) -> int:
    """The other way round."""
    return int.from_bytes(kept, "little")


def runs(bits: int) -> Iterator[tuple[int, int]]:
    """The stretches of seconds that are set, as (first, end)."""
    at = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        length = (~bits & (bits + 1)).bit_length() - 1
        yield at + gap, at + gap + length
        bits >>= length
        at += gap + length


def added(counts: Counts, stretches: Iterable[tuple[int, int]]) -> Counts:
    """`counts` and one more in each stretch (first, end); longer where a stretch reaches beyond its end."""
    taken = [one for one in stretches if one[0] < one[1]]
    size = max([len(counts), *(end for _, end in taken)])
    steps = np.zeros(size + 1, np.int64)
    np.add.at(steps, [first for first, _ in taken], 1)
    np.add.at(steps, [end for _, end in taken], -1)
    whole = np.cumsum(steps[:-1])
    whole[: len(counts)] += counts
    return whole.astype(np.uint32)


def counts_of(kept: bytes) -> Counts:
    """Counts as they are kept: 4 bytes a second."""
    return np.frombuffer(kept, "<u4").astype(np.uint32)


def kept_counts(counts: Counts) -> bytes:
    """The other way round."""
    return counts.astype("<u4").tobytes()


def as_array(bits: int, size: int) -> NDArray[np.bool_]:
    """The first `size` seconds, one after the other."""
    data = np.frombuffer(bits.to_bytes((max(size, bits.bit_length()) + 7) // 8, "little"), np.uint8)
    return np.unpackbits(data, bitorder="little")[:size].astype(np.bool_)
