"""Quotes are whole sentences of named people, word for word, said clearly, and of a length that fits a poster."""

from __future__ import annotations

from pathlib import Path

import pytest

from repurpose.context import Context
from repurpose.design.quotes import MOST, choose, verbatim
from repurpose.models import Event, Highlight, Highlights, Quotes, Sentence, Slides, Speaker, Transcript, Word
from repurpose.store import FolderStore

PEOPLE = (Speaker(name="周远", title="副总裁", company="栈桥"), Speaker(name="林溪", role="host"))


def chosen(tmp_path: Path, *said: tuple[str, str], kind: str = "speech", sure: float = 0.95) -> Quotes:
    sentences, items = [], []
    for k, (speaker, text) in enumerate(said):
        start = k * 30_000
        word = Word(start=start, end=start + 4000, text=text, confidence=sure)
        sentences.append(Sentence(start=start, end=start + 4000, text=text, words=(word,), speaker=speaker or None))
        items.append(
            Highlight.model_validate({"start": start, "end": start + 4000, "sentence": k, "score": 0.6, "kind": kind})
        )
    language = "zh" if any(sign >= "\u4e00" for _, text in said for sign in text) else "en"
    spoken = Transcript(language=language, sentences=tuple(sentences))
    event = Event(name="talk", speakers=PEOPLE)
    found = choose(
        Highlights(items=tuple(items)), spoken, event, Slides(), Context(tmp_path, FolderStore(tmp_path / "s"))
    )
    assert all(verbatim(quote.text, quote.sentences, spoken) for quote in found.quotes)
    return found


def test_a_line_that_stands_alone_is_chosen_with_its_time_and_who_said_it(tmp_path: Path) -> None:
    found = chosen(tmp_path, ("周远", "所以这个我们接下来再看。"), ("周远", "一万个人看三秒，不如一百个人看三分钟。"))
    (quote,) = found.quotes
    assert (quote.text, quote.sentences, quote.start) == ("一万个人看三秒，不如一百个人看三分钟。", (1,), 30_000)
    assert (quote.speaker, quote.title) == ("周远", "栈桥 · 副总裁")


@pytest.mark.parametrize(
    "said",
    [
        ("周远", "慢就好。"),  # too short
        ("周远", "回放" * 40 + "。"),  # too long
        ("", "一万个人看三秒，不如一百个人看三分钟。"),  # nobody knows who said it
        ("路人", "一万个人看三秒，不如一百个人看三分钟。"),  # nobody of the event
        ("周远", "一万个人看三秒，不如林溪看三分钟。"),  # about who is there
        ("周远", "一万个人看三秒，不如一百个人看"),  # not whole
    ],
)
def test_what_is_no_quote_is_left_out(tmp_path: Path, said: tuple[str, str]) -> None:
    found = chosen(tmp_path, said)
    assert not found.quotes and found.why


def test_what_may_be_misheard_and_what_is_no_speech_is_left_out(tmp_path: Path) -> None:
    line = ("周远", "一万个人看三秒，不如一百个人看三分钟。")
    assert not chosen(tmp_path, line, sure=0.4).quotes
    assert not chosen(tmp_path, line, kind="greeting").quotes
    assert not chosen(tmp_path, line, kind="question").quotes


def test_english_counts_words(tmp_path: Path) -> None:
    found = chosen(
        tmp_path, ("周远", "Ten thousand people for three seconds are worth less than a hundred for three minutes."),
        ("周远", "Less is more."), ("周远", "And that is what we will do with the whole of it next."),
    )  # fmt: skip
    assert [quote.sentences for quote in found.quotes] == [(0,)]


def test_a_guest_comes_before_a_host_and_no_more_than_a_few_are_chosen(tmp_path: Path) -> None:
    lines = [
        f"{one}看{k}秒，不如{two}看{k}分钟。"
        for k, (one, two) in enumerate(zip("甲乙丙丁戊己庚辛壬癸", "春夏秋冬东南西北中发", strict=True))
    ]
    lines = [f"{text[0]}级的客户只要{text[0]}级的服务，{text[-5]}季的计划只要{text[-5]}季的人" + "。" for text in lines]
    found = chosen(tmp_path, *[("林溪" if k % 2 else "周远", text) for k, text in enumerate(lines)])
    assert len(found.quotes) <= MOST and found.quotes[0].speaker == "周远"


def test_verbatim_knows_a_changed_word() -> None:
    spoken = Transcript(language="zh", sentences=(Sentence(start=0, end=9, text="一万个人，看三秒。"),))
    assert verbatim("一万个人看三秒", (0,), spoken) and not verbatim("一百个人看三秒", (0,), spoken)
    assert not verbatim("一万个人看三秒", (1,), spoken)
