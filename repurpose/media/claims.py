"""The length a file's header promises, to be compared with what can be read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.models import Ms

_GUESSED = {"mp3", "aac", "mpegts", "mpeg"}  # libav guesses their length from the bit rate or the last packet
_ASF_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")  # the File Properties Object of ASF 3.2
_HEAD_BYTES = 1 << 18
_EVEN = 0.9  # of the frames have one size: the rate is constant, and the others are damaged


def claimed_ms(path: Path, container: av.container.InputContainer, streams: Sequence[Any]) -> Ms:
    """The longest length that the container or one of `streams` promises; 0 when nothing does."""
    names = set(container.format.name.split(","))
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if names & _GUESSED and not ("mp3" in names and (b"Xing" in head or b"Info" in head)):
        return 0
    lengths = [stream.duration * stream.time_base for stream in streams if stream.duration]
    longest = max([*lengths, Fraction(container.duration or 0, av.time_base)])
    return max(int(longest * 1000), _of_riff(head) if "wav" in names else 0, _of_asf(head) if "asf" in names else 0)


def even_frames_ms(path: Path, sizes: NDArray[np.int64], end: int, duration: Ms) -> Ms:
    """How long an mp3 that does not say its length was, when all its frames are of one size; 0 when they are not.

    `sizes`: bytes of each packet [packets]; `end`: where the last of them ends in the file; `duration`: of all of them.
    A damaged frame is read as part of its neighbour, or not at all: the bytes still say how many frames there were. The
    tag before the first frame has its length in four times seven bits (ID3v2.4, 3.1).
    """
    usual = int(np.median(sizes)) if len(sizes) else 0
    if not usual or np.mean(np.abs(sizes - usual) <= 1) < _EVEN:  # one byte of padding keeps the rate
        return 0
    with path.open("rb") as file:
        head = file.read(10)
    tag = 10 + sum((byte & 127) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    alike = sizes[np.abs(sizes - usual) <= 1]
    return int((end - (tag if head.startswith(b"ID3") else 0)) / alike.mean() * duration / len(sizes))


def _of_riff(head: bytes) -> Ms:
    """What a wav's data chunk promises: libav takes what is there for what was meant."""
    form, data = head.find(b"fmt "), head.find(b"data")
    if form < 0 or data < 0:
        return 0
    bytes_a_second = int.from_bytes(head[form + 16 : form + 20], "little")
    size = int.from_bytes(head[data + 4 : data + 8], "little")
    endless = size >= 0xFFFFFF00  # a live recorder's way of saying that it does not know
    return 0 if endless or not bytes_a_second else size * 1000 // bytes_a_second


def _of_asf(head: bytes) -> Ms:
    """The play duration of an asf (wma, wmv): libav scales it down when the file is shorter than it should be."""
    at = head.find(_ASF_FILE)
    if at < 0 or head[at + 88] & 1:  # broadcast: the length is not known
        return 0
    duration = int.from_bytes(head[at + 64 : at + 72], "little")  # in 100 ns, with the preroll
    return max(0, duration // 10_000 - int.from_bytes(head[at + 80 : at + 88], "little"))
