"""What every test shares: no deadline on a busy machine, no ERROR in the log, one loud line when Chromium is missing."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ
)  # slow is no fault; CI repeats itself
hypothesis.settings.load_profile("house")
LONG = (  # files that take minutes: begun first, so that no process is left alone with one at the end
    "test_whole.py", "test_smartcut.py", "test_drawn_size.py", "test_identity_kept.py", "test_moments.py", "test_gallery.py",
    "test_hostile.py", "test_security.py", "test_access.py", "test_sheet.py", "test_workers.py", "test_batch.py",
)  # fmt: skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test in which something logs ERROR has failed, whatever else it says."""
    yield
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, f"logged: {errors}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: (
            LONG.index(item.path.name) if item.path.name in LONG else len(LONG),
            item.get_closest_marker("browser") is not None,  # last: a browser leaves a running loop in its process
        )
    )
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line(
            "NO CHROMIUM: the browser tests were SKIPPED. Install chromium to run them.", yellow=True, bold=True
        )
