"""`repurpose views`: what was watched is told, totals are taken in, and what viewers watched is written for the next run."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from repurpose.cli import answer
from repurpose.db.films import films_of
from repurpose.models import Choices, Retention, Span
from repurpose.pipeline.watched import retention_of
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from
from repurpose.track.fold import Arrival, arrive
from repurpose.track.writer import write
from tests.track.made import batch, came, seg
from tests.web.served import published


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPURPOSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("REPURPOSE_DATABASE", raising=False)
    with Workplace(settings_from()) as place:
        published(place)
    return tmp_path


def watched(viewers: int, again: int = 0) -> None:
    """The replay, by so many, who all jump over its second sentence, and watch the third and fourth so often again."""
    with Workplace(settings_from()) as place:
        event = published(place)
        of = next(one for one in films_of(place.engine, event.id).values() if one.length == 30_000)
        for k in range(viewers):
            one = arrive(
                batch(
                    [
                        seg(1, 0, 6000, 0),
                        seg(2, 12_000, 30_000, 6000),
                        *(seg(3 + turn, 12_000, 22_000, 24_000 + turn * 10_000) for turn in range(again)),
                    ],
                    psid=f"{k:022}",
                ),
                came(of, visitor=f"d{k:022}"),
            )
            assert isinstance(one, Arrival)
            write(place.engine, [one], Counter())


def test_what_was_watched_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["views", "ku-cun"]) == 0
    assert "nobody watched any of it yet" in capsys.readouterr().out
    watched(6)
    assert answer(["views", "ku-cun"]) == 0
    told = capsys.readouterr().out
    assert "6 viewers" in told and "replay.mp4" in told and "欢迎来到今天的直播。" in told and "█" in told
    assert answer(["views", "ku-cun", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["plays"] == [6] * 6 + [0] * 6 + [6] * 18 and found["assets"][0]["views"] == 6
    assert answer(["views", "nothing"]) == 2


def test_what_viewers_watched_goes_into_the_next_run(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    watched(4)
    with Workplace(settings_from()) as place:
        event = published(place)
        assert retention_of(place, event.id) == Retention()  # too few to say anything of the talk
        watched(6)
        found = retention_of(place, event.id)
    assert found.watched[8] == 0 < found.offered[8] and found.watched[3] > found.offered[3]
    file = home / "retention.json"
    assert answer(["views", "ku-cun", "--retention", str(file)]) == 0
    assert Retention.model_validate_json(file.read_text()) == found


def test_what_they_watched_again_is_proposed_as_a_cut(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    watched(6)
    file = home / "choices.json"
    assert answer(["views", "ku-cun", "--choices", str(file)]) == 2
    watched(6, again=2)  # the same six went on
    assert answer(["views", "ku-cun"]) == 0
    assert "viewers re-watched 0:12-0:22, 3 times as often as usual: make 0:12-0:23 a 15s" in capsys.readouterr().out
    assert answer(["views", "ku-cun", "--choices", str(file)]) == 0
    assert Choices.model_validate_json(file.read_text()) == Choices(keep=(Span(start=12_000, end=23_000),))


def test_totals_are_taken_in_and_kept_apart(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "totals.csv"
    file.write_text("平台,作品,日期,播放量\n视频号,15s-1.vertical,2026-11-06,1280\n", "gb18030")
    for _ in range(2):  # told again, it is replaced
        assert answer(["views", "import", str(file), "--event", "ku-cun"]) == 0
    assert answer(["views", "ku-cun"]) == 0
    told = capsys.readouterr().out
    assert told.count("视频号 2026-11-06 cuts/15s-1.vertical.mp4: 1280 views") == 1 and "nobody watched" in told
    assert answer(["views", "import", str(file)]) == 2
