"""A few drops while the watcher is killed. `make chaos` does it with 200."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.watching import watch_many


@pytest.mark.slow
def test_killed_in_between_it_takes_everything_once(tmp_path: Path) -> None:
    assert watch_many(tmp_path, 8, seed=3, still=0.6) == []
