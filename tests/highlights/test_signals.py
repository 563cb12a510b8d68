"""Each signal rises where it should, and stays in 0..1 whatever it is given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.highlights import signals
from repurpose.highlights.kinds import kinds_of
from repurpose.models import Chapter, Chapters, ChatMessage, Live, Retention, Slides, Sound
from tests.highlights.fabricate import page, talk

SENTENCE = st.text(st.sampled_from("增长客户回放百分之四十？。，我们the a 42 number%growth. "), min_size=1, max_size=40)


@given(st.lists(SENTENCE, max_size=6), st.sampled_from(["zh", "en", "ja", ""]))
@settings(max_examples=40, deadline=None)
def test_every_signal_gives_one_value_of_0_to_1_a_sentence(texts: list[str], language: str) -> None:
    given = talk([text for text in texts if text.strip()], language)
    for name, signal in signals.SIGNALS.items():
        values = signal(given)
        assert len(values) == len(given.sentences), name
        assert all(0 <= value <= 1 for value in values), name


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("转化率提升了百分之四十", 1),
        ("收入是原来的三点五倍", 1),
        ("我们有一个客户", 0),
        ("从 15% 到 41%", 2),
        ("revenue doubled to 3.5 million", 2),
        ("about forty percent of them", 1),
        ("one of the things", 0),
    ],
)
def test_figures_are_counted_in_digits_and_words(text: str, count: int) -> None:
    assert signals.figures(text) == count


@pytest.mark.parametrize(
    ("text", "language", "alone"),
    [
        ("一场直播的回放可以带来三个月的线索。", "zh", True),
        ("所以这个就更好一些。", "zh", False),
        ("他们后来也用了同样的办法。", "zh", False),
        ("A replay keeps working for months after the event.", "en", True),
        ("And that is why it works for months.", "en", False),
        ("It keeps working for months after the event.", "en", False),
    ],
)
def test_a_sentence_stands_alone_when_it_leans_on_nothing(text: str, language: str, alone: bool) -> None:
    value = signals.stands_alone(talk([text], language))[0]
    assert (value >= 0.75) is alone


def test_what_the_talk_is_about_is_salient() -> None:
    texts = ["回放视频能带来线索", "今天天气不错啊", "线索来自回放视频的观众", "嗯对", "观众观看回放视频"]
    values = signals.salience(talk(texts))
    assert min(values[0], values[2], values[4]) > max(values[1], values[3])


def test_an_answer_follows_a_question() -> None:
    texts = ["为什么客户愿意看完整场回放？", "因为内容拆成了客户关心的章节", "每个章节都有自己的标题", "我们换个话题"]
    given = talk(texts)
    assert signals.question(given) == [1.0, 0.0, 0.0, 0.0]
    assert signals.answer(given)[1] == 1.0
    assert kinds_of(given)[:2] == ["question", "answer"]


def test_saying_what_the_page_says_counts_only_while_it_is_shown() -> None:
    given = talk(["客户增长策略就是复用内容", "客户增长策略就是复用内容"])
    shown = replace(given, slides=Slides(pages=(page(0, 5_200, "客户增长策略"), page(5_200, 20_000, "谢谢"))))
    first, second = signals.slide(shown)
    assert first == 1.0 and second == 0.0


def test_viewers_who_write_and_viewers_who_stay_count() -> None:
    given = talk(["甲乙丙", "丁戊己", "庚辛壬", "子丑寅"])
    chat = replace(given, live=Live(messages=tuple(ChatMessage(at=17_000 + k) for k in range(9))))
    assert signals.chat(chat)[3] == max(signals.chat(chat)) > signals.chat(chat)[0]
    seen = replace(given, retention=Retention(offered=(100,) * 22, watched=(20,) * 11 + (80,) * 11))
    assert signals.retention(seen)[3] > 0.5 > signals.retention(seen)[0]
    assert signals.retention(given) == [0.5] * 4


def test_loud_speech_is_loud() -> None:
    given = replace(talk(["甲", "乙"]), sound=Sound(speech=None, loudness=(-30.0,) * 52 + (-15.0,) * 60))
    assert signals.loudness(given) == [0.0, 1.0]


def test_chapters_weigh_at_their_ends() -> None:
    given = talk(["字"] * 9)
    chapter = Chapter(start=0, end=50_000, title="一", first=0, last=8)
    values = signals.position(replace(given, chapters=Chapters(items=(chapter,))))
    assert values[0] == 1.0 and values[8] > values[4] == 0.0


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("大家好，欢迎来到今天的直播", "zh", "greeting"),
        ("能听到吗？能听到的请扣1", "zh", "housekeeping"),
        ("Welcome everyone, good morning", "en", "greeting"),
        ("Before we start, can you hear me?", "en", "housekeeping"),
        ("一场直播的价值在回放里", "zh", "speech"),
    ],
)
def test_greetings_and_housekeeping_are_told_apart(text: str, language: str, kind: str) -> None:
    assert kinds_of(talk([text], language)) == [kind]
