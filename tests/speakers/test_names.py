"""Names of voices: each kind of evidence alone, all together, and nothing without any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from repurpose.models import AgendaItem, Event, Sentence, Speaker
from repurpose.speakers.assign import assign
from repurpose.speakers.called import called
from repurpose.speakers.evidence import hints
from repurpose.speakers.names import name_voices

LIN, ZHOU, XU = Speaker(name="林溪", role="host"), Speaker(name="周远"), Speaker(name="许知然")
PRIYA, JOHN = Speaker(name="Priya Nair", role="host"), Speaker(name="Dr. John van Smith")
TALK = "我们来看下一页。"


def event(*speakers: Speaker, agenda: Sequence[AgendaItem] = ()) -> Event:
    return Event(name="e", speakers=speakers, agenda=tuple(agenda))


def said(*lines: tuple[int | None, str]) -> tuple[list[Sentence], list[int | None]]:
    """Ten seconds a sentence, each with its voice."""
    sentences = [Sentence(start=at * 10_000, end=at * 10_000 + 9_000, text=text) for at, (_, text) in enumerate(lines)]
    return sentences, [voice for voice, _ in lines]


@pytest.mark.parametrize(
    ("text", "name", "whose"),
    [
        ("大家好，我是周远。", "周远", "own"),
        ("我是主持人林溪。", "林溪", "own"),
        ("我是来自栈桥传感的周远，今天讲三件事。", "周远", "own"),
        ("我是栈桥传感市场部副总裁周远，很高兴来到这里。", "周远", "own"),
        ("大家好我叫許知然", "许知然", "own"),
        ("我是周元。", "周远", "own"),  # heard right, spelled wrong
        ("我是周远的同事。", "周远", "other"),
        ("有请周远。", "周远", "next"),
        ("下面请栈桥传感的周总给大家分享。", "周远", "next"),
        ("好，时间交给周老师。", "周远", "next"),
        ("周远，时间交给你。", "周远", "next"),
        ("这个问题，知然，你怎么看？", "许知然", "next"),
        ("应该先做哪一个，周远？", "周远", "next"),
        ("谢谢林溪，我先讲一个画面。", "林溪", "before"),
        ("非常感谢周总的分享。", "周远", "before"),
        ("周总您好，请讲一页。", "周远", "near"),
        ("Good morning, Priya.", "Priya Nair", "near"),
        ("感谢周总的邀请。", "周远", "other"),
        ("刚才周远说得很好。", "周远", "other"),
        ("Hi everyone, I'm Priya and welcome.", "Priya Nair", "own"),
        ("My name is John van Smith.", "Dr. John van Smith", "own"),
        ("This is John Smith from Acme.", "Dr. John van Smith", "own"),
        ("This is John's favourite chart.", "Dr. John van Smith", "other"),
        ("Please welcome Dr. Smith.", "Dr. John van Smith", "next"),
        ("I'd like to turn the call over to Priya Nair.", "Priya Nair", "next"),
        ("Over to you, John.", "Dr. John van Smith", "next"),
        ("Priya, what do you think?", "Priya Nair", "next"),
        ("Thank you so much, John.", "Dr. John van Smith", "before"),
        ("Thanks Priya, that was great.", "Priya Nair", "before"),
        ("As John said, we grow.", "Dr. John van Smith", "other"),
        ("大家好我是Priya，", "Priya Nair", "own"),
    ],
)
def test_what_a_sentence_tells(text: str, name: str, whose: str) -> None:
    found = hints(text, called([LIN, ZHOU, XU, PRIYA, JOHN]))
    assert [(hint.name, hint.whose) for hint in found] == [(name, whose)]


def test_thanks_and_call_in_one_sentence() -> None:
    found = hints("谢谢周总，下面有请许总。", called([LIN, ZHOU, XU]))
    assert [(hint.name, hint.whose) for hint in found] == [("周远", "before"), ("许知然", "next")]


@pytest.mark.parametrize("bit", ["的", "请", "我是", "有请的", "主持人", "thank you ", "welcome dr. ", "，"])
def test_a_sentence_that_goes_on_and_on_is_judged_at_once(bit: str) -> None:
    assert len(hints(bit * 400 + "周远" + bit * 400, called([ZHOU]))) == 1


def test_a_name_that_two_share_tells_nothing() -> None:
    people = called(
        [Speaker(name="John Smith"), Speaker(name="John Miller"), Speaker(name="周远"), Speaker(name="周晴")]
    )
    assert hints("I'm John.", people) == []
    assert hints("我是周总。", people) == []
    assert [hint.name for hint in hints("I'm John Miller.", people)] == ["John Miller"]
    assert hints("Johnson and Smithson agree.", people) == []


def test_an_introduction_names_a_voice() -> None:
    sentences, voices = said((0, TALK), (1, "大家好，我是周远。"), (1, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU)) == {1: "周远"}


def test_who_is_called_up_is_the_next_voice() -> None:
    sentences, voices = said((0, "下面有请许知然。"), (0, "大家欢迎。"), (None, "嗯。"), (2, TALK), (1, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU)) == {2: "许知然"}


def test_who_does_not_come_soon_was_not_called_up() -> None:
    sentences, voices = said((0, "下面有请许知然。"), *[(0, TALK)] * 9, (1, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU)) == {}


def test_who_is_thanked_spoke_before() -> None:
    sentences, voices = said((0, TALK), (1, "好。"), (1, "谢谢林溪。"), (2, TALK))
    assert name_voices(sentences, voices, event(Speaker(name="林溪"), ZHOU)) == {0: "林溪"}
    sentences, voices = said((0, TALK), (1, "感谢林溪的邀请。"), (2, TALK))
    assert name_voices(sentences, voices, event(Speaker(name="林溪"), ZHOU)) == {}


def test_two_who_greet_each_other() -> None:
    sentences, voices = said((0, "Good morning, Steve."), (1, "Good morning, Katie."), (0, "Have you tried it?"))
    assert name_voices(sentences, voices, event(Speaker(name="Katie"), Speaker(name="Steve"))) == {
        0: "Katie",
        1: "Steve",
    }


def test_one_who_is_called_without_more_is_not_named_yet() -> None:
    once = said((0, "周远，这是第一页。"), (1, TALK), (2, TALK))
    assert name_voices(*once, event(ZHOU, XU)) == {}
    twice = said((0, "周远，这是第一页。"), (1, TALK), (0, "周远，还有一个问题。"), (1, TALK), (2, TALK))
    assert name_voices(*twice, event(ZHOU, XU)) == {1: "周远"}


def test_thanks_in_the_middle_of_a_turn_are_about_nobody_near() -> None:
    sentences, voices = said((0, TALK), *[(1, TALK)] * 4, *[(1, "谢谢林溪。")] * 4)
    assert name_voices(sentences, voices, event(Speaker(name="林溪"), ZHOU)) == {}


def test_the_agenda_names_who_speaks_most_of_its_item() -> None:
    agenda = (AgendaItem(title="a", at=0, speaker="周远"), AgendaItem(title="b", at=40_000, speaker="许知然"))
    sentences, voices = said((0, TALK), (0, TALK), (0, TALK), (0, TALK), (1, TALK), (2, TALK), (1, TALK), (2, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU, agenda=agenda)) == {0: "周远"}


def test_an_agenda_without_times_or_with_strangers_tells_nothing() -> None:
    agenda = (AgendaItem(title="a", speaker="周远"), AgendaItem(title="b", at=0, speaker="张三"))
    sentences, voices = said((0, TALK), (1, TALK), (0, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU, agenda=agenda)) == {}


def test_the_host_opens_and_closes() -> None:
    sentences, voices = said((0, TALK), (1, TALK), (2, TALK), (0, TALK))
    assert name_voices(sentences, voices, event(LIN, ZHOU, XU)) == {0: "林溪"}
    sentences, voices = said((0, TALK), (1, TALK), (2, TALK))
    assert name_voices(sentences, voices, event(LIN, ZHOU, XU)) == {}


def test_one_voice_and_one_speaker_belong_together() -> None:
    sentences, voices = said((0, TALK), (None, TALK), (0, TALK))
    assert name_voices(sentences, voices, event(ZHOU)) == {0: "周远"}
    sentences, voices = said((0, "今天我们聊聊周远。"), (0, TALK))
    assert name_voices(sentences, voices, event(ZHOU)) == {}


def test_the_last_voice_is_the_last_speaker_when_the_others_are_known() -> None:
    lines = ((0, "我是林溪。"), (1, TALK), (0, TALK), (1, TALK))
    assert name_voices(*said(*lines), event(LIN, ZHOU)) == {0: "林溪", 1: "周远"}
    assert name_voices(*said(*lines, (2, TALK)), event(LIN, ZHOU)) == {0: "林溪"}
    assert name_voices(*said(*lines), event(LIN, ZHOU, XU)) == {0: "林溪"}
    assert name_voices(*said(*lines), event(Speaker(name="林溪"), ZHOU)) == {0: "林溪"}  # the host may be left out


def test_nothing_is_guessed() -> None:
    sentences, voices = said((0, TALK), (1, TALK), (2, TALK), (1, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU)) == {}
    assert name_voices(sentences, voices, event()) == {}
    assert name_voices([], [], event(ZHOU)) == {}
    assert name_voices(sentences, [None] * 4, event(ZHOU)) == {}


def test_two_voices_with_the_same_claim_both_stay_nameless() -> None:
    sentences, voices = said((0, "我是周远。"), (1, "我是周远。"), (2, TALK))
    assert name_voices(sentences, voices, event(ZHOU, XU)) == {}


def test_subtitles_that_told_a_part_tell_the_rest() -> None:
    sentences, voices = said((0, TALK), (1, TALK), (0, TALK), (2, TALK))
    sentences[0] = sentences[0].model_copy(update={"speaker": "周远"})
    assert name_voices(sentences, voices, event(ZHOU, XU)) == {0: "周远"}


def test_the_best_sum_wins_over_the_best_pair() -> None:
    scores = {(0, "a"): 5.0, (0, "b"): 4.0, (1, "a"): 4.5, (2, "c"): 1.0}
    assert assign(scores, 1.5, 0.5) == {0: "b", 1: "a"}


def test_a_close_call_is_no_call() -> None:
    assert assign({(0, "a"): 2.0, (0, "b"): 1.8}, 1.5, 0.5) == {}
    assert assign({(0, "a"): 2.0, (1, "a"): 1.8}, 1.5, 0.5) == {}
    assert assign({(0, "a"): 2.0, (0, "b"): 1.8, (1, "b"): 3.0}, 1.5, 0.5) == {0: "a", 1: "b"}
    assert assign({}, 1.5, 0.5) == {}
