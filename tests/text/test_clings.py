"""Chinese particles and prepositions stay with their words, and a page may be smaller than a subtitle's."""

from __future__ import annotations

import pytest

from repurpose.models import Sentence
from repurpose.text.clings import STUMBLE, clinging
from repurpose.text.cues import Page, cues_of
from repurpose.text.timed import Atom

ZH = "我们来看一下人工智能在制造业里面的具体应用，特别是质量检测和设备维护这两个方向。"


@pytest.mark.parametrize(
    ("before", "after", "leans"),
    [
        ("在", "制造业", True),
        ("里面", "的", True),
        ("方向，", "的", True),
        ("是，", "质量", False),
        ("质量", "检测", False),
    ],
)
def test_a_break_is_dear_where_one_leans_on_the_other(before: str, after: str, leans: bool) -> None:
    first, _ = clinging([Atom(before, 0, 1, 0.15), Atom(after, 1, 2, 0.5)])
    assert (first.cost == STUMBLE) is leans


def test_no_line_of_a_clinging_page_stumbles() -> None:
    sentence = Sentence(start=0, end=9000, text=ZH)
    lines = [
        line for cue in cues_of([sentence], "zh", page=Page(12.0, clings=True, longest=4500)) for line in cue.lines
    ]
    assert "".join(lines) == ZH
    assert lines[:2] == ["我们来看一下人工智能", "在制造业里面的具体应用，"]
    assert not any(line[0] in "的了" or line[-1] in "在和是" for line in lines)


def test_a_page_of_one_row() -> None:
    cues = cues_of([Sentence(start=0, end=9000, text=ZH)], "zh", page=Page(14.0, rows=1))
    assert all(len(cue.lines) == 1 for cue in cues)
    assert "".join(line for cue in cues for line in cue.lines) == ZH


def test_a_page_is_measured_as_it_says() -> None:
    cues = cues_of(
        [Sentence(start=0, end=9000, text="one two three four five six")], "en", page=Page(3.0, measure=words)
    )
    assert max(words(line) for cue in cues for line in cue.lines) <= 3


def words(line: str) -> float:
    return float(len(line.split()))
