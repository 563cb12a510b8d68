"""Two kills while views are written. `make chaos` does it fifty times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_what_was_acknowledged_is_there() -> None:
    command = [sys.executable, "-m", "tests.chaos.ingest", "--count", "2"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
