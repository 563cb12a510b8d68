"""What was heard -> words, marks, sentences: pure steps over data."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.models import Span, Word
from repurpose.text.join import join_words
from repurpose.transcribe.divide import divide
from repurpose.transcribe.edges import silence_between, trim
from repurpose.transcribe.pieces import spell
from repurpose.transcribe.stops import punctuate


def said(*words: tuple[str, int, int]) -> list[Word]:
    return [Word(start=start, end=end, text=text) for text, start, end in words]


def pauses(*spans: tuple[int, int]) -> list[Span]:
    return [Span(start=start, end=end) for start, end in spans]


def texts(words: list[Word]) -> list[str]:
    return [word.text for word in words]


def test_chinese_is_cut_into_simplified_pieces_with_their_own_times() -> None:
    heard = said(
        ("房", 0, 200), ("價", 200, 400), ("泡沫", 400, 800), ("破滅", 800, 1200), ("嗎", 1200, 1400), ("?", 1400, 1401)
    )
    words = spell(heard, "zh")
    assert texts(words) == ["房价", "泡沫", "破灭", "吗？"]
    assert [(word.start, word.end) for word in words] == [(0, 400), (400, 800), (800, 1200), (1200, 1400)]


def test_numbers_and_latin_words_in_chinese_stay_whole() -> None:
    heard = said(
        ("用", 0, 100),
        (" machine", 100, 500),
        (" learning", 500, 900),
        ("提升", 900, 1200),
        ("3", 1200, 1300),
        (".5", 1300, 1600),
        ("%", 1600, 1700),
        (",", 1700, 1701),
        ("好", 1700, 1800),
    )
    assert texts(spell(heard, "zh")) == ["用", "machine", "learning", "提升", "3.5%，", "好"]


def test_no_chinese_piece_is_longer_than_four_characters() -> None:
    words = spell(
        said(
            ("中华人民共和国", 0, 1400),
        ),
        "zh",
    )
    assert all(len(word.text) <= 4 for word in words)
    assert "".join(texts(words)) == "中华人民共和国"


def test_english_tokens_are_glued_and_marks_attached() -> None:
    heard = said(
        (" Twenty", 0, 300),
        ("-five", 300, 600),
        (" percent", 600, 900),
        (".", 900, 901),
        (" “", 900, 950),
        (" Yes", 1000, 1300),
    )
    assert texts(spell(heard, "en")) == ["Twenty-five", "percent.", "“Yes"]


def test_word_edges_leave_the_pauses() -> None:
    words = trim(said(("一", 0, 500), ("二", 500, 1500), ("三", 1500, 2400)), pauses((600, 1200), (2000, 3000)))
    # 二 holds a long pause: it was said after it. 一 reaches the pause, 三 ends where its pause begins.
    assert [(word.start, word.end) for word in words] == [(0, 600), (1200, 1500), (1500, 2000)]


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 900)), max_size=12),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(120, 800)), max_size=6),
)
@settings(deadline=None)
def test_trimmed_words_never_overlap(words: list[tuple[int, int]], quiet: list[tuple[int, int]]) -> None:
    heard = [Word(start=start, end=start + length, text="字") for start, length in sorted(words)]
    silences: list[Span] = []
    for start, length in sorted(quiet):
        if not silences or start > silences[-1].end:
            silences.append(Span(start=start, end=start + length))
    trimmed = trim(heard, silences)
    assert len(trimmed) == len(heard)
    assert all(before.end <= after.start for before, after in pairwise(trimmed))


def test_silence_between_words_is_what_was_measured() -> None:
    before, after = said(("一", 0, 900), ("二", 900, 2000))
    assert silence_between(before, after, pauses((300, 800))) == 350  # the part after the middle of the first word
    assert silence_between(before, after, ()) == 0


def test_stops_follow_the_pauses() -> None:
    heard = said(
        ("未来", 0, 300),
        ("十年", 300, 700),
        ("总体", 700, 1000),
        ("安全", 1000, 1400),
        ("但是", 1700, 2000),
        ("需求", 2000, 2400),
        ("会", 2400, 2500),
        ("减少", 2500, 3000),
        ("你们", 4200, 4500),
        ("觉得", 4500, 4800),
        ("房价", 4800, 5200),
        ("会", 5200, 5300),
        ("跌", 5300, 5500),
        ("吗", 5500, 5700),
    )
    marked = punctuate(heard, pauses((1400, 1700), (3000, 4200)))
    assert join_words(texts(marked), "zh") == "未来十年总体安全，但是需求会减少。你们觉得房价会跌吗？"


def test_no_mark_after_a_word_that_hangs() -> None:
    heard = said(("我们", 0, 300), ("讨论", 300, 700), ("的", 700, 800), ("是", 800, 1000), ("供应链", 1400, 2000))
    assert join_words(texts(punctuate(heard, pauses((1000, 1400)))), "zh") == "我们讨论的是供应链。"


def test_marks_that_were_heard_stay() -> None:
    heard = said(("真的", 0, 300), ("吗？", 300, 500), ("对", 520, 700))
    assert texts(punctuate(heard, ())) == ["真的", "吗？", "对。"]


def test_english_sentences_end_at_their_stops() -> None:
    words = said(
        ("In", 0, 100),
        ("the", 100, 200),
        ("U.S.", 200, 500),
        ("market,", 500, 900),
        ("Dr.", 900, 1000),
        ("Smith", 1000, 1300),
        ("left.", 1300, 1600),
        ("He", 1700, 1800),
        ("did.", 1800, 2000),
    )
    assert [sentence.text for sentence in divide(words, (), "en")] == ["In the U.S. market, Dr. Smith left.", "He did."]


def test_a_long_sentence_is_split_at_its_longest_pause() -> None:
    words = [Word(start=at * 300, end=at * 300 + 300, text="供应链") for at in range(30)]
    words = [
        word if at < 15 else word.model_copy(update={"start": word.start + 400, "end": word.end + 400})
        for at, word in enumerate(words)
    ]
    words[-1] = words[-1].model_copy(update={"text": "供应链。"})
    found = divide(words, pauses((4500, 4900)), "zh")
    assert [len(sentence.words) for sentence in found] == [15, 15]


@given(st.lists(st.sampled_from(["供应链", "预测，", "好。", "AI", "吗？", "3.5亿元", "然后"]), max_size=60))
@settings(deadline=None)
def test_sentences_hold_every_word_once(parts: list[str]) -> None:
    words = [Word(start=at * 200, end=at * 200 + 200, text=text) for at, text in enumerate(parts)]
    found = divide(words, (), "zh")
    assert [word.start for sentence in found for word in sentence.words] == [word.start for word in words]
    for sentence in found:
        assert sentence.text == join_words([word.text for word in sentence.words], "zh")
        assert (sentence.start, sentence.end) == (sentence.words[0].start, sentence.words[-1].end)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_said(language: str) -> None:
    assert (
        spell([], language) == [] and punctuate([], ()) == [] and divide([], (), language) == [] and trim([], ()) == []
    )
