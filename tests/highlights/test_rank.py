"""Scores come with reasons that add up, and a person's choice decides."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

import pytest

from repurpose.highlights.chapters import divide
from repurpose.highlights.rank import rank
from repurpose.models import Choices, Event, Highlights, Live, Retention, Slides, Sound, Span, Transcript
from tests.edit.fabricate import context
from tests.highlights.fabricate import PRESET, transcript

TEXTS = [
    "大家好，欢迎来到今天的直播间",
    "最关键的是回放视频带来了百分之四十的线索。",
    "嗯，对。",
    "为什么观众愿意看回放视频？",
    "观众在回放视频里找到自己的问题。",
    "能听到吗？",
]
SHARED = Path(__file__).parents[2].parent / "shared" / "text"


def ranked(said: Transcript, choices: Choices | None = None) -> Highlights:
    chapters = divide(said, Slides(), Event(name="talk"), PRESET, context())
    return rank(
        said, Sound(speech=None), Slides(), chapters, Live(), choices or Choices(), Retention(), PRESET, context()
    )


def test_every_sentence_is_scored_in_order_and_its_reasons_add_up() -> None:
    items = ranked(transcript(TEXTS)).items
    assert [item.sentence for item in items] == list(range(len(TEXTS)))
    for item in items:
        assert sum(reason.share for reason in item.because) == pytest.approx(item.score, abs=0.001)


def test_the_point_beats_the_noise() -> None:
    items = ranked(transcript(TEXTS)).items
    assert items[1].score > max(items[k].score for k in (0, 2, 5))
    assert {items[0].kind, items[5].kind} == {"greeting", "housekeeping"}
    assert max(items[0].score, items[5].score) < items[4].score


def test_a_person_decides() -> None:
    said = transcript(TEXTS)
    keep, drop = (Span(start=s.start, end=s.end) for s in (said.sentences[2], said.sentences[1]))
    items = ranked(said, Choices(keep=(keep,), drop=(drop,))).items
    assert items[2].score == 1.0 and items[1].score == 0.0
    assert {reason.signal for reason in items[2].because} >= {"choice"}
    assert sum(reason.share for reason in items[1].because) == pytest.approx(0.0, abs=0.001)


def test_nothing_said_nothing_scored() -> None:
    assert ranked(Transcript(language="")).items == ()
    assert ranked(transcript(["好的。"])).items[0].score <= 1


def test_fillers_of_the_language_travel_along() -> None:
    assert "嗯" in ranked(transcript(TEXTS)).fillers


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/text")
@pytest.mark.parametrize(("name", "least"), [("vcsum_dev", 1.3), ("ami_a", 1.8)])
def test_the_best_fifth_holds_more_highlights_than_chance(name: str, least: float) -> None:
    gains = []
    with (SHARED / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line, _ in zip(lines, range(10), strict=False):
            row = json.loads(line)
            marked = [value > 0.5 for value in row["highlight"]]
            texts = [sentence["text"].strip() or "." for sentence in row["sentences"]]
            items = ranked(transcript(texts, row["language"])).items
            best = sorted(range(len(items)), key=lambda i: -items[i].score)[: len(items) // 5]
            if any(marked):
                gains.append(fmean(marked[i] for i in best) / fmean(marked))
    assert fmean(gains) >= least
