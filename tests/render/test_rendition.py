"""The stage `rendition`: a file, its captions and its cover, all of the same stretch."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from repurpose.media.gate import gate
from repurpose.models import (
    Chapter,
    Chapters,
    EditDecisionList,
    Event,
    Recording,
    Rendition,
    Sentence,
    Sound,
    Span,
    Transcript,
    Word,
)
from repurpose.presets import RenderPreset, TakePreset
from repurpose.render.cover import LOOKED_AT, candidates, judge
from repurpose.render.rendition import gain_for, render
from repurpose.text.subtitles import parse
from tests.media import context, make_clock, read_clock, recording_of

TAKE = TakePreset(name="1min-2", cut="1min", take=2, renders=("landscape",))
LANDSCAPE = RenderPreset(name="landscape")


def made(tmp_path: Path, *, sound: bool = True, **preset: int) -> tuple[Recording, Rendition, Path]:
    ctx = context(tmp_path)
    recording = recording_of(make_clock(tmp_path / "in.mp4", 400, gop=50, bframes=2, sound=sound), ctx)
    words = tuple(Word(start=k * 500, end=k * 500 + 450, text=f"word{k}") for k in range(32))
    transcript = Transcript(
        language="en", sentences=(Sentence(start=0, end=15_950, text=" ".join(w.text for w in words), words=words),)
    )
    edl = EditDecisionList(cut="1min", take=2, spans=(Span(start=1990, end=6010), Span(start=9000, end=13_000)))
    heard = Sound(speech=None, loudness=(-23.0,) * 160 if sound else ())
    before = set((tmp_path / "scratch").iterdir())
    chapters = Chapters(items=(Chapter(start=0, end=16_000, title="All", first=0, last=0),))
    event = Event(name="talk", title="A talk")
    result = render(
        event, recording, heard, transcript, chapters, edl, TAKE, RenderPreset(name="landscape", **preset), ctx
    )
    assert set((tmp_path / "scratch").iterdir()) == before  # nothing left lying about
    return recording, result, ctx.store.path(result.video)


def test_a_take_with_its_captions_and_cover(tmp_path: Path) -> None:
    _, result, video = made(tmp_path)
    assert (result.cut, result.take, result.render) == ("1min", 2, "landscape")
    assert result.edl.spans == (Span(start=2000, end=6040), Span(start=9000, end=13_000))
    assert read_clock(video) == [*range(50, 151), *range(225, 325)]
    assert result.duration == 8040
    assert (result.width, result.height) == (160, 96)
    assert result.copied > 0.5
    gate(video, duration=result.duration, video=True, audio=True)
    store = context(tmp_path).store
    for blob in (result.srt, result.vtt):
        said = parse(store.path(blob).read_text("utf-8"))
        text = " ".join(cue.text for cue in said)
        assert text.split() == [f"word{k}" for k in (*range(4, 12), *range(18, 26))]
        assert said[-1].end <= result.duration
    cover = cv2.imdecode(np.fromfile(store.path(result.cover), np.uint8), cv2.IMREAD_COLOR)
    assert cover is not None
    assert cover.shape == (96, 160, 3)


def test_a_recording_without_sound(tmp_path: Path) -> None:
    _, result, video = made(tmp_path, sound=False)
    assert result.loudness is None
    assert "no sound" in result.note
    gate(video, duration=result.duration, video=True, audio=False)


@pytest.mark.slow
def test_another_size(tmp_path: Path) -> None:
    _, result, _ = made(tmp_path, width=320, height=192)
    assert (result.width, result.height, result.copied) == (320, 192, 0.0)


@pytest.mark.parametrize(
    ("loudness", "gain"), [((-23.0,) * 50, 7.0), ((-60.0,) * 50, 30.0), ((-70.0,) * 50, 0.0), ((), 0.0)]
)
def test_the_gain_brings_the_spans_to_level(loudness: tuple[float, ...], gain: float) -> None:
    sound = Sound(speech=None, loudness=loudness)
    assert gain_for(sound, (Span(start=0, end=5000),), LANDSCAPE) == pytest.approx(gain, abs=0.05)


def test_cover_candidates_lie_in_the_first_third() -> None:
    edl = EditDecisionList(cut="x", spans=(Span(start=10_000, end=40_000), Span(start=60_000, end=90_000)))
    found = candidates(edl, tuple(range(0, 100_000, 1000)))
    assert len(found) == LOOKED_AT
    assert found == sorted(set(found))
    assert found[0] == 0
    assert found[-1] <= edl.length / 3
    assert candidates(EditDecisionList(cut="x", spans=(Span(start=5, end=300),)), ()) == [0]


def test_a_cover_is_neither_black_nor_blurred_nor_changing() -> None:
    dice = np.random.default_rng(1)
    page = cv2.resize(dice.integers(0, 255, (30, 40, 3), np.uint8), (320, 240), interpolation=cv2.INTER_NEAREST)
    blurred = cv2.GaussianBlur(page, (0, 0), 6)
    black = np.zeros_like(page)
    best = judge(page, page)
    assert best > judge(blurred, blurred) > judge(black, black)
    assert best > judge(page, np.roll(page, 20, axis=1))
