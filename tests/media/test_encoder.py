"""Which encoder draws: one that is named must really encode, and one is found on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from repurpose.errors import UserError
from repurpose.media import ffmpeg
from repurpose.media.encoder import HARDWARE, SOFTWARE, encoder_name, quality


def encode(name: str, target: Path) -> None:
    options = [part for key, value in quality(name, 22, "veryfast").items() for part in (f"-{key}", value)]
    source = ("-f", "lavfi", "-i", "testsrc2=duration=1:size=320x240:rate=25")
    ffmpeg.run(*source, "-c:v", name, *options, "-maxrate", "2M", "-bufsize", "2M", target)


def test_the_one_that_is_found_encodes_with_its_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REPURPOSE_ENCODER", raising=False)
    found = encoder_name()
    assert found in (*HARDWARE, SOFTWARE)
    assert encoder_name() is found
    encode(found, tmp_path / "x.mp4")
    assert (tmp_path / "x.mp4").stat().st_size


@pytest.mark.parametrize("name", HARDWARE)
def test_hardware_that_is_there_takes_its_options(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPURPOSE_ENCODER", name)
    try:
        encoder_name()
    except UserError as error:
        assert name in str(error)
        assert "cannot encode on this machine" in str(error)
        pytest.skip(str(error))
    encode(name, tmp_path / "x.mp4")


def test_one_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPURPOSE_ENCODER", SOFTWARE)
    assert encoder_name() == SOFTWARE


def test_one_that_nobody_knows_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPURPOSE_ENCODER", "h265_magic")
    with pytest.raises(UserError, match=r"h265_magic.*libx264"):
        encoder_name()


def test_one_that_cannot_encode_here_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stand-in for ffmpeg that fails as one without a driver does."""
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\necho 'Cannot load libcuda.so.1' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("REPURPOSE_FFMPEG", str(broken))
    monkeypatch.setenv("REPURPOSE_ENCODER", "h264_nvenc")
    with pytest.raises(UserError, match=r"h264_nvenc: cannot encode on this machine \(Cannot load libcuda.so.1\)"):
        encoder_name()
    monkeypatch.delenv("REPURPOSE_ENCODER")
    assert encoder_name() == SOFTWARE
