"""A file that may have so many bytes has nearly as many, and never one too many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repurpose.errors import NothingFits
from repurpose.media.drawn import Drawn, next_rate
from repurpose.media.gate import gate
from repurpose.presets import RenderPreset
from tests.matrix import quick_first
from tests.media.clock import context, read_clock, sweeps
from tests.media.drawing import HEIGHT, WIDTH, clock, draw, noise, preset, wav


def fits(seed: int, folder: Path) -> Drawn:
    """Draw one clip into a share of the bytes it would like to have."""
    source = np.random.default_rng(1000 + seed)
    count, width, height = (
        int(source.integers(40, 120)),
        16 * int(source.integers(8, 20)),
        16 * int(source.integers(6, 12)),
    )
    at_most = int(count / 25 * (15_000 + width * height * source.uniform(0.15, 1.2)))
    render = RenderPreset(
        name="test", width=width, height=height, speed="veryfast", crf=20, at_most_bytes=at_most,
    )  # fmt: skip
    sound = wav(folder / f"{seed}.wav", sweeps(count / 25))
    target = folder / f"{seed}.mp4"
    made = draw(target, lambda: noise(count, seed, width, height), count, context(folder), render=render, sound=sound)
    assert made.bytes == target.stat().st_size <= at_most, (seed, made, at_most)
    if made.passes > 1:
        assert made.bytes >= 0.97 * at_most, (seed, made, at_most)
        assert made.note == ""
    gate(target, duration=round(count * 40), video=True, audio=True)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("seed", quick_first(range(6)))
def test_a_file_fills_what_it_may_have_and_no_more(tmp_path: Path, seed: int) -> None:
    assert fits(seed, tmp_path).passes > 1


@pytest.mark.slow
def test_a_hundred_files_fill_what_they_may_have(tmp_path: Path) -> None:
    made = [fits(seed, tmp_path) for seed in range(100)]
    assert sum(one.passes > 1 for one in made) > 50


def test_a_file_that_fits_is_left_as_it_is(tmp_path: Path) -> None:
    made = draw(
        tmp_path / "drawn.mp4", lambda: clock(50), 50, context(tmp_path), render=preset(at_most_bytes=10_000_000)
    )
    assert made.passes == 1
    assert read_clock(tmp_path / "drawn.mp4") == list(range(50))


def test_what_can_never_fit_is_said(tmp_path: Path) -> None:
    render = preset(at_most_bytes=1500)
    with pytest.raises(NothingFits, match="1500 bytes"):
        draw(tmp_path / "x.mp4", lambda: noise(50, 1, WIDTH, HEIGHT), 50, context(tmp_path), render=render)
    assert not (tmp_path / "x.mp4").exists()
    assert list(tmp_path.glob("drawn-*")) == []


def test_the_next_rate_is_in_proportion_or_between() -> None:
    assert next_rate(1000, [], 800) == 800
    assert next_rate(1000, [(800, 1250)], 800) == 640
    assert next_rate(1000, [(800, 1250), (640, 900)], 800) == pytest.approx(640 + 160 * 100 / 350)
    assert next_rate(1000, [(800, 500), (1600, 800)], 800) == 2000
