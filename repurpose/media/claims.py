"""The length a file's header promises, to be compared with what can be read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from repurpose.models import Ms

_GUESSED = {"mp3", "aac", "mpegts", "mpeg"}  # libav guesses their length from the bit rate or the last packet
_ASF_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")  # the File Properties Object of ASF 3.2
_HEAD_BYTES = 1 << 18


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
