"""The stage `drawing`: pictures, sound, captions and names of one take on one clock, between its bumpers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import av
import numpy as np
import pytest

from repurpose.context import Context
from repurpose.errors import NothingFits
from repurpose.media.frames import between
from repurpose.models import (
    Box,
    Brand,
    Bumpers,
    Chapters,
    EditDecisionList,
    Event,
    Faces,
    Layout,
    Panel,
    Recording,
    Rendition,
    Scene,
    Sentence,
    Span,
    Speaker,
    Transcript,
    Translation,
    View,
    Word,
)
from repurpose.presets import CaptionStyle, RenderPreset, TakePreset, Zone
from repurpose.render.bumper import bump
from repurpose.render.drawing import draw
from repurpose.render.shown import names_shown, scenes_shown
from repurpose.text.subtitles import parse
from tests.media import context, make_clock, read, recording_of
from tests.media.clock import HEIGHT, WIDTH

TALL = RenderPreset(
    name="tall", width=320, height=480, speed="ultrafast", crf=14, intro=400, outro=600,
    alone=Zone(top=120, height=192), captions=CaptionStyle(size=44, top=330, bottom=460, signs=6, letters=12),
)  # fmt: skip
TAKE = TakePreset(name="1min-2", cut="1min", take=2, renders=("tall",))
EVENT = Event(
    name="talk", title="A talk", date=date(2026, 10, 15), language="en",
    speakers=(Speaker(name="Ada Wong", title="CTO", company="Fieldline"), Speaker(name="Bo Li")),
)  # fmt: skip
BRAND = Brand(
    name="plain", ink="#0E1525", paper="#FAF8F4", signal="#2457F5", warm="#FF6A3D", on_dark="#F5F7FC", quiet="#B9C3D9",
    spoken="#FFD84D", ground=("#0B1020", "#16213E"), cta="Watch it all",
)  # fmt: skip
EDL = EditDecisionList(
    cut="1min", take=2, title="The point", spans=(Span(start=2000, end=4000), Span(start=9000, end=11_000))
)


def said() -> Transcript:
    words = tuple(Word(start=k * 500, end=k * 500 + 450, text=f"word{k}") for k in range(32))
    halves = (words[:16], words[16:])
    return Transcript(
        language="en",
        sentences=tuple(
            Sentence(start=half[0].start, end=half[-1].end, text=" ".join(w.text for w in half), words=half)
            for half in halves
        ),
    )


def layout() -> Layout:
    view = View(at=0, box=Box(x=0, y=0, width=WIDTH, height=HEIGHT))
    panel = Panel(shows="whole", x=0, y=120, width=2 * WIDTH, height=2 * HEIGHT, views=(view,))
    return Layout(
        width=320, height=480,
        scenes=tuple(
            Scene(start=start, end=end, panels=(panel,), ground="#101020", captions=Box(x=0, y=330, width=320, height=130))
            for start, end in ((2000, 3000), (3000, 4000), (9000, 11_000))
        ),
    )  # fmt: skip


def made(tmp_path: Path, render: RenderPreset = TALL) -> tuple[Recording, Rendition, Context]:
    ctx = context(tmp_path)
    recording = recording_of(make_clock(tmp_path / "in.mp4", 400, gop=50, bframes=2), ctx)
    bumpers = bump(BRAND, EVENT, recording, render, ctx)
    result = draw(
        EVENT, BRAND, Translation(), recording, said(), Chapters(), EDL, layout(), Faces(), bumpers, TAKE, render, ctx
    )
    return recording, result, ctx


@pytest.mark.slow
def test_a_drawn_take_is_the_frames_asked_for_between_its_bumpers(tmp_path: Path) -> None:
    _, result, ctx = made(tmp_path)
    assert (result.edl.intro, result.edl.outro, result.duration) == (400, 600, 5000)
    video = ctx.store.path(result.video)
    shown = list(pictures(video))
    assert len(shown) == 125
    clock = [read(picture[120:312:2, ::2]) for picture in shown[10:110]]
    assert clock == [*range(50, 100), *range(225, 275)]
    with av.open(str(video)) as container:
        assert container.metadata["title"] == "The point"
        ends = [float(stream.duration * stream.time_base) for stream in container.streams]
    assert ends == pytest.approx([5.0, 5.0], abs=0.03)
    assert (result.width, result.height) == (320, 480)
    assert result.loudness == pytest.approx(TALL.loudness, abs=1)
    words = parse(ctx.store.path(result.vtt).read_text("utf-8"))
    assert " ".join(cue.text for cue in words).split() == [f"word{k}" for k in (*range(4, 8), *range(18, 22))]
    assert words[0].start >= 400


def pictures(path: Path) -> Iterator[np.ndarray]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray()[: frame.height, : frame.width]


@pytest.mark.slow
def test_captions_are_in_the_picture_and_not_in_the_bumpers(tmp_path: Path) -> None:
    _, result, ctx = made(tmp_path)
    path = ctx.store.path(result.video)
    spoken = next(between(path, Span(start=1000, end=1100)))
    assert (spoken.image[330:460].max(axis=2) > 200).sum() > 200


@pytest.mark.slow
def test_a_take_too_long_for_its_channel_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(NothingFits, match=r"5\.0 s long; tall takes at most 4\.0 s"):
        made(tmp_path, TALL.model_copy(update={"at_most": 4000}))


def test_scenes_move_to_the_file_s_clock() -> None:
    shown = EDL.model_copy(
        update={"spans": (Span(start=2040, end=4000), Span(start=9000, end=11_000)), "intro": 1200, "outro": 500}
    )
    moved = scenes_shown(layout(), EDL, shown)
    assert [(scene.start, scene.end) for scene in moved] == [(1200, 2160), (2160, 3160), (3160, 5160)]


def test_each_speaker_is_named_once_when_first_heard() -> None:
    sentences = [
        Sentence(start=at, end=at + 900, text="so", speaker=who)
        for at, who in ((0, None), (1000, "Ada Wong"), (2000, "A stranger"), (3000, "Ada Wong"), (4000, "Bo Li"))
    ]
    plates = names_shown(sentences, EVENT)
    assert [(plate.start, plate.name, plate.title) for plate in plates] == [
        (1000, "Ada Wong", "Fieldline · CTO"),
        (4000, "Bo Li", ""),
    ]


@pytest.mark.slow
def test_without_bumpers_the_first_frame_is_the_span_s(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    recording = recording_of(make_clock(tmp_path / "in.mp4", 400, gop=50, sound=False), ctx)
    result = draw(
        EVENT, BRAND, Translation(), recording, said(), Chapters(), EDL, layout(), Faces(), Bumpers(), TAKE,
        TALL.model_copy(update={"branded": False}), ctx,
    )  # fmt: skip
    assert (result.edl.intro, result.edl.outro, result.loudness) == (0, 0, None)
    first = next(pictures(ctx.store.path(result.video)))
    assert read(first[120:312:2, ::2]) == 50
