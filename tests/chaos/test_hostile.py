"""Short forms of the long proofs: a torn upload, bodies nobody should send, releases switched while they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.fuzz import fuzzed
from tests.chaos.releases import GONE_S, switched
from tests.chaos.uploads import tried
from tests.web.apart import Apart


@pytest.mark.slow
def test_a_torn_upload_arrives_whole(tmp_path: Path) -> None:
    assert tried(tmp_path, 8_000_000, cuts=5, kills=2, seed=1) == []


@pytest.mark.slow
def test_bodies_nobody_should_send_break_nothing(tmp_path: Path) -> None:
    with Apart(tmp_path / "home") as server:
        assert fuzzed(server, server.key("admin"), 400, seed=1) == []


@pytest.mark.slow
def test_no_page_mixes_releases(tmp_path: Path) -> None:
    told, switches, last = switched(tmp_path, rate=40, seconds=4)
    assert told.faults == []
    assert switches > 2
    assert len(told.seen) > 1
    assert last < GONE_S
