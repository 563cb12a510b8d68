"""Pictures and texts of pages, read by the real engine."""

from __future__ import annotations

from pathlib import Path

import cv2
import manimgx_fonts_cjk
import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from repurpose.models import Shot, Shots, Slides
from repurpose.presets import SlidesPreset
from repurpose.slides.pages import read_pages
from repurpose.slides.shots import find_shots
from tests.slides.drawn import SIZE, Image, camera, film, show, taken_in


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"), size, index=2)
    font.set_variation_by_axes([500])
    return font


def typeset(title: str, *lines: str) -> Image:
    """A page in Chinese or English, in the weight and size of a real one."""
    sheet = Picture.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((40, 24), title, font=_font(40), fill=(20, 60, 120))
    for number, text in enumerate(lines):
        draw.text((48, 110 + 48 * number), text, font=_font(24), fill=(30, 30, 30))
    draw.text((600, 336), "7", font=_font(14), fill=(90, 90, 90))
    return np.asarray(sheet)[..., ::-1].copy()


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Slides, Path]:
    folder = tmp_path_factory.mktemp("pages")
    chinese = typeset("回放的价值", "一场直播，一年线索", "转化率提升 37%", "把每一秒都用起来")
    english = typeset("Replays that work", "One recording, four versions", "Leads rise by 37 percent")
    picture = np.ascontiguousarray(camera(3, *SIZE))
    film(folder / "talk.mp4", show([(6, chinese), (6, english), (6, chinese), (6, picture)]), 24)
    recording, ctx = taken_in(folder / "talk.mp4", 24, folder)
    heard: list[float] = []
    ctx = type(ctx)(ctx.scratch, ctx.store, progress=heard.append)
    slides = read_pages(recording, find_shots(recording, SlidesPreset(), ctx), SlidesPreset(), ctx)
    assert heard
    return slides, ctx.store.path(slides.pages[0].image)


@pytest.mark.slow
def test_chinese_and_english_pages_are_read(read: tuple[Slides, Path]) -> None:
    chinese, english = read[0].pages[:2]
    assert chinese.title == "回放的价值"
    assert english.title == "Replays that work"
    for word in ("一场直播", "一年线索", "37%", "把每一秒都用起来"):
        assert word in chinese.text
    assert english.text.splitlines()[:3] == [
        "Replays that work",
        "One recording, four versions",
        "Leads rise by 37 percent",
    ]


@pytest.mark.slow
def test_a_page_that_returns_keeps_its_picture_and_text(read: tuple[Slides, Path]) -> None:
    first, _, third = read[0].pages[:3]
    assert (third.start, third.end) == (12_000, 18_000)
    assert (third.image, third.title, third.text) == (first.image, first.title, first.text)


@pytest.mark.slow
def test_the_picture_is_in_full_size_and_of_one_page_only(read: tuple[Slides, Path]) -> None:
    image = cv2.imread(str(read[1]))
    assert image is not None
    assert image.shape == (SIZE[1], SIZE[0], 3)
    wanted = typeset("回放的价值", "一场直播，一年线索", "转化率提升 37%", "把每一秒都用起来")
    assert cv2.PSNR(image, wanted) > 28


def test_without_ocr_there_are_pictures_and_no_words(tmp_path: Path) -> None:
    page = typeset("Replays that work")
    recording, ctx = taken_in(film(tmp_path / "talk.mp4", show([(4, page)]), 4), 4, tmp_path)
    shots = Shots(spans=(Shot(start=0, end=4000, best=3000),))
    slides = read_pages(recording, shots, SlidesPreset(ocr=False), ctx)
    assert [(page.title, page.text, page.image.suffix) for page in slides.pages] == [("", "", ".jpg")]


def test_no_pages_no_slides(tmp_path: Path) -> None:
    recording, ctx = taken_in(film(tmp_path / "talk.mp4", lambda number: camera(number, *SIZE), 3), 3, tmp_path)
    shots = Shots(spans=(Shot(start=0, end=3000, page=False),))
    assert read_pages(recording, shots, SlidesPreset(), ctx).pages == ()
