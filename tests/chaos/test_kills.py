"""A few kills of the toy run. `make chaos` kills the real program many times."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.chaos.kills import Program, kill_many, leftovers, retarget

TOY = [sys.executable, "-m", "tests.chaos.toy_run", "HOME"]


@pytest.mark.slow
def test_a_killed_run_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    assert kill_many(Program(TOY, tmp_path), 3, seed=7) == []


@pytest.mark.slow
def test_ctrl_c_leaves_clean_rows_and_nothing_else(tmp_path: Path) -> None:
    for attempt in range(5):  # what ran may come to its end before the signal does: then once more
        home = tmp_path / str(attempt)
        program = retarget(Program(TOY, home), home)
        child = program.start()
        while not any(row.state == "running" for row in program.rows().values()):
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 130
        states = {row.state for row in program.rows().values()}
        assert states <= {"done", "cancelled"}
        assert leftovers(home) == []
        program.finish()
        assert {row.state for row in program.rows().values()} == {"done"} and leftovers(home) == []
        if "cancelled" in states:
            return
    raise AssertionError("five times nothing was cancelled")
