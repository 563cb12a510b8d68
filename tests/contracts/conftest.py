"""A place to work in on each database we run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from tests.databases import BOTH, ready_database


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workplace]:
    settings = Settings(home=tmp_path, database=ready_database(request.param, tmp_path))
    with Workplace(settings, threads=1) as place:
        yield place
