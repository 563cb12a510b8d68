"""`repurpose leads`: who registered and who sent a form in comes out as leads, with the seconds each of them watched."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest

from repurpose.cli import answer
from repurpose.db import audit, submissions, views
from repurpose.db.films import films_of
from repurpose.db.submissions import Consent
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from
from repurpose.track.fold import Arrival, arrive
from repurpose.track.writer import write
from tests.track.made import batch, came, seg
from tests.web.served import published

SAMPLE = Path(__file__).parents[2] / "assets" / "demo" / "registrants.csv"
WHO, VISITOR = "guest069@example.com", f"v{'a' * 22}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An event whose replay somebody watched, who then sent in its form."""
    home = tmp_path_factory.mktemp("leads") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPURPOSE_HOME", str(home))
        patch.delenv("REPURPOSE_DATABASE", raising=False)
        with Workplace(settings_from()) as place:
            event = published(place)
            of = next(one for one in films_of(place.engine, event.id).values() if one.length == 30_000)
            views.consent(place.engine, VISITOR, "given", "", "1", "zh")
            seen = batch([seg(1, 0, 6000, 0), seg(2, 12_000, 20_000, 6000)], psid="p" * 22)
            one = arrive(seen, came(of, visitor=VISITOR))
            assert isinstance(one, Arrival)
            write(place.engine, [one], Counter())
            agreed = Consent("", "1", "zh", 1)
            fields = {"name": "曹思源", "email": WHO.upper(), "phone": "138 0013 8000"}
            submissions.add(place.engine, event.id, fields, visitor=VISITOR, consent=agreed)
    return home


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPURPOSE_HOME", str(home))
    monkeypatch.delenv("REPURPOSE_DATABASE", raising=False)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert answer(["leads", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.slow
def test_from_a_file_and_a_form_to_what_each_watched(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "120 new" in said(capsys, "import", str(SAMPLE), "--event", "ku-cun")
    assert "1 known already" in said(capsys, "import", "--forms")
    one = json.loads(said(capsys, "show", WHO, "--json"))
    assert one["seconds"] == 14 and one["watched"][0]["runs"] == [[0, 6], [12, 20]] and one["watch_ms"] == 14_000
    assert one["about"]["company"] == "示例电气" and one["attendance"][0]["minutes"] == 21
    assert {key["kind"] for key in one["known_by"]} == {"email", "phone"}
    assert one["stage"] == "lead" and {line["rule"] for line in one["ledger"]} == {"watched-25", "form", "fit-decides"}
    shown = said(capsys, "show", "138-0013-8000")
    assert "14 seconds of the recording" in shown and f"score {one['score']:.1f}, lead" in shown
    assert "watched-25" in shown and "0:00-0:06, 0:12-0:20" in shown
    (hot,) = json.loads(said(capsys, "list", "--hot", "--limit", "1", "--json"))["leads"]
    assert (hot["id"], hot["score"]) == (one["id"], one["score"])
    every = json.loads(said(capsys, "list", "--limit", "200", "--json"))["leads"]
    assert len(every) == 120 and sum(lead["watch_ms"] > 0 for lead in every) == 1
    sheet = tmp_path / "leads.csv"
    assert "120 leads" in said(capsys, "export", str(sheet), "--event", "ku-cun")
    assert sheet.stat().st_mode & 0o077 == 0
    lines = {line["id"]: line for line in csv.DictReader(sheet.read_text("utf-8-sig").splitlines())}
    assert lines[one["id"]]["email"] == WHO and lines[one["id"]]["phone"] == "'+8613800138000"
    assert lines[one["id"]]["stage"] == "lead" and abs(float(lines[one["id"]]["score"]) - one["score"]) < 0.02
    missed = json.loads(said(capsys, "list", "--segment", "missed", "--limit", "200", "--json"))["leads"]
    assert 0 < len(missed) < 119 and all("missed" in lead["segments"] for lead in missed)
    flat = tmp_path / "leads.parquet"
    assert f"{len(missed)} leads" in said(capsys, "export", str(flat), "--segment", "missed", "--parquet")
    assert pyarrow.parquet.read_table(flat).num_rows == len(missed) and flat.stat().st_mode & 0o077 == 0
    with Workplace(settings_from()) as place:
        assert audit.noted(place.engine)[0].action == "leads.export"


@pytest.mark.slow
def test_two_are_made_one_and_two_again(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "import", str(SAMPLE), "--event", "ku-cun")
    assert "120 taken in before" in said(capsys, "import", str(SAMPLE), "--event", "ku-cun")
    ids = [
        json.loads(said(capsys, "show", who, "--json"))["id"]
        for who in ("guest089@example.com", "guest117@example.com")
    ]
    said(capsys, "merge", "guest089@example.com", "guest117@example.com", "--reason", "one person")
    assert json.loads(said(capsys, "show", ids[0], "--json"))["id"] == ids[1]
    said(capsys, "unmerge", ids[0], "--reason", "two after all")
    assert json.loads(said(capsys, "show", ids[0], "--json"))["id"] == ids[0]


def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("name,email\nA,null\nB,nobody@example.com\n")
    assert answer(["leads", "import", str(bad)]) == 0
    told = capsys.readouterr()
    assert "1 new" in told.out and "line 2: email: names nobody (left out)" in told.err
    bad.write_text("a,b\n1,2\n")
    for words, why in (
        (["import", str(bad)], "--map"), (["import", str(tmp_path / "none.csv")], "no such file"), (["show", "nobody"], "no such lead"),
        (["import", str(SAMPLE), "--event", "none"], "no event"), (["import"], "FILE"), (["list", "--segment", "none"], "no-replay"),
    ):  # fmt: skip
        assert answer(["leads", *words]) == 2 and why in capsys.readouterr().err


@pytest.mark.slow
def test_somebody_is_forgotten(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sheet = tmp_path / "one.csv"
    sheet.write_text("name,email\nGo,gone@example.com\n")
    said(capsys, "import", str(sheet), "--event", "ku-cun")
    told = json.loads(said(capsys, "erase", "gone@example.com", "--yes", "--json"))
    assert told["hits"] == {} and told["files"] > 3
    assert answer(["leads", "show", "gone@example.com"]) == 2
    assert "1 forgotten" in said(capsys, "import", str(sheet), "--event", "ku-cun")
    sheet.write_text("name,email\nHe,here@example.com\n")
    said(capsys, "import", str(sheet))
    assert answer(["leads", "erase", "here@example.com", "--yes", "--also", str(tmp_path)]) == 2
    assert f"still in {sheet}: 1 times" in capsys.readouterr().err


@pytest.mark.slow
def test_a_link_of_their_own_for_each(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, out = tmp_path / "two.csv", tmp_path / "links.csv"
    sheet.write_text("name,email\n=Li,li@example.com\nWu,wu@example.com\n")
    said(capsys, "import", str(sheet), "--event", "ku-cun")
    assert answer(["links", "ku-cun", "--csv", str(out)]) == 2 and "REPURPOSE_PUBLIC_URL" in capsys.readouterr().err
    monkeypatch.setenv("REPURPOSE_PUBLIC_URL", "https://live.example.com")
    assert answer(["links", "ku-cun", "--csv", str(out)]) == 0
    first = {line["email"]: line for line in csv.DictReader(out.read_text("utf-8-sig").splitlines())}
    assert (
        len({line["link"] for line in first.values()}) == len(first) >= 2 and first["li@example.com"]["name"] == "'=Li"
    )
    assert answer(["links", "ku-cun", "--csv", str(out)]) == 0
    assert {line["email"]: line for line in csv.DictReader(out.read_text("utf-8-sig").splitlines())} == first
