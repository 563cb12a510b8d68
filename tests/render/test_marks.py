"""What a film says of itself."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import av
import pytest

from repurpose.media.smartcut import smart_cut
from repurpose.models import Chapter, Chapters, EditDecisionList, Event, Span
from repurpose.presets import RenderPreset
from repurpose.render.marks import ai_label, chapters_shown, tags_of
from tests.media import context, make_clock, recording_of

EVENT = Event(name="talk", title="A talk", date=date(2026, 10, 15))
MINUTE = 60_000


def chapters(*edges: int) -> Chapters:
    return Chapters(
        items=tuple(
            Chapter(start=a * MINUTE, end=b * MINUTE, title=f"part {k}", first=k, last=k)
            for k, (a, b) in enumerate(itertools.pairwise(edges))
        )
    )


def test_a_long_film_has_the_chapters_it_shows() -> None:
    edl = EditDecisionList(
        cut="5min", spans=(Span(start=MINUTE, end=3 * MINUTE), Span(start=8 * MINUTE, end=11 * MINUTE)), intro=1000
    )
    found = chapters_shown(chapters(0, 2, 4, 9, 12), edl)
    assert found == [(0, "part 0"), (61_000, "part 1"), (121_000, "part 2"), (181_000, "part 3")]
    assert chapters_shown(chapters(0, 20), edl) == []  # one is none


def test_a_short_film_has_none() -> None:
    assert chapters_shown(chapters(0, 1, 2), EditDecisionList(cut="1min", spans=(Span(start=0, end=2 * MINUTE),))) == []


def test_chapters_too_close_are_one() -> None:
    edl = EditDecisionList(
        cut="5min", spans=(Span(start=MINUTE, end=MINUTE + 5000), Span(start=2 * MINUTE, end=9 * MINUTE))
    )
    assert chapters_shown(chapters(0, 2, 5, 9), edl) == [(0, "part 0"), (5000 + 3 * MINUTE, "part 2")]


def test_the_label_is_only_where_a_channel_wants_it() -> None:
    edl = EditDecisionList(cut="1min", title="the point", spans=(Span(start=0, end=10),))
    assert ai_label(RenderPreset(name="a"), "zh") == ""
    assert ai_label(RenderPreset(name="a", ai_label=True), "zh").startswith("内容由AI")
    assert tags_of(EVENT, edl) == {"title": "the point", "album": "A talk", "date": "2026-10-15"}
    assert tags_of(EVENT, edl, "by AI")["comment"] == "by AI"


@pytest.mark.slow
def test_a_copied_film_holds_its_tags_and_chapters(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    recording = recording_of(make_clock(tmp_path / "in.mp4", 400, gop=50, bframes=2), ctx)
    edl = EditDecisionList(cut="1min", spans=(Span(start=2000, end=10_000),))
    smart_cut(
        recording, edl, tmp_path / "out.mp4", gain_db=0, render=RenderPreset(name="landscape"), ctx=ctx,
        tags={"title": "库存"}, chapters=[(0, "一"), (3000, "二")],
    )  # fmt: skip
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.metadata["title"] == "库存"
        told = [
            (float(one["start"] * one["time_base"]), float(one["end"] * one["time_base"]), one["metadata"]["title"])
            for one in container.chapters()
        ]
    assert told == [(0.0, 3.0, "一"), (3.0, 8.0, "二")]
