"""`repurpose watch`: what a person reads and another program gets, and that a recording dropped in ends as a draft."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from repurpose.cli import answer
from repurpose.cli.watch import sentence
from repurpose.ingest.watch_folder import WatchFolder
from repurpose.web.watching import Happened
from tests.cli.test_commands import Desk

QUICK = {"REPURPOSE_WATCH_STILL": "0.2", "REPURPOSE_WATCH_LOOK": "0.1"}


def test_each_thing_that_happens_is_one_line() -> None:
    lines = [
        sentence(Happened("taken", "会.mp4", run="ru_1", event="ev_1", called="会")),
        sentence(Happened("done", "my talk.mp4", now="done/my talk.mp4", called="my talk")),
        sentence(Happened("failed", "a.mp4", "a.mp4: is text.\nmore", "failed/a.mp4")),
        sentence(Happened("duplicate", "b.mp4", "The same as a.mp4.", "duplicates/b.mp4")),
        sentence(Happened("waiting", "c.mp4", "A program still has it open to write.")),
    ]
    assert lines == [
        "→ 会.mp4: taken, becomes 会",
        "✓ my talk.mp4: made. To show it: repurpose publish 'my talk'",
        "✗ a.mp4: a.mp4: is text. (failed/a.mp4)",
        "= b.mp4: The same as a.mp4. (duplicates/b.mp4)",
        "… c.mp4: waits. A program still has it open to write.",
    ]


def test_a_folder_that_is_watched_or_not_there_is_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPURPOSE_HOME", str(tmp_path / "home"))
    for folder, why in ((tmp_path, "is watched already, by process"), (tmp_path / "nowhere", "no such folder")):
        with WatchFolder(tmp_path):
            assert answer(["watch", str(folder)]) == 2
        told = capsys.readouterr().err
        assert why in told and told.count("\n") == 1


@pytest.mark.slow
def test_what_is_dropped_in_becomes_a_draft_that_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    drop = tmp_path / "drop"
    drop.mkdir()
    assert desk.call("watch", drop, "--once") == (0, "", "")
    shutil.copy(desk.recording, drop / "秋季.mp4")
    shutil.copy(desk.recording, drop / "秋季 (1).mp4")
    shutil.copy(desk.recording.with_suffix(".srt"), drop / "秋季.srt")
    shutil.copy(desk.recording.with_suffix(".srt"), drop / "秋季 (1).srt")
    (drop / "bad.mp4").write_text("Minutes\n" * 100)
    said = desk.call("watch", drop, "--once", "--json")
    assert said.code == 2, said.err
    told = {(line["what"], line["name"]): line for line in map(json.loads, said.out.splitlines())}
    assert told.keys() == {
        ("failed", "bad.mp4"), ("taken", "秋季 (1).mp4"), ("duplicate", "秋季.mp4"), ("done", "秋季 (1).mp4")
    }  # fmt: skip
    assert told["done", "秋季 (1).mp4"]["now"] == "done/秋季 (1).mp4" and (drop / "done" / "秋季 (1).srt").is_file()
    assert desk.call("publish", "秋季 (1)").out.startswith("秋季 (1): release 1 is shown at /e/qiu-ji-1")
    assert desk.call("watch", drop, "--once") == (0, "", "")
