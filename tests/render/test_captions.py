"""Captions of a cut: what was cut away is not in them, and nothing leaves the span that shows it. Pure."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.models import EditDecisionList, Sentence, Span, Word
from repurpose.render.captions import sentences_shown


def sentence(start: int, *words: str, each: int = 400) -> Sentence:
    said = tuple(Word(start=start + k * each, end=start + (k + 1) * each, text=word) for k, word in enumerate(words))
    return Sentence(start=start, end=said[-1].end, text=" ".join(words), words=said)


def edl(*spans: tuple[int, int]) -> EditDecisionList:
    return EditDecisionList(cut="x", spans=tuple(Span(start=a, end=b) for a, b in spans))


def test_words_that_were_cut_away_drop_out_of_the_text() -> None:
    said = sentence(1000, "So", "um", "we", "shipped.")
    (shown,) = sentences_shown([said], edl((1000, 1400), (1800, 2600)), "en")
    assert shown.text == "So we shipped."
    assert (shown.start, shown.end) == (0, 1200)
    assert [(word.start, word.end) for word in shown.words] == [(0, 400), (400, 800), (800, 1200)]


def test_chinese_words_are_joined_without_spaces() -> None:
    said = sentence(0, "我们", "嗯", "上线了。").model_copy(update={"text": "我们嗯上线了。"})
    (shown,) = sentences_shown([said], edl((0, 400), (800, 1200)), "zh")
    assert shown.text == "我们上线了。"


def test_a_whole_sentence_keeps_its_own_text() -> None:
    said = sentence(500, "Well", "done").model_copy(update={"text": "Well — done"})
    (shown,) = sentences_shown([said], edl((0, 2000)), "en")
    assert shown.text == "Well — done"


def test_a_word_on_an_edge_is_shown_where_its_middle_is() -> None:
    said = sentence(1000, "one", "two")
    (shown,) = sentences_shown([said], edl((0, 1150), (1550, 3000)), "en")
    assert shown.text == "two"
    assert (shown.start, shown.end) == (1150, 1400)


def test_sentences_without_words_go_by_their_own_middle() -> None:
    bare = [Sentence(start=0, end=1000, text="gone"), Sentence(start=2000, end=4000, text="kept", speaker="S1")]
    (shown,) = sentences_shown(bare, edl((1500, 3500)), "en")
    assert (shown.text, shown.start, shown.end, shown.speaker) == ("kept", 500, 2000, "S1")


@settings(deadline=None)
@given(st.sets(st.integers(0, 20_000), min_size=2, max_size=30), st.sets(st.integers(0, 19), min_size=1))
def test_nothing_is_said_outside_the_cut(edges: set[int], starts: set[int]) -> None:
    ordered = sorted(edges)
    cut = edl(*zip(ordered[::2], ordered[1::2], strict=False))
    said = [sentence(start * 1000, "a", "b") for start in sorted(starts)]
    shown = sentences_shown(said, cut, "en")
    words = [word for one in shown for word in one.words]
    assert all(before.end <= after.start for before, after in pairwise(words))
    assert all(0 <= word.start < word.end <= cut.length for word in words)
    meant = [word for one in said for word in one.words if cut.to_output((word.start + word.end) // 2) is not None]
    assert [word.text for word in words] == [word.text for word in meant]
