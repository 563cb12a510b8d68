"""`repurpose report`: its numbers, reckoned here by another way; its page in two languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from repurpose.cli import answer
from repurpose.db import scores
from repurpose.models.base import DAY_MS
from repurpose.models.scored import Word
from repurpose.pipeline.report import report_of
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load_leads
from repurpose.settings import settings_from
from tests.leads.audience import audience, known, watch

LEADS = 6
HOUR = 3_600_000
WHOLE = [(0, 30)]
HOT = [(0, 30), (12, 22), (12, 22)]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Eight visitors. All saw the whole replay, those of even number its middle two times more; six are known by name, of
    whom the first is a CMO who came back on the next day, saw the short cut through a mail, left a form, and bought."""
    home = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPURPOSE_HOME", str(home / "home"))
        patch.delenv("REPURPOSE_DATABASE", raising=False)
        patch.chdir(home)
        with Workplace(settings_from()) as place:
            made = audience(place)
            begins = made.event.published
            for number in range(8):
                pieces = WHOLE if number % 2 else HOT
                watch(made, number, made.replay, pieces, when=begins + number * HOUR)
            made.leads = [known(made, n, when=begins, came_by=n < 4, name=f"客户{n}") for n in range(LEADS)]
            watch(made, 0, made.short, [(0, 6)], when=begins + DAY_MS, player=1, channel="mail")
            known(made, 0, source="form", when=begins + DAY_MS + HOUR, name="周岚", title="CMO", company="远山科技")
            scores.say(place.engine, made.leads[0], Word(begins + 3 * DAY_MS, "won", 120_000), "crm")
            made.told = report_of(place, made.event, made.now)
            yield made


def test_what_was_watched(at: Any) -> None:
    told = at.told
    plays = [0] * 30
    for number in range(8):
        for first, end in WHOLE if number % 2 else HOT:
            for second in range(first, end):
                plays[second] += 1
    for second in range(6, 11):  # the short cut shows these; its edges lie in its intro and outro
        plays[second] += 1
    assert told["heat"]["plays"] == plays and told["heat"]["seen"] == [8] * 30
    assert told["watched"] == {
        "viewers": 8, "views": 9, "watch_ms": 8 * 30_000 + 4 * 20_000 + 6000, "halves": 9, "completes": 9
    }  # fmt: skip
    assert {one["start"] for one in told["heat"]["hot"]} >= {12_000, 18_000}
    (asked,) = told["proposals"]
    assert (asked["cut"], asked["hot_start"], asked["hot_end"], asked["plays"]) == ("15s", 12_000, 22_000, 16)
    assert [(one["channel"], one["views"], one["leads"]) for one in told["channels"]] == [
        ("site", 8, 6),
        ("mail", 1, 1),
    ]
    assert told["tail"]["days"] == (8, 1, 0, 0, 0) and told["tail"]["half_after"] == 0


def test_the_funnel_and_the_leads(at: Any) -> None:
    told, rules = at.told, load_leads()
    assert told["lead_count"] == LEADS and told["won_amount"] == 120_000
    assert told["funnel"]["counts"] == {"lead": 6, "mql": 1, "sql": 1, "opp": 1, "won": 1}
    first = told["leads"][0]
    assert (first["name"], first["company"], first["stage"]) == ("周岚", "远山科技", "won")
    assert {one["rule"] for one in first["reasons"]} >= {"form", "fit-decides", "watched-95"}
    begins = at.event.published

    def faded(points: float, when: int) -> float:
        return points * 0.5 ** ((at.now - when) / rules.half_life)

    # The replay earns the most one version can. Of the others the one who came last has the most left of it.
    assert told["leads"][1]["score"] == pytest.approx(faded(rules.per_asset, begins + 5 * HOUR), abs=0.1)
    short = sum(one.points for one in rules.watched) * rules.weights["15s"]
    mail = faded(short, begins + DAY_MS) + faded(rules.acts["form"], begins + DAY_MS + HOUR)
    assert first["score"] == pytest.approx(faded(rules.per_asset, begins) + mail + 15 + 5, abs=0.1)
    assert first["rfe"] == {"r": 4, "f": 2, "e": 3} and told["leads"][1]["rfe"]["f"] == 1
    assert told["live"] == {"registered": 6, "attended": 4, "minutes": 120}
    assert told["north_star"] == {"maturity": "growing", "numbers": (("active", 6), ("sql", 1))}


def test_what_led_to_it(at: Any) -> None:
    credit = at.told["attribution"]
    assert credit["conversions"] == 1
    assert {one["key"]: (one["first"], one["last"], one["linear"]) for one in credit["channel"]} == {
        "site": (1, 0, 0.5), "mail": (0, 1, 0.5)
    }  # fmt: skip
    assert {one["key"] for one in credit["cut"]} == {"replay", "15s"}


@pytest.mark.slow
def test_the_same_on_paper(at: Any) -> None:
    from pypdf import PdfReader

    for language, said in (("zh", "转化漏斗"), ("en", "Funnel")):
        assert answer(["report", "ku-cun", "--pdf", "--lang", language]) == 0
        text = "".join(page.extract_text() for page in PdfReader("ku-cun-report.pdf").pages)
        assert said in text and "周岚" in text and "0:12–0:22" in text


@pytest.mark.slow
def test_the_page_in_both_languages(at: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["report", "ku-cun"]) == 0
    page = Path("ku-cun-report.html").read_text("utf-8")
    assert (
        "活动复盘" in page
        and "周岚" in page
        and "观众反复观看 0:12–0:22" in page
        and "留下了联系方式" in page
        and "成交金额 1,200" in page
    )
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert answer(["report", "ku-cun", "--lang", "en", "-o", "en.html"]) == 0
    page = Path("en.html").read_text("utf-8")
    assert "Viewers re-watched 0:12–0:22" in page and "Left a name and an address" in page
    capsys.readouterr()
    assert answer(["report", "ku-cun", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["heat"] == at.told["heat"]
    assert answer(["report", "nothing"]) == 2
