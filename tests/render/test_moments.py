"""Films for 朋友圈 as they are drawn: never longer than 15.0 s, never over 10 000 000 bytes, whatever they show.

Each is as long as its rate allows, has sound that would go on, and shows grain, confetti, scrolling type, flashes, slides or
a still picture, at several sizes and rates. `REPURPOSE_MOMENTS=100` draws a hundred of them. Only the drawing is done, as
only it can break a limit: what is chosen is short enough already, and refused where it is not (test_drawing.py);
`python -m tests.bench.bench_moments` cuts, lays out and draws whole recordings.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from repurpose import presets
from repurpose.media.gate import gate
from repurpose.media.plan import time_of
from tests.bench.bench_moments import AT_MOST_BYTES, AT_MOST_MS, KINDS, RATES, Image, pictures
from tests.media import RATE, context, sweeps
from tests.media.drawing import draw, facts, wav
from tests.whole import ends_ms

COUNT = int(os.environ.get("REPURPOSE_MOMENTS", "4"))
SHOWN = (*KINDS, "slides", "still")
SIZES = ((540, 960), (720, 720), (540, 960), (480, 854), (1080, 1920))  # noise is too much for 10 MB in all of them
MOMENTS = presets.load().render["moments"]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_film_for_moments_keeps_to_its_limits(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    kind, (width, height) = SHOWN[seed % len(SHOWN)], SIZES[seed % len(SIZES)]
    quick = [each for each in RATES if width < 1080 or each <= 30]  # full size at 60 a second takes a minute
    rate = dice.choice(quick)
    count = int(rate * AT_MOST_MS / 1000)  # not one more would do
    target = tmp_path / "moments.mp4"
    made = draw(
        target, lambda: showing(kind, seed, count, width, height), count, context(tmp_path),
        rate=rate, render=MOMENTS.model_copy(update={"width": width, "height": height}),
        sound=wav(tmp_path / "sound.wav", sweeps(AT_MOST_MS / 1000 + 1), channels=2), metadata={"title": kind},
    )  # fmt: skip
    what = f"{kind} {width}x{height} at {float(rate):.2f}: {made}"
    print(what)
    ends = ends_ms(target)
    assert AT_MOST_MS - 1000 / rate - 1 < max(ends.values()) <= AT_MOST_MS, what
    assert made.bytes == target.stat().st_size <= AT_MOST_BYTES == MOMENTS.at_most_bytes, what
    assert made.passes == 1 or made.bytes >= 0.97 * AT_MOST_BYTES, what
    assert made.passes > 1 or kind != "grain", what  # else the limit was not tried
    assert facts(target)[0]["title"] == kind
    gate(target, duration=time_of(count, rate), video=True, audio=True)
    assert abs(ends["audio"] - ends["video"]) < 1000 * 1024 / RATE + 1, what


def showing(kind: str, seed: int, count: int, width: int, height: int) -> Iterator[Image]:
    """The same pictures each time they are asked for."""
    if kind == "still":
        return still_page(seed, count, width, height)
    if kind == "slides":
        return slides(seed, count, width, height)
    return pictures(kind, random.Random(seed), count, width, height)


def still_page(seed: int, count: int, width: int, height: int) -> Iterator[Image]:
    """One page all along."""
    page = next(slides(seed, 1, width, height))
    return (page for _ in range(count))


def slides(seed: int, count: int, width: int, height: int) -> Iterator[Image]:
    """Pages of lines of type, another one every two to four seconds."""
    source = np.random.default_rng(seed)
    turn = int(source.integers(50, 100))
    for number in range(count):
        if number % turn == 0:
            page = np.full((height * 3 // 2, width), 128, np.uint8)
            page[:height] = 235
            for top in range(height // 10, height * 9 // 10, 24):
                end = int(source.integers(width // 3, width * 9 // 10))
                marks = source.integers(0, 2, (3, (end - width // 10) // 4 + 1), np.uint8) * 200
                lines = 235 - np.kron(marks, np.ones((4, 4), np.uint8))[:, : end - width // 10]
                page[top : top + len(lines), width // 10 : end] = lines
        yield page
