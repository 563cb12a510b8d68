"""What the tests of cuts share."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.media.clock import make_clock
from tests.media.cutting import Clocks


@pytest.fixture(scope="session")
def clocks(tmp_path_factory: pytest.TempPathFactory) -> Clocks:
    """Recordings that tell the time, each made once."""
    folder = tmp_path_factory.mktemp("clocks")

    def made(rate: Fraction, gop: int, bframes: int, frames: int) -> Path:
        path = folder / f"{rate.numerator}-{gop}-{bframes}-{frames}.mp4"
        if not path.exists():
            make_clock(path, frames, rate, gop=gop, bframes=bframes, x264="b-pyramid=normal")
        return path

    return made
