"""Pictures come at their time, each one the right one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from repurpose.errors import BadMedia
from repurpose.media import ffmpeg
from repurpose.media.frames import Frame, between, still
from repurpose.models import Span
from tests.media.clock import make_clock, read


def number(frame: Frame) -> int:
    return read(frame.image.mean(axis=2).astype(np.uint8))


@pytest.fixture(scope="module", params=[(0, ".mp4"), (2, ".mp4"), (2, ".mkv")], ids=["plain", "B-frames", "mkv"])
def clock(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    bframes, suffix = request.param
    return make_clock(
        tmp_path_factory.mktemp("clock") / f"clock{suffix}", 200, Fraction(30000, 1001), gop=48, bframes=bframes
    )


def at(frame: int) -> int:
    return round(frame * 1001 / 30)


def test_between_is_half_open(clock: Path) -> None:
    shown = list(between(clock, Span(start=at(50), end=at(60))))
    assert [(frame.at, number(frame)) for frame in shown] == [(at(n), n) for n in range(50, 60)]


def test_between_thinned(clock: Path) -> None:
    shown = list(between(clock, Span(start=0, end=at(100)), every=1000))
    assert [number(frame) for frame in shown] == [0, 30, 60, 90]


@pytest.mark.parametrize(
    ("wanted", "frame"), [(0, 0), (at(70), 70), (at(70) + 20, 70), (at(71) - 1, 70), (60_000, 199)]
)
def test_still_is_what_is_on_show(clock: Path, wanted: int, frame: int) -> None:
    assert number(still(clock, wanted)) == frame


def test_width(clock: Path) -> None:
    assert still(clock, 0, width=80).image.shape == (48, 80, 3)


def test_the_first_shown_frame_is_at_0(tmp_path: Path) -> None:
    clock = make_clock(tmp_path / "clock.mp4", 50)
    ffmpeg.run(
        "-itsoffset", "0.5", "-i", clock, "-i", clock, "-map", "0:v", "-map", "1:a", "-c", "copy", tmp_path / "late.mkv"
    )
    assert [frame.at for frame in between(tmp_path / "late.mkv", Span(start=0, end=200))] == [0, 40, 80, 120, 160]
    assert number(still(tmp_path / "late.mkv", 1000)) == 25


def test_sound_has_no_pictures(tmp_path: Path) -> None:
    ffmpeg.run("-f", "lavfi", "-i", "sine=d=1", tmp_path / "sound.wav")
    assert list(between(tmp_path / "sound.wav", Span(start=0, end=1000))) == []
    with pytest.raises(BadMedia):
        still(tmp_path / "sound.wav", 0)
