"""What viewers watched again becomes a short cut of whole sentences, and the cut that is then made has it."""

from __future__ import annotations

import numpy as np
import pytest

from repurpose.feedback.proposals import CUTS, proposals
from repurpose.models import Choices, Sentence, Span
from tests.edit.fabricate import ladder, make
from tests.matrix import quick_first

SAID = [Sentence(start=k * 6000, end=k * 6000 + 5600, text=f"{k}.", words=()) for k in range(160)]


def counts(*hot: tuple[int, int, int], size: int = 960, usual: int = 10) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Everyone watched everything once, and these stretches so many times more."""
    plays = np.full(size, usual, np.uint32)
    for first, end, more in hot:
        plays[first:end] += more
    return plays


def test_a_hot_stretch_is_proposed_in_whole_sentences() -> None:
    found = proposals(counts((760, 805, 9), (102, 113, 30)), counts(), SAID)
    assert [(one.cut, one.hot_start, one.hot_end) for one in found] == [
        ("15s", 102_000, 113_000),
        ("1min", 760_000, 805_000),
    ]
    starts, ends = {one.start for one in SAID}, {one.end for one in SAID}
    limits = {name: (at_least, at_most) for name, at_least, at_most in CUTS}
    for one in found:
        at_least, at_most = limits[one.cut]
        assert one.start in starts and one.end in ends and at_least <= one.end - one.start <= at_most
        shown = Span(start=one.start, end=one.end)
        assert shown.overlap(Span(start=one.hot_start, end=one.hot_end)) >= 0.8 * (one.hot_end - one.hot_start)
    assert (found[0].plays, found[0].times, found[0].again) == (40, 4, 3)


def test_nothing_is_proposed_without_a_reason() -> None:
    hot = counts((760, 805, 9))
    assert proposals(counts(), counts(), SAID) == []
    assert proposals(hot, counts(usual=4), SAID) == [], "four people are too few"
    assert proposals(hot, counts(), []) == []
    assert proposals(hot, counts(), SAID, taken=[Span(start=760_000, end=800_000)]) == [], "a short cut shows it"
    assert proposals(counts((5, 7, 90)), counts(), SAID) == [], "two seconds are chance"


def test_a_long_hot_stretch_gives_its_best_minute() -> None:
    (one,) = proposals(counts((300, 500, 9), (400, 410, 20)), counts(), SAID)
    assert one.cut == "1min" and one.start <= 401_000 and one.end >= 407_000 and one.end - one.start <= 60_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", quick_first(range(4)))
def test_the_cut_that_is_made_shows_what_was_hot(seed: int) -> None:
    made = make(seed, 40)
    said = made.transcript.sentences
    first = said[120 + 30 * seed].start // 1000
    size = made.recording.duration // 1000
    (one,) = proposals(counts((first, first + 45, 9), size=size), counts(size=size), said)
    cuts = ladder(made, Choices(keep=(Span(start=one.start, end=one.end),)))
    hot = Span(start=one.hot_start, end=one.hot_end)
    shown = [sum(span.overlap(hot) for span in edl.spans) / hot.length for edl in cuts[one.cut].takes]
    assert max(shown) > 0.5
