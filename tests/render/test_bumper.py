"""Bumpers: as long as asked to the frame, in the brand's colours, readable, with a place where a code scans."""

from __future__ import annotations

import datetime
import os
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose import presets
from repurpose.context import Context
from repurpose.ingest.brand import brand_of, kit_of_file
from repurpose.media.contrast import rgb
from repurpose.media.movies import moviepy
from repurpose.models import Blob, Brand, Bumpers, CallToAction, Event, Recording, Speaker, VideoFacts
from repurpose.presets import RenderPreset
from repurpose.render.bumper import bump, frames_of
from repurpose.render.card import drawn_code
from repurpose.render.lettering import lines_of
from repurpose.render.scenery import MARGIN, intro_of, outro_of
from repurpose.text.fonts import font_of
from repurpose.text.links import link_for
from tests.matrix import quick_first
from tests.media import context

RENDERS = presets.load().render
SMALL = RENDERS["square"].model_copy(update={"width": 320, "height": 320, "safe_side": 14})
ZH = Event(
    name="webinar",
    title="一场直播，用足六十天：让回放持续带来线索",
    date=datetime.date(2026, 10, 15),
    speakers=(Speaker(name="林溪", role="host"), Speaker(name="周远"), Speaker(name="许知然")),
    cta=CallToAction(text="领取资料包：清单、算账表格、讲稿", url="https://example.com/replay-kit"),
)
EN = Event(
    name="webinar",
    title="How one replay keeps bringing leads for sixty days",
    speakers=(Speaker(name="Zhou Yuan"),),
    cta=CallToAction(url="https://example.com/replay-kit"),
)
LONG = Event(
    name="x",
    title="线索评分与 OneID 如何一起工作，" * 8,
    speakers=tuple(Speaker(name="欧阳修远" * 3) for _ in range(6)),
    cta=CallToAction(text="请用微信扫一扫打开完整的资料包和逐字稿" * 3, url="https://example.com/a"),
)
BARE = Event(name="季度发布会")
WORD = Event(name="x", title="Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 2)
EVENTS = {"zh": ZH, "en": EN, "long": LONG, "bare": BARE, "one word": WORD}


def recording(rate: Fraction) -> Recording:
    facts = VideoFacts(
        codec="h264", width=1920, height=1080, rate_num=rate.numerator, rate_den=rate.denominator, smart_cut=True
    )
    return Recording(media=Blob(digest="0" * 64, suffix=".mp4", size=0), duration=1000, video=facts, has_audio=True)


def brand_for(event: Event, ctx: Context, language: str = "zh") -> Brand:
    return brand_of(event, kit_of_file("repurpose", None), ctx.store, language)


def shown(ctx: Context, blob: Blob | None) -> list[NDArray[np.uint8]]:
    """The frames of a bumper, RGB."""
    assert blob is not None
    with av.open(str(ctx.store.path(blob))) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "rate", quick_first([Fraction(30000, 1001), Fraction(25), Fraction(24000, 1001), Fraction(15), Fraction(60)])
)
def test_every_frame_and_none_more(rate: Fraction, tmp_path: Path) -> None:
    ctx = context(tmp_path)
    made = bump(brand_for(ZH, ctx), ZH, recording(rate), SMALL, ctx)
    assert len(shown(ctx, made.intro)) == frames_of(1200, rate) == round(Fraction(12, 10) * rate)
    assert len(shown(ctx, made.outro)) == frames_of(2500, rate) == round(Fraction(25, 10) * rate)
    with av.open(str(ctx.store.path(made.intro))) as container:  # type: ignore[arg-type]
        stream = container.streams.video[0]
        assert stream.average_rate == rate
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.codec_context.colorspace, stream.codec_context.color_range) == (1, 1)  # BT.709, limited


