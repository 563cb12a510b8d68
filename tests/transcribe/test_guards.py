"""Loops, lines nobody said, lines swallowed."""

from __future__ import annotations

import pytest

from repurpose.models import Span, Word
from repurpose.transcribe.backend import Heard
from repurpose.transcribe.guards import doubtful, imagined, loop_in, sane, swallowed, unloop


def spoken(text: str, confidence: float = 0.9, start: int = 0) -> tuple[Word, ...]:
    return tuple(
        Word(start=start + at * 300, end=start + at * 300 + 300, text=part, confidence=confidence)
        for at, part in enumerate(text.split())
    )


def heard(text: str, silent: float = 0.1, sure: float = -0.2, packed: float = 1.2, confidence: float = 0.9) -> Heard:
    return Heard(spoken(text, confidence), silent, sure, packed)


def test_a_loop_is_found_and_said_once() -> None:
    words = spoken("so we go on " + "and that is it " * 5 + "thank you")
    assert loop_in(words) == (4, 4, 5)
    assert " ".join(word.text for word in unloop(words)) == "so we go on and that is it thank you"


@pytest.mark.parametrize("text", ["对 对 对 对", "yes yes yes no no", "we go on and we go on", "一 二 三 四 五"])
def test_people_do_repeat_themselves(text: str) -> None:
    assert loop_in(spoken(text)) is None


def test_a_repeating_clip_is_doubtful() -> None:
    assert doubtful([heard("a b c", packed=3.1)])
    assert not doubtful([heard("a b c")])


@pytest.mark.parametrize(
    "text",
    ["字幕由 Amara.org 社群提供", "请不吝点赞 订阅 转发 打赏支持 明镜与点点栏目", "Subtitles by the community"],
)
def test_credits_are_never_believed(text: str) -> None:
    assert imagined(heard(text), spoken(text), ())


@pytest.mark.parametrize("text", ["谢谢 观看", "Thanks for watching!", "谢谢 大家"])
def test_a_farewell_is_believed_only_where_there_is_sound(text: str) -> None:
    words = spoken(text)
    silence = [Span(start=0, end=5000)]
    assert imagined(heard(text), words, silence)
    assert not imagined(heard(text), words, ())


def test_real_sentences_are_kept() -> None:
    text = "今天 谢谢 大家 来 听 我们 讲 供应链"
    assert not imagined(heard(text), spoken(text), [Span(start=0, end=9000)])


def test_unsure_words_where_nobody_speaks_are_left_out() -> None:
    assert imagined(heard("mm hm", silent=0.9, sure=-1.4), spoken("mm hm"), ())


def test_speech_without_words_is_found() -> None:
    speech = [Span(start=0, end=20_000)]
    words = [Word(start=0, end=4000, text="a"), Word(start=12_000, end=20_000, text="b")]
    assert swallowed(speech, words, ()) == [Span(start=4000, end=12_000)]
    assert swallowed(speech, words, [Span(start=4500, end=11_000)]) == []  # a pause, not speech
    assert swallowed(speech, [], ()) == [Span(start=0, end=20_000)]


def test_a_second_hearing_must_be_sane() -> None:
    assert sane([heard("so this is the line that was swallowed")], 4000)
    assert not sane([], 4000)
    assert not sane([heard("mumble mumble", confidence=0.2)], 4000)
    assert not sane([heard("谢谢 观看")], 4000)
    assert not sane([heard("a lot of words " * 40, packed=2.0)], 1000)
