"""Captions keep their rules whatever is said, and however fast."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.models import Sentence, Word
from repurpose.text.cues import LONGEST, SHORTEST, Page, cues_of
from repurpose.text.signs import CLOSING, width_of

ZH = "我们来看一下人工智能在制造业里面的具体应用，特别是质量检测和设备维护这两个方向，它们的投入产出比是最高的，而且见效非常快。"
EN = (
    "In the United States, Dr. Smith said that 20 percent of New York customers who bought $3.5 million of goods "
    "left within six months of signing the contract."
)


def spoken(text: str, start: int, end: int) -> Sentence:
    return Sentence(start=start, end=end, text=text)


def plain(lines: str) -> str:
    return "".join(lines.split())


def test_a_long_chinese_sentence() -> None:
    cues = cues_of([spoken(ZH, 0, 13500)], "zh")
    assert [cue.lines for cue in cues] == [
        ("我们来看一下人工智能在", "制造业里面的具体应用，"),
        ("特别是质量检测和设备维护这两个", "方向，它们的投入产出比是最高的，"),
        ("而且见效非常快。",),
    ]


def test_a_long_english_sentence_keeps_names_and_numbers_whole() -> None:
    cues = cues_of([spoken(EN, 0, 9000)], "en")
    lines = [line for cue in cues for line in cue.lines]
    assert all(len(line) <= 42 for line in lines)
    for whole in ("United States", "Dr. Smith", "20 percent", "New York", "$3.5 million"):
        assert any(whole in line for line in lines), whole


def test_captions_follow_the_words() -> None:
    words = tuple(
        Word(start=at, end=at + 400, text=text)
        for at, text in (
            (0, "第一句"),
            (500, "说得"),
            (1000, "很快，"),
            (4000, "第二句"),
            (4500, "来得"),
            (5000, "很晚。"),
        )
    )
    sentence = Sentence(start=0, end=5400, text="第一句说得很快，第二句来得很晚。", words=words)
    cues = cues_of([sentence], "zh")
    assert [(cue.start, "".join(cue.lines)) for cue in cues] == [(0, "第一句说得很快，"), (4000, "第二句来得很晚。")]
    assert cues[0].end <= 1400 + 400


def test_nothing_after_the_end() -> None:
    cues = cues_of([spoken("好的。", 9800, 10000)], "zh", until=10000)
    assert cues[-1].end <= 10000
    assert cues[-1].length >= SHORTEST


def test_no_sentences_no_captions() -> None:
    assert cues_of([], "zh") == ()


def test_a_term_wider_than_a_line_is_shown_whole() -> None:
    text = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
    assert [cue.lines for cue in cues_of([spoken(text, 0, 3000)], "en")] == [(text,)]


@st.composite
def talks(draw: st.DrawFn) -> list[Sentence]:
    at = 0
    sentences = []
    for _ in range(draw(st.integers(0, 8))):
        at += draw(st.sampled_from([0, 50, 300, 1200, 5000]))
        pieces = draw(
            st.lists(
                st.sampled_from(
                    ["供应链", "预测", "的", "百分之四十", "，", "然后", "AI", "3.5亿元", "我们", "machine learning "]
                ),
                min_size=1,
                max_size=40,
            )
        )
        text = "我" + "".join(pieces).strip() + "。"
        length = max(200, len(text) * draw(st.sampled_from([90, 180, 300])))
        sentences.append(spoken(text, at, at + length))
        at += length
    return sentences


@given(talks())
@settings(deadline=None, max_examples=60)
def test_the_rules_hold_for_any_talk(sentences: list[Sentence]) -> None:
    cues = cues_of(sentences, "zh")
    assert plain("".join(line for cue in cues for line in cue.lines)) == plain("".join(s.text for s in sentences))
    for cue in cues:
        assert 1 <= len(cue.lines) <= 2
        assert SHORTEST <= cue.length <= LONGEST
        for line in cue.lines:
            assert width_of(line) <= 16.5
            assert line == line.strip() and line[0] not in CLOSING
    for before, after in pairwise(cues):
        assert before.end <= after.start


@pytest.mark.slow
@given(talks(), st.sampled_from([12, 25, 60]))
@settings(deadline=None, max_examples=40)
def test_nothing_is_dropped_however_fast_it_is_said_before_the_end(sentences: list[Sentence], pace: int) -> None:
    """A film ends with the last word: captions that have fallen behind catch up, none is left out."""
    at, fast = 0, []
    for sentence in sentences:
        fast.append(spoken(sentence.text, at, at + pace * len(sentence.text)))
        at = fast[-1].end
    for page in (None, Page(14, apart=0, each=0.3, longest=4500)):
        cues = cues_of(fast, "zh", until=at, page=page)
        assert plain("".join(line for cue in cues for line in cue.lines)) == plain("".join(s.text for s in fast))
        assert all(cue.start < cue.end <= at for cue in cues)
        assert all(before.end <= after.start for before, after in pairwise(cues))