@pytest.mark.slow
def test_what_has_none_gets_none(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    brand = brand_for(ZH, ctx)
    assert bump(brand, ZH, recording(Fraction(25)), RENDERS["douyin"], ctx) == Bumpers()
    assert bump(brand, ZH, recording(Fraction(25)), RENDERS["moments"], ctx) == Bumpers()
    marked = SMALL.model_copy(update={"branded": False})
    assert bump(brand, ZH, recording(Fraction(25)), marked, ctx) == Bumpers()
    silent = brand.model_copy(update={"intro": False, "outro": False})
    assert bump(silent, ZH, recording(Fraction(25)), SMALL, ctx) == Bumpers()
    only = bump(brand.model_copy(update={"outro": False}), ZH, recording(Fraction(25)), SMALL, ctx)
    assert only.intro is not None
    assert only.outro is None
    assert only.code is None


@pytest.mark.slow
def test_it_moves_then_holds_in_the_colours_of_the_brand(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    brand = brand_for(ZH, ctx)
    frames = shown(ctx, bump(brand, ZH, recording(Fraction(25)), SMALL, ctx).intro)
    light = [int((frame.max(axis=2) > 200).sum()) for frame in frames]
    assert light[0] > 50  # the logo is there from the first frame
    assert light[-1] > 2 * light[0]
    assert light[20] == pytest.approx(light[-1], rel=0.03)  # all is there by 0.8 s
    near = [np.abs(frame.astype(int) - frames[-1]).mean() for frame in frames]
    assert near[3] > 2 * near[20]
    last = frames[-1].astype(int)
    assert np.abs(last[4:20, 4:20].mean(axis=(0, 1)) - rgb(brand.ground[0])).max() < 4
    assert np.abs(last[-20:-4, -20:-4].mean(axis=(0, 1)) - rgb(brand.ground[1])).max() < 4


@pytest.mark.slow
def test_the_code_on_the_outro_scans(tmp_path: Path) -> None:
    """At its real size, and after the encoder: the last frames of a vertical file."""
    ctx = context(tmp_path)
    render = RENDERS["vertical"].model_copy(update={"intro": 0, "outro": 400})
    brand = brand_for(ZH, ctx)
    made = bump(brand, ZH, recording(Fraction(10)), render, ctx)
    assert made.code is not None
    x, y, size = round(made.code.x), round(made.code.y), round(made.code.width)
    link = link_for(brand, ZH, "1min-1.vertical", "wechat_channels")
    frame = shown(ctx, made.outro)[-1].copy()
    card = frame[y : y + size, x : x + size].astype(int)
    assert card.min() > 245  # white, and nothing stands on it
    frame[y : y + size, x : x + size] = np.asarray(drawn_code(link, size))
    assert cv2.QRCodeDetector().detectAndDecode(frame)[0] == link
    again = cv2.imdecode(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR)
    assert cv2.QRCodeDetector().detectAndDecode(again)[0] == link


@pytest.mark.slow
@pytest.mark.parametrize("render", quick_first(["vertical", "square", "portrait67"]))
@pytest.mark.parametrize("name", quick_first(EVENTS))
def test_nothing_leaves_the_part_that_is_clear(name: str, render: str, tmp_path: Path) -> None:
    ctx, event, preset = context(tmp_path), EVENTS[name], RENDERS[render]
    brand = brand_for(event, ctx)
    assert brand.logo is not None
    top, bottom = max(MARGIN, preset.safe_top), preset.height - max(MARGIN, preset.safe_bottom)
    for make in (intro_of, outro_of):
        scenery = make(brand, event, preset, None, ctx.store.path(brand.logo))
        image = np.asarray(scenery.at_rest()).astype(int)
        assert image.shape == (preset.height, preset.width, 3)
        rows, columns = np.nonzero(np.abs(image - np.asarray(scenery.ground).astype(int)).max(axis=2) > 24)
        assert len(rows) > 2000
        assert rows.min() >= top - 2
        assert rows.max() <= bottom + 2
        assert columns.min() >= MARGIN - 2
        assert columns.max() <= preset.width - MARGIN + 2
        assert (scenery.code is not None) == (make is outro_of and bool(brand.link))
        boxes = sorted((layer.y, layer.y + layer.image.height) for layer in scenery.layers if layer.image.width > 40)
        if make is outro_of:
            assert all(before[1] <= after[0] for before, after in pairwise(boxes))


def test_lines_end_where_the_sense_does() -> None:
    font = font_of(None, 100, 800)
    assert lines_of("一场直播，用足六十天：让回放持续带来线索", font, 912) == [
        "一场直播，",
        "用足六十天：",
        "让回放持续带来线索",
    ]
    assert lines_of("领取资料包：清单、算账表格、讲稿", font_of(None, 84, 800), 912) == [
        "领取资料包：",
        "清单、算账表格、讲稿",
    ]
    for text in ("用 42% 的预算，做 3.5 倍的线索。" * 3, "《回放》的“价值”、线索（漏斗）！" * 3):
        lines = lines_of(text, font, 700)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line[0] in "，。、：；！？》”）%" or line[-1] in "《“（" for line in lines)
        assert max(map(font.getlength, lines)) <= 700
    assert lines_of("a " * 400, font, 700, 2)[-1].endswith("…")
    assert len(lines_of("a " * 400, font, 700, 2)) == 2


def test_moviepy_leaves_the_environment_alone_and_takes_our_ffmpeg(tmp_path: Path) -> None:
    before = dict(os.environ)
    moviepy.cache_clear()
    mpy = moviepy()
    assert dict(os.environ) == before
    assert mpy.__version__.startswith("2.")
    from moviepy.config import FFMPEG_BINARY

    from repurpose.media.ffmpeg import program

    assert program() == FFMPEG_BINARY


def test_a_brands_own_font_is_used(tmp_path: Path) -> None:
    from repurpose.text.noto import packaged

    ctx = context(tmp_path)
    brand = brand_for(ZH, ctx).model_copy(update={"font": ctx.store.put_file(packaged())})
    made = bump(brand, ZH, recording(Fraction(10)), SMALL.model_copy(update={"outro": 0}), ctx)
    assert len(shown(ctx, made.intro)) == 12


def test_a_wide_render_has_bumpers_too(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    render = RenderPreset(name="wide", width=1920, height=1080, outro=2500, intro=1200)
    brand = brand_for(EN, ctx, "en")
    assert brand.logo is not None
    scenery = outro_of(brand, EN, render, None, ctx.store.path(brand.logo))
    assert scenery.code is not None
    assert 400 <= scenery.code.width <= 480
