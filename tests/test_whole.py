"""The whole program on the shipped sample, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.whole import faults

SAMPLE = Path(__file__).parent.parent / "assets" / "demo" / "webinar.mp4"
pytestmark = pytest.mark.slow


class Program:
    """`repurpose` in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *more: str) -> dict[str, Any]:
        """`repurpose run SAMPLE --json`, and what it said."""
        command = [
            sys.executable,
            "-m",
            "repurpose",
            "run",
            str(SAMPLE),
            "--out",
            str(self.folder / "out"),
            "--json",
            *more,
        ]
        environment = {**os.environ, "REPURPOSE_HOME": str(self.folder / "home")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def made(program: Program) -> dict[str, Any]:
    return program.run()


def test_all_four_rungs_are_made_and_true(made: dict[str, Any]) -> None:
    takes = sorted((cut["cut"], cut["take"]) for cut in made["cuts"])
    assert takes == [
        ("15s", 1),
        ("15s", 2),
        ("15s", 3),
        ("1min", 1),
        ("1min", 2),
        ("1min", 3),
        ("30min", 1),
        ("5min", 1),
    ]
    assert made["skipped"] == [] and made["failed"] == {}
    assert faults(Path(made["folder"])) == []


def test_a_second_run_does_nothing(program: Program, made: dict[str, Any]) -> None:
    assert program.run()["executed"] == []


def test_a_new_cut_runs_only_what_it_needs(program: Program, made: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "cuts").mkdir()
    (tmp_path / "cuts" / "90s.toml").write_text('at_most = "90s"\nwithin = "5min"\n')
    said = program.run("--presets", str(tmp_path))
    assert sorted(said["executed"]) == ["edits 90s", "edl 90s", "package", "rendition 90s.landscape"]
