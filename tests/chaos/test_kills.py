"""A few kills of the toy run. `make chaos` kills the real program many times."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.chaos.kills import Program, kill_many


def test_a_killed_run_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    program = Program([sys.executable, "-m", "tests.chaos.toy_run", "HOME"], tmp_path)
    assert kill_many(program, 3, seed=7) == []
