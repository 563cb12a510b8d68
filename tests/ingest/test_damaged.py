"""Damaged copies, a small number of them; `python -m tests.chaos.damaged` does hundreds."""

from __future__ import annotations

from pathlib import Path

import pytest

from repurpose.media import ffmpeg
from tests.chaos.damaged import judge, spoil
from tests.media.clock import make_clock


@pytest.mark.slow
def test_damaged_copies_are_refused_or_their_loss_is_said(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    originals = [(make_clock(whole / f"clock{suffix}", 250, bframes=2), 10_000) for suffix in (".mp4", ".mkv", ".flv")]
    ffmpeg.run("-f", "lavfi", "-i", "sine=d=10", whole / "tone.wav")
    originals.append((whole / "tone.wav", 10_000))
    copies = tmp_path / "copies"
    copies.mkdir()
    items = list(spoil(originals, copies, 40))
    found = list(judge(items, limit_s=60))
    assert len(found) == len(items)
    assert {item.path.name: wrong for item, _, wrong in found if wrong} == {}
