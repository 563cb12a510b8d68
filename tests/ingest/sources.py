"""Sources as people hand them in, each with a flash and a beep every second at the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from repurpose.context import Context
from repurpose.media import ffmpeg
from repurpose.media.audio import pcm
from repurpose.media.frames import between
from repurpose.models import Recording, Span
from repurpose.store import FolderStore

# White for 80 ms at the start of every second from 1 s on, and a 1 kHz beep just as long.
_FLASH = (
    "color=black:s={size}:r={rate}:d={seconds},drawbox=t=fill:color=white:enable='gte(t,0.99)*lt(mod(t+0.0005,1),0.08)'"
)
_BEEP = "aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,0.99)*lt(mod(t,1),0.08)':s={hz}:d={seconds}"


def make(
    target: Path,
    *,
    seconds: float = 6,
    size: str = "160x90",
    rate: str = "25",
    hz: int = 48000,
    video: Iterable[str] = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "50"),
    audio: Iterable[str] | None = ("-c:a", "aac"),
    filters: str = "null",
    sound_filters: str = "anull",
    before: Iterable[str] = (),
) -> Path:
    """A recording of flashes and beeps; `audio` None leaves the sound out."""
    sound = _BEEP.format(hz=hz, seconds=seconds) + "," + sound_filters
    ffmpeg.run(
        "-f", "lavfi", "-i", f"{_FLASH.format(size=size, rate=rate, seconds=seconds)},{filters}",
        *(() if audio is None else ("-f", "lavfi", "-i", sound)),
        *before, *video, *(() if audio is None else audio), target,
    )  # fmt: skip
    return target


def context(folder: Path) -> Context:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return Context(scratch, FolderStore(folder / "store"))


def skews(recording: Recording, ctx: Context) -> list[float]:
    """Milliseconds by which each beep comes after its flash, one figure for each second."""
    path = ctx.store.path(recording.media)
    flashes = _rises(
        [(frame.at, float(frame.image.mean())) for frame in between(path, Span(start=0, end=recording.duration))], 100
    )
    heard = np.concatenate(list(pcm(path, 48_000)))[:, 0]
    loud = np.abs(heard[: len(heard) // 48 * 48]).reshape(-1, 48).max(axis=1)
    beeps = _rises(list(enumerate(loud.tolist())), float(loud.max()) / 5)
    return [min((beep - flash for beep in beeps), key=abs) for flash in flashes]


def _rises(levels: list[tuple[int, float]], limit: float, apart: int = 500) -> list[int]:
    """When a level passes `limit`, each at least `apart` ms after the one before."""
    found: list[int] = []
    for at, level in levels:
        if level > limit and (not found or at - found[-1] > apart):
            found.append(at)
    return found
