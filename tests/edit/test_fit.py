"""The ladder keeps its promises on talks of every kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.edit.fit import fit, pick
from repurpose.errors import NothingFits
from repurpose.models import Choices, Highlights, Span, Transcript
from repurpose.presets import CutPreset, TakePreset
from tests.edit.fabricate import context, cuts, faults, ladder, make
from tests.matrix import quick_first

GOLDEN = Path(__file__).parent.parent / "golden"
RATES = [(25, 1), (30, 1), (30000, 1001), (24000, 1001), (60, 1), (50, 1)]


@pytest.mark.slow
@given(
    seed=st.integers(0, 10**6),
    rate=st.sampled_from(RATES),
    dead_air=st.sampled_from([0.0, 0.05, 0.3]),
    fillers=st.sampled_from([0.0, 0.1]),
    close=st.sampled_from([0.0, 0.3]),
    noise=st.sampled_from([0.0, 0.2]),
    gop=st.sampled_from([500, 2000, 10_000]),
)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_every_rung_keeps_its_promises(
    seed: int, rate: tuple[int, int], dead_air: float, fillers: float, close: float, noise: float, gop: int
) -> None:
    made = make(seed, 12, rate=rate, dead_air=dead_air, fillers=fillers, close=close, noise=noise, keyframe_ms=gop)
    done = ladder(made)
    assert list(done) == ["5min", "1min", "15s"]
    for name, edits in done.items():
        cut = cuts()[name]
        assert not list(faults(made, edits, cut, done.get(cut.within)))


@pytest.mark.slow
@pytest.mark.parametrize("rate", [(25, 1), (30000, 1001)])
def test_a_talk_of_forty_minutes_gives_all_four_rungs_and_all_takes(rate: tuple[int, int]) -> None:
    made = make(7, 40, rate=rate, fillers=0.02)
    done = ladder(made)
    assert {name: len(edits.takes) for name, edits in done.items()} == {"30min": 1, "5min": 1, "1min": 3, "15s": 3}
    for name, edits in done.items():
        cut = cuts()[name]
        assert not list(faults(made, edits, cut, done.get(cut.within)))
    assert len(done["30min"].takes[0].spans) <= 30


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), where=st.lists(st.integers(0, 700), min_size=1, max_size=6))
@settings(max_examples=8, deadline=None, derandomize=True)
def test_nothing_dropped_is_shown(seed: int, where: list[int]) -> None:
    drop = tuple(Span(start=at * 1000, end=at * 1000 + 7_300) for at in where)
    done = ladder(make(seed, 12), Choices(drop=drop))
    assert done
    for edits in done.values():
        for edl in edits.takes:
            assert not any(span.overlap(gone) for span in edl.spans for gone in drop)


@pytest.mark.slow
@pytest.mark.parametrize("seed", quick_first(range(4)))
def test_what_a_person_keeps_is_in_every_rung(seed: int) -> None:
    made = make(seed, 40)
    sentence = made.transcript.sentences[90 + 40 * seed]
    done = ladder(made, Choices(keep=(Span(start=sentence.start, end=sentence.end),)))
    for name, edits in done.items():
        shown = sum(span.overlap(sentence) for span in edits.takes[0].spans)
        assert shown > 0.6 * sentence.length, name


def test_dropping_is_stronger_than_keeping() -> None:
    span = Span(start=100_000, end=130_000)
    done = ladder(make(3, 12), Choices(keep=(span,), drop=(span,)))
    assert not any(s.overlap(span) for edits in done.values() for edl in edits.takes for s in edl.spans)


def test_short_versions_hold_no_housekeeping() -> None:
    made = make(11, 40, noise=0.15)
    noise = [item for item in made.highlights.items if item.kind == "housekeeping"]
    done = ladder(made)
    for name in ("5min", "1min", "15s"):
        for edl in done[name].takes:
            assert not any(span.overlap(item) > 500 for span in edl.spans for item in noise)


@pytest.mark.slow
def test_thirty_minutes_leave_no_chapter_out() -> None:
    made = make(5, 45)
    edl = ladder(made)["30min"].takes[0]
    for chapter in made.chapters.items:
        assert sum(span.overlap(chapter) for span in edl.spans) >= min(0.25 * chapter.length, 20_000)


@pytest.mark.slow
def test_a_recording_hardly_longer_than_the_cut_is_left_alone_and_says_so() -> None:
    made = make(1, 33)
    with pytest.raises(NothingFits, match=r"the recording is 33:\d\d long; a 30min version needs at least 34:30"):
        fit(*made, Choices(), None, cuts()["30min"], context())
    assert list(ladder(made)) == ["5min", "1min", "15s"]


def test_silence_says_that_nothing_was_said() -> None:
    made = make(1, 12)._replace(transcript=Transcript(language=""), highlights=Highlights())
    with pytest.raises(NothingFits, match="nothing was said"):
        fit(*made, Choices(), None, cuts()["1min"], context())


def test_one_sentence_too_long_for_a_hook_gives_a_reason() -> None:
    made = make(1, 3)
    whole = made.transcript.sentences
    one = whole[0].model_copy(update={"end": whole[-1].end, "words": tuple(w for s in whole for w in s.words)})
    made = made._replace(
        transcript=Transcript(language="en", sentences=(one,)),
        highlights=Highlights(items=(made.highlights.items[0].model_copy(update={"end": one.end}),)),
    )
    with pytest.raises(NothingFits, match="no stretch of whole sentences"):
        fit(*made, Choices(), None, cuts()["15s"], context())


@pytest.mark.slow
def test_a_new_cut_within_the_preview_needs_no_code() -> None:
    made = make(2, 40)
    done = ladder(made)
    cut = CutPreset(name="90s", at_most=90_000, within="5min")
    edits = fit(*made, Choices(), done["5min"], cut, context())
    assert not list(faults(made, edits, cut, done["5min"]))


@pytest.mark.slow
def test_picking_a_take_that_was_not_made_says_why() -> None:
    edits = ladder(make(2, 40))["1min"]
    asked = TakePreset(name="1min-2", cut="1min", take=2, renders=("landscape",))
    assert pick(edits, asked, context()) == edits.takes[1]
    fewer = edits.model_copy(update={"takes": edits.takes[:1], "why": "the recording carries no take 2, 3 of 1min"})
    with pytest.raises(NothingFits, match="no take 2"):
        pick(fewer, asked, context())


def test_words_without_a_frame_between_them_are_parted_only_when_nothing_else_serves() -> None:
    made = make(4, 12, close=1.0, dead_air=0.0)
    done = ladder(made)
    assert len(done["1min"].takes) == 3
    half = 21  # half a frame of 25 a second, and a millisecond of rounding
    words = [word for sentence in made.transcript.sentences for word in sentence.words]
    for edits in done.values():
        for edge in (at for edl in edits.takes for span in edl.spans for at in (span.start, span.end)):
            assert not any(word.start + half < edge < word.end - half for word in words)


@pytest.mark.slow
@pytest.mark.parametrize("seed", quick_first([1, 2]))
def test_the_same_talk_gives_the_same_ladder(seed: int) -> None:
    done = ladder(make(seed, 40, rate=(30000, 1001) if seed == 2 else (25, 1), fillers=0.02))
    flat = {
        name: [[edl.take, edl.title, [[span.start, span.end] for span in edl.spans]] for edl in edits.takes]
        for name, edits in done.items()
    }
    path = GOLDEN / f"edl_{seed}.json"
    assert flat == json.loads(path.read_text("utf-8")), f"if the change is wanted, write the new ladder to {path.name}"
