"""`repurpose --help` costs nothing, and tells of every command."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from repurpose.cli import COMMANDS, overview
from repurpose.cli.bars import lasted
from repurpose.cli.status import WIDTH, bar, squeezed

HEAVY = ("pydantic", "sqlalchemy", "rich", "numpy", "av", "cv2", "faster_whisper", "PIL", "jinja2", "jieba")


def test_the_overview_imports_nothing_heavy() -> None:
    code = f"import sys, repurpose.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_is_there_and_explains_itself() -> None:
    runner = CliRunner()
    assert all(name in runner.invoke(overview, ["--help"]).output for name in COMMANDS)
    for name in COMMANDS:
        shown = runner.invoke(overview, [name, "--help"])
        assert shown.exit_code == 0
        assert f"Usage: overview {name}" in shown.output


def test_times_are_short() -> None:
    assert [lasted(seconds) for seconds in (0.04, 9.94, 9.96, 99.4, 99.6, 3599.6)] == [
        "0.0 s", "9.9 s", "10 s", "99 s", "1:40 min", "60:00 min",
    ]  # fmt: skip


def test_the_timeline_leaves_out_idle_time() -> None:
    place = squeezed([(0, 100), (50, 200), (10_000, 10_200)])
    assert [place(at) for at in (0, 100, 200, 10_000, 10_200)] == [0.0, 0.25, 0.5, 0.5, 1.0]
    assert squeezed([])(5) == 0.0


def test_a_bar_is_never_empty_nor_too_long() -> None:
    assert bar(0.0, 1.0) == "=" * WIDTH
    assert bar(1.0, 1.0) == " " * (WIDTH - 1) + "="
    assert all(len(bar(k / 97, min(1.0, k / 97 + 0.01))) == WIDTH for k in range(98))
