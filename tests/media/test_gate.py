"""What the gate lets through, and what it says of what it stops."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from repurpose.errors import GateError
from repurpose.media import ffmpeg
from repurpose.media.gate import gate
from tests.media import make_clock


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gate")
    plain = make_clock(folder / "plain.mp4", 125, gop=25, bframes=2)
    ffmpeg.run("-i", plain, "-c", "copy", "-movflags", "+faststart", folder / "whole.mp4")
    return folder / "whole.mp4"


def test_a_whole_file_passes(whole: Path) -> None:
    gate(whole, duration=5000, video=True, audio=True)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95, 0.999])
def test_a_file_that_breaks_off_is_stopped(whole: Path, tmp_path: Path, share: float) -> None:
    broken = tmp_path / "broken.mp4"
    data = whole.read_bytes()
    broken.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(GateError, match=r"broken\.mp4: "):
        gate(broken, duration=5000, video=True, audio=True)


@pytest.mark.parametrize(
    ("arguments", "asked", "said"),
    [
        (("-t", "4", "-c", "copy", "-movflags", "+faststart"), (5000, True, True), "ends at"),
        (("-an", "-c", "copy", "-movflags", "+faststart"), (5000, True, True), "has video, not video and audio"),
        (("-c", "copy", "-movflags", "+faststart"), (5000, True, False), "has video and audio, not video"),
        (("-c", "copy"), (5000, True, True), "its index comes last"),
        (("-af", "atrim=0:4.7", "-c:v", "copy", "-movflags", "+faststart"), (5000, True, True), "its sound at"),
    ],
    ids=["short", "mute", "unasked", "slow-start", "skewed"],
)
def test_what_is_wrong_is_said(
    whole: Path, tmp_path: Path, arguments: tuple[str, ...], asked: tuple[int, bool, bool], said: str
) -> None:
    made = tmp_path / "made.mp4"
    ffmpeg.run("-i", whole, *arguments, made)
    with pytest.raises(GateError, match=said):
        gate(made, duration=asked[0], video=asked[1], audio=asked[2])


def test_an_end_that_does_not_decode_is_stopped(whole: Path, tmp_path: Path) -> None:
    """The last second of the media data overwritten: the index still promises all of it."""
    spoilt = tmp_path / "spoilt.mp4"
    data = bytearray(whole.read_bytes())
    dice = random.Random(1)
    at = int(len(data) * 0.8)
    data[at : len(data) - 10] = bytes(dice.randrange(256) for _ in range(len(data) - 10 - at))
    spoilt.write_bytes(data)
    with pytest.raises(GateError):
        gate(spoilt, duration=5000, video=True, audio=True)


@pytest.mark.parametrize("data", [b"", b"not a film at all", b"\0\0\0\x08free"])
def test_what_is_no_film_is_stopped(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(data)
    with pytest.raises(GateError):
        gate(path, duration=1000, video=True, audio=False)
