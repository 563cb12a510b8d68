"""What visitors search, in Chinese and in English, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from repurpose.db import events
from repurpose.db.events import EventRow
from repurpose.db.search import Found, search
from repurpose.models.published import SiteSettings
from repurpose.pipeline.release import enter, point
from repurpose.pipeline.workplace import Workplace
from tests.publish.released import release_of


def show(place: Workplace, slug: str, **other: Any) -> EventRow:
    event = events.create(place.engine, slug=slug, title=other.get("title", slug), date=other.pop("date", ""))
    point(place, event.id, enter(place, event, release_of(place.store, slug, **other), "test").number, "test")
    return event


def texts(found: list[Found]) -> list[str]:
    return [hit.text for each in found for hit in each.hits]


def marked(found: list[Found]) -> list[str]:
    return [hit.text[start:end] for each in found for hit in each.hits for start, end in hit.marks]


def test_chinese_and_english_are_found_where_they_were_said(place: Workplace) -> None:
    show(place, "a", title="A talk", pages=())
    for words, text, marks in (
        ("库存", "第一个问题是库存成本。", ["库存"]),
        ("成本", "第一个问题是库存成本。", ["成本"]),
        ("庫存成本", "第一个问题是库存成本。", ["库存成本"]),  # traditional
        ("周转天数", "周转天数降低了百分之四十。", ["周转天数"]),
        ("转天", "周转天数降低了百分之四十。", ["转天"]),  # however it was cut
        ("supply CHAIN", "The supply chain costs less.", ["supply", "chain"]),
        ("cost", "The supply chain costs less.", ["costs"]),
        ("ＣＯＳＴＳ", "The supply chain costs less.", ["costs"]),  # full width
        ("suppl", "The supply chain costs less.", ["supply"]),
    ):
        found = search(place.engine, words)
        assert texts(found) == [text], words
        joined = "".join(marked(found)) if len(marked(found)) != len(marks) else marked(found)
        assert joined in (marks, "".join(marks)), words
    (hit,) = search(place.engine, "周转")[0].hits
    assert (hit.kind, hit.start_ms, hit.end_ms, hit.speaker) == ("said", 12_000, 17_000, "林晓")


def test_all_words_must_stand_together(place: Workplace) -> None:
    show(place, "a", title="A talk", pages=())
    assert texts(search(place.engine, "库存 周转")) == [
        "第一个问题是库存成本。"
    ]  # in two sentences, one after the other
    assert search(place.engine, "库存 supply") == [] and search(place.engine, "存库") == []
    assert texts(search(place.engine, "the supply of chains")) == ["The supply chain costs less."]


@pytest.mark.parametrize("words", ["", "   ", "？！", "'", '"', "own : x", "NEAR(a b)", "a AND", "x*", "'); DROP TABLE events; --", "\\", "%", "_", "\x00", "🙂", "a" * 5000, "库" * 5000])  # fmt: skip
def test_any_input_is_only_words(place: Workplace, words: str) -> None:
    show(place, "a")
    assert isinstance(search(place.engine, words), list)


def test_titles_speakers_topics_and_pages_are_found(place: Workplace) -> None:
    show(place, "a", title="库存公开课", pages=("", "看板 MES 42 40%"), site=SiteSettings(topics=("精益生产",)))
    for words, kind, start in (
        ("公开课", "title", 0),
        ("fieldline", "title", 0),
        ("精益", "title", 0),
        ("mes 42", "slide", 6000),
    ):
        (found,) = search(place.engine, words)
        assert [(hit.kind, hit.start_ms) for hit in found.hits] == [(kind, start)], words


def test_events_come_best_first_and_each_with_few_hits(place: Workplace) -> None:
    often = [f"质量 {number}。" for number in range(8)]
    show(place, "old", title="无关", said=["质量检测。"], date="2025-01-01")
    show(place, "new", title="无关", said=["质量检测。"], date="2026-01-01")
    show(place, "many", title="无关", said=often, date="2024-01-01")
    show(place, "named", title="质量", said=["别的。"], date="2023-01-01")
    found = search(place.engine, "质量")
    assert [(each.slug, each.count, len(each.hits)) for each in found] == [
        ("named", 1, 1), ("many", 8, 3), ("new", 1, 1), ("old", 1, 1),
    ]  # fmt: skip
    assert [hit.text for hit in found[1].hits] == often[:3]
    assert [each.slug for each in search(place.engine, "质量", limit=2)] == ["named", "many"]


def test_within_one_event_and_only_there(place: Workplace) -> None:
    one, two = show(place, "one", title="一"), show(place, "two", title="二", site=SiteSettings(listed=False))
    assert [each.slug for each in search(place.engine, "库存")] == ["one"]  # the other is not listed
    assert [each.slug for each in search(place.engine, "库存", event=two.id)] == ["two"]
    (found,) = search(place.engine, "直播 库存", event=one.id, per_event=100)
    assert found.count == 1 and found.event_id == one.id
