"""抖音 punishes a brand in the picture: a film for it is the same to the bit whatever the brand brings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose.ingest.brand import brand_of, kit_of_file
from repurpose.models import Box as Area
from repurpose.models import (
    CallToAction,
    Chapters,
    EditDecisionList,
    Event,
    Faces,
    Layout,
    Rendition,
    Sentence,
    Span,
    Speaker,
    Transcript,
    Translation,
    View,
    Word,
)
from repurpose.presets import TakePreset
from repurpose.render.bumper import bump
from repurpose.render.drawing import draw
from tests.media import context, make_clock, recording_of
from tests.media.clock import HEIGHT, WIDTH
from tests.render.lettering import render, scene

pytestmark = pytest.mark.slow
EDL = EditDecisionList(cut="1min", title="三个原因", spans=(Span(start=1000, end=3000), Span(start=5000, end=7000)))
WORDS = tuple(
    Word(start=1000 + 500 * k, end=1450 + 500 * k, text=sign) for k, sign in enumerate("回放不是录像而是资产")
)
SAID = Transcript(
    language="zh",
    sentences=(Sentence(start=1000, end=5950, text="回放不是录像而是资产", words=WORDS, speaker="周远"),),
)


def event(brand: str, link: str) -> Event:
    return Event(
        name="talk", title="一场直播", date=date(2026, 10, 15), language="zh", brand=brand, cta=CallToAction(url=link),
        speakers=(Speaker(name="周远", title="市场副总裁", company="栈桥传感"),),
    )  # fmt: skip


def made(folder: Path, name: str, brand: str, link: str) -> tuple[Rendition, Path]:
    """Four seconds drawn for a channel with everything a brand has: logo, sting, bumpers, name, call to action, code."""
    ctx, about, style = context(folder), event(brand, link), render(name)
    look = brand_of(about, kit_of_file(brand, None), ctx.store, "zh")
    recording = recording_of(make_clock(folder / "in.mp4", 200, gop=50), ctx)
    whole = View(at=0, box=Area(x=0, y=0, width=WIDTH, height=HEIGHT))
    scenes = tuple(
        shown.model_copy(update={"panels": tuple(one.model_copy(update={"views": (whole,)}) for one in shown.panels)})
        for shown in (scene(style, "slide", 1000, 3000), scene(style, "alone", 5000, 7000))
    )
    layout = Layout(width=style.width, height=style.height, scenes=scenes)
    take = TakePreset(name="1min-1", cut="1min", take=1, renders=(name,))
    bumpers = bump(look, about, recording, style, ctx)
    film = draw(
        about, look, Translation(), recording, SAID, Chapters(), EDL, layout, Faces(), bumpers, take, style, ctx,
    )  # fmt: skip
    return film, ctx.store.path(film.video)


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8)


def apart(one: Path, other: Path) -> list[int]:
    """The frames of two films that differ in any pixel."""
    pairs = zip(pictures(one), pictures(other), strict=True)
    return [number for number, (first, second) in enumerate(pairs) if not np.array_equal(first, second)]


def sound(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


def test_no_brand_pixel(tmp_path: Path) -> None:
    branded, one = made(tmp_path / "a", "douyin", "repurpose", "https://example.com/replay-kit")
    plain, other = made(tmp_path / "b", "douyin", "default", "")
    assert apart(one, other) == []
    assert np.array_equal(sound(one), sound(other))  # nor its sting
    assert (branded.edl, branded.link) == (plain.edl, "") and branded.duration == EDL.length  # no bumper, no code
    first, last = (np.asarray(cv2.cvtColor(shown, cv2.COLOR_YUV2BGR_I420)) for shown in ends(one))
    assert not any(cv2.QRCodeDetector().detect(shown)[0] for shown in (first, last))


def ends(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    shown = list(pictures(path))
    return shown[0], shown[-1]


def test_where_a_brand_may_be_seen_the_same_films_differ(tmp_path: Path) -> None:
    branded, one = made(tmp_path / "a", "moments", "repurpose", "https://example.com/replay-kit")
    _, other = made(tmp_path / "b", "moments", "default", "")
    assert branded.link
    assert len(apart(one, other)) > 50  # the logo in its corner, and the code over the last two seconds
