"""Pictures and sound to draw films from, and what a drawn film holds."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.media.board import planes_of
from repurpose.media.drawn import Drawn, draw_file
from repurpose.presets import RenderPreset
from tests.media.clock import paint

RATE = Fraction(25)
WIDTH, HEIGHT = 160, 96


def grey(level: int = 100, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    picture = np.full((height * 3 // 2, width), 128, np.uint8)
    planes_of(picture)[0][:] = level
    return picture


def clock(count: int) -> Iterator[NDArray[np.uint8]]:
    """Painted numbers, in one buffer that is painted over."""
    picture = grey()
    for number in range(count):
        planes_of(picture)[0][:] = paint(number)
        yield picture


def still(count: int, level: int = 100) -> Iterator[NDArray[np.uint8]]:
    picture = grey(level)
    for _ in range(count):
        yield picture


def noise(count: int, seed: int, width: int, height: int) -> Iterator[NDArray[np.uint8]]:
    """Pictures that are hard to encode, each clip in its own way: grain, flashes, drifting textures, quiet stretches."""
    source = np.random.default_rng(seed)
    strength, turn, drift = source.uniform(15, 90), int(source.integers(5, 40)), int(source.integers(0, 5))
    quiet = source.random() < 0.5
    texture = source.integers(20, 230, (height * 2, height + width), np.uint8)
    picture = grey(100, width, height)
    planes = planes_of(picture)
    for number in range(count):
        at = number * drift % height
        base = texture[at : at + height, at : at + width].astype(np.float32)
        if not (quiet and number // turn % 2):
            base = base + source.normal(0, strength, base.shape)
        planes[0][:] = np.clip(base, 16, 235).astype(np.uint8)
        planes[1][:] = np.clip(source.normal(128, strength / 4, planes[1].shape), 16, 240).astype(np.uint8)
        yield picture


def preset(**fields: Any) -> RenderPreset:
    return RenderPreset(name="test", width=WIDTH, height=HEIGHT, speed="ultrafast", **fields)


def draw(target: Path, frames: Any, count: int, ctx: Context, **more: Any) -> Drawn:
    given: dict[str, Any] = {
        "render": preset(), "script": None, "fonts": None, "overlays": (), "sound": None, "metadata": {}, "chapters": (),
    }  # fmt: skip
    return draw_file(frames, count, more.pop("rate", RATE), target, **{**given, **more}, ctx=ctx)


def wav(path: Path, samples: NDArray[np.float32], channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((np.repeat(samples, channels) * 32767).astype("<i2").tobytes())
    return path


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def facts(path: Path) -> tuple[dict[str, str], list[tuple[int, int, str]]]:
    with av.open(str(path)) as container:
        chapters = [
            (round(1000 * one["start"] * one["time_base"]), round(1000 * one["end"] * one["time_base"]),
             one["metadata"]["title"])
            for one in container.chapters()
        ]  # fmt: skip
        return dict(container.metadata), chapters
