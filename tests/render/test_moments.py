"""Whole films for 朋友圈 of varied recordings: never longer than 15.0 s, never over 10 000 000 bytes.

`REPURPOSE_MOMENTS=100` draws a hundred of them; a tenth, otherwise: grain, confetti, scrolling type, flashes and pieces of
the sample, at several sizes and rates, each as long as may be.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.bench_moments import AT_MOST_BYTES, AT_MOST_MS, one
from tests.whole import ends_ms

COUNT = int(os.environ.get("REPURPOSE_MOMENTS", "10"))
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_film_for_moments_keeps_to_its_limits(seed: int, tmp_path: Path) -> None:
    what, film, path = one(seed, tmp_path)
    assert max(ends_ms(path).values()) <= AT_MOST_MS, what
    assert path.stat().st_size == film.video.size <= AT_MOST_BYTES, what
