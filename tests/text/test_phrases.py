"""Words and phrases: nothing is lost, terms and numbers stay whole, no line can begin with a closing mark."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.text.phrases import breaks_of, phrases_of, words_of
from repurpose.text.signs import CLOSING, OPENING

MIXED = st.text(alphabet="供应链预测让库存降低了的百分之四十三点五倍，。！？“”（）、 abcXY019.,%$-'", max_size=60)


@given(MIXED, st.sampled_from(["zh", "en"]))
@settings(deadline=None)
def test_phrases_joined_are_the_text(text: str, language: str) -> None:
    assert "".join(phrases_of(text, language)) == text


@given(MIXED, st.sampled_from(["zh", "en"]))
@settings(deadline=None)
def test_no_phrase_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, language: str) -> None:
    for place in breaks_of(text, language):
        assert text[place] not in CLOSING
        assert text[:place].rstrip()[-1:] not in OPENING


@pytest.mark.parametrize(
    "whole",
    ["供应链", "百分之四十", "3.5亿元", "GPT-4o", "2023年", "25%", "￥1,200元", "第三季度"[:2]],
)
def test_terms_and_numbers_are_never_cut(whole: str) -> None:
    text = f"我们的{whole}预测让库存降低很多"
    start = text.index(whole)
    assert not [place for place in breaks_of(text, "zh") if start < place < start + len(whole)]


def test_a_term_of_the_event_stays_whole() -> None:
    text = "欢迎使用云帆数智增长引擎做回放"
    term = "云帆数智增长引擎"
    assert any(2 < place < 12 for place in breaks_of(text, "zh"))
    start = text.index(term)
    assert not [p for p in breaks_of(text, "zh", (term,)) if start < p < start + len(term)]


def test_english_breaks_before_prepositions_and_never_inside_names() -> None:
    phrases = phrases_of("In the United States, Dr. Smith said that 20 percent of New York left.", "en")
    assert phrases == ["In the United States, ", "Dr. Smith said ", "that 20 percent ", "of New York left."]


def test_words_have_neither_marks_nor_spaces() -> None:
    assert words_of("供应链预测，节省了3.5亿元。OpenAI的GPT-4o增长25%！", "zh") == [
        "供应链",
        "预测",
        "节省",
        "了",
        "3.5亿元",
        "OpenAI",
        "的",
        "GPT-4o",
        "增长",
        "25%",
    ]
    assert words_of("In the U.S., Dr. Smith's e-mail said 3,500.", "en") == [
        "In",
        "the",
        "U.S.",
        "Dr",
        "Smith's",
        "e-mail",
        "said",
        "3,500",
    ]


def test_empty_text_has_no_phrases() -> None:
    assert phrases_of("", "zh") == [] and words_of("", "en") == [] and breaks_of("", "zh") == []


@pytest.mark.slow
def test_segmenting_says_nothing_and_needs_no_temporary_folder() -> None:
    """In a process of its own, with warnings as errors and a temporary folder that does not exist."""
    program = "from repurpose.text.phrases import words_of; print(words_of('供应链预测', 'zh'))"
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", program],
        capture_output=True,
        text=True,
        env={"TMPDIR": "/nowhere", "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert done.stdout.strip() == "['供应链', '预测']"
    assert done.stderr == ""


def test_one_number_does_not_swallow_the_next() -> None:
    assert breaks_of("百分之四十百分之四十", "zh") == [5]
