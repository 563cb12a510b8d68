"""Chapters cover everything, keep their bounds, and begin where the topic or the page changes."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.highlights.chapters import divide
from repurpose.models import AgendaItem, Chapters, Event, Slides, Transcript
from repurpose.text.headline import width
from tests.edit.fabricate import context
from tests.highlights.fabricate import PRESET, page, transcript

TOPICS = [
    ["库存", "预测", "供应链", "仓库", "订单", "物流"],
    ["直播", "观众", "回放", "剪辑", "字幕", "镜头"],
    ["融资", "股东", "估值", "上市", "审计", "利润"],
]
EVENT = Event(name="talk")


def three_topics(each: int = 40, seed: int = 1) -> Transcript:
    rng = random.Random(seed)
    return transcript([f"{''.join(rng.choices(topic, k=4))}。" for topic in TOPICS for _ in range(each)])


def chapters(said: Transcript, slides: Slides | None = None, event: Event = EVENT) -> Chapters:
    return divide(said, slides or Slides(), event, PRESET, context())


def test_three_topics_are_three_chapters() -> None:
    found = chapters(three_topics()).items
    assert len(found) == 3
    assert all(abs(chapter.first - at) <= 2 for chapter, at in zip(found, (0, 40, 80), strict=True))


@pytest.mark.slow
@given(st.integers(1, 220), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_chapters_cover_all_sentences_in_order_and_are_named(size: int, seed: int) -> None:
    rng = random.Random(seed)
    said = transcript(
        ["".join(rng.choices("天地玄黄宇宙洪荒日月盈昃，。", k=rng.randrange(1, 40))) for _ in range(size)]
    )
    found = chapters(said).items
    assert [chapter.first for chapter in found] == [0, *(chapter.last + 1 for chapter in found[:-1])]
    assert found[-1].last == size - 1
    assert all(a.end == b.start for a, b in pairwise(found))
    assert found[0].start == 0 and found[-1].end == said.sentences[-1].end
    assert all(chapter.title.strip() and width(chapter.title) <= 30 and chapter.worth >= 0 for chapter in found)
    assert len({chapter.title for chapter in found}) == len(found)
    if len(found) > 1:
        lengths = [chapter.end - chapter.start for chapter in found]
        assert min(lengths) >= 0.8 * PRESET.chapter_at_least
        assert max(lengths) <= 1.2 * PRESET.chapter_at_most


def test_a_page_names_the_chapter_it_opens() -> None:
    said = three_topics()
    turn = said.sentences[40].start - 900
    slides = Slides(pages=(page(0, turn, "供应链预测"), page(turn, said.sentences[-1].end, "Live and replay")))
    found = chapters(said, slides).items
    assert [chapter.title for chapter in found[:2]] == ["供应链预测", "Live and replay"]
    assert found[1].slide == 1


def test_the_agenda_decides_where_it_gives_a_time() -> None:
    said = three_topics()
    event = Event(
        name="talk", agenda=(AgendaItem(title="开场"), AgendaItem(title="嘉宾对谈", at=said.sentences[60].start))
    )
    assert ("嘉宾对谈", 60) in [(chapter.title, chapter.first) for chapter in chapters(said, event=event).items]


def test_when_nothing_was_said_the_pages_are_the_chapters() -> None:
    slides = Slides(pages=(page(0, 130_000, "一"), page(130_000, 140_000, ""), page(140_000, 400_000, "三" * 80)))
    found = chapters(Transcript(language=""), slides).items
    assert [(chapter.start, chapter.end) for chapter in found] == [(0, 140_000), (140_000, 400_000)] or len(found) == 2
    assert all(chapter.title and len(chapter.title) <= 40 for chapter in found)
    assert chapters(Transcript(language="")).items == ()


@pytest.mark.parametrize("language", ["en", "zh", "fr", ""])
def test_any_language_gets_chapters(language: str) -> None:
    said = transcript(["Growth comes from replays of what was said once."] * 60, language)
    assert chapters(said).items
