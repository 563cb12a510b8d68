"""A few kills of the relay beside a receiver that fails. `make chaos` does it a hundred times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost(database: str) -> None:
    command = [sys.executable, "-m", "tests.chaos.outbox", "--kills", "4", "--events", "200", "--database", database]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
