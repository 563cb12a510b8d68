"""Posters hold their rules in every template, size and length: nothing overflows, all is readable, the code opens its second."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from repurpose import presets
from repurpose.context import Context
from repurpose.design.material import Material
from repurpose.design.portraits import Portrait
from repurpose.design.posters import as_file, as_set, draw_poster, draw_posters, filled, ranked
from repurpose.errors import GateError, NothingFits, UserError
from repurpose.models import (
    Box,
    Brand,
    CallToAction,
    Event,
    Quote,
    Quotes,
    Sentence,
    Slides,
    Speaker,
    Transcript,
)
from repurpose.models.designed import Portraits
from repurpose.store import FolderStore
from repurpose.text.links import link_for
from repurpose.text.noto import serif

POSTERS = presets.load().posters
SAID = {
    "zh 6": "慢就是最快。",
    "zh 24": "在别人的平台上被看见，在自己的地盘上被客户记住。",
    "zh 60": "没有人愿意再看一遍六十分钟的录像，但每个人都愿意看那最好的十五秒，这就是我们为什么要把最好的话留下来，送到该到的地方。",
    "zh mixed": "“数据不会说谎”，但𠮷祥物会；用GPT-4做了3层校验，转化率提升37.5%，1,200家企业在用。",
    "en 5": "Less is always a decision.",
    "en 15": "Ten thousand people for three seconds are worth less than a hundred for three minutes.",
    "en 28": "Nobody wants to watch the whole hour again, but everybody wants the best fifteen seconds, so we keep"
    " the best words and bring them where they are needed today.",
    "en mixed": "In 2026, 37.5% of all replays were watched by “someone new” — 1,200 teams, not 12.",
}
EVENT = Event(
    name="webinar", title="一场直播，用足六十天：让回放持续带来线索", date=datetime.date(2026, 10, 15),
    speakers=(Speaker(name="许知然", title="销售运营总监", company="青屿云"),), terms=("GPT-4",),
    cta=CallToAction(url="https://example.com/replay-kit"),
)  # fmt: skip


def brand() -> Brand:
    look, _ = presets.load_brand("default")
    return Brand(**{name: getattr(look, name) for name in
                    ("name", "ink", "paper", "signal", "warm", "on_dark", "quiet", "spoken", "ground")})  # fmt: skip


def face() -> Portrait:
    image = Image.new("RGB", (900, 900), "#F3E7D6")
    ImageDraw.Draw(image).ellipse((300, 250, 600, 650), "#E0AE8A")
    return Portrait(image, Box(x=310, y=300, width=280, height=340))


def material(said: str, at: int = 652_210) -> Material:
    english = said.isascii() or "In 2026" in said
    quote = Quote(start=at, end=at + 5000, sentences=(0,), text=said, speaker="许知然", title="青屿云 · 销售运营总监")
    logo = Image.new("RGBA", (400, 80), "#2457F5")
    return Material(
        event=EVENT, brand=brand(), quote=quote, text=as_set(said), language="en" if english else "zh",
        link=link_for(brand(), EVENT, "webinar/quote-1", "poster", at), portrait=face(),
        slide=Image.new("RGB", (1920, 1080), "#FFFFFF"), logo=logo,
    )  # fmt: skip


def code_in(data: bytes) -> str:
    """What the code says, found in the whole picture or, as one who points a phone at it, in its lower right half."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    high, wide = image.shape[:2]
    for part in (image, image[high // 2 :, wide // 3 :]):
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(part)
        if text:
            return str(text)
    return ""


@pytest.mark.parametrize("said", SAID)
def test_every_length_has_a_template(said: str) -> None:
    assert ranked(POSTERS.templates, material(SAID[said]), ())


def test_a_new_template_is_one_file_and_its_picture(tmp_path: Path) -> None:
    folder = tmp_path / "posters"
    folder.mkdir()
    (folder / "harbour.toml").write_text(
        'label = "海港"\nground = "ink"\npicture = "harbour.png"\n'
        'tall = [\n {kind = "quote", box = [0.08, 0.1, 0.92, 0.6], tone = "on_dark"},\n'
        ' {kind = "person", box = [0.08, 0.65, 0.92, 0.75], tone = "on_dark"},\n'
        ' {kind = "code", box = [0.6, 0.78, 0.92, 0.94], tone = "on_dark"},\n]\n',
        "utf-8",
    )
    Image.new("RGB", (300, 400), "#123A5A").save(folder / "harbour.png")
    template = presets.load(tmp_path).posters.templates["harbour"]
    for said in ("zh 6", "zh 60", "en 5", "en 28"):
        drawn = draw_poster(template, POSTERS.sizes[0], material(SAID[said]))
        assert drawn.image.getpixel((5, 5)) == (0x12, 0x3A, 0x5A)
        assert code_in(as_file(drawn.image, POSTERS)[0]) == material(SAID[said]).link
    with pytest.raises(NothingFits):
        draw_poster(template, next(size for size in POSTERS.sizes if size.name == "900x383"), material(SAID["zh 6"]))


def test_type_that_cannot_be_read_takes_another_colour() -> None:
    template = POSTERS.templates["bigquote"].model_copy(update={"ground": "ink"})  # ink on ink
    drawn = draw_poster(template, POSTERS.sizes[0], material(SAID["zh 24"]))
    assert min(one.contrast for one in drawn.canvas.written) >= 4.5


def test_the_stage_refuses_what_was_not_said(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    spoken = Transcript(language="zh", sentences=(Sentence(start=0, end=4000, text=SAID["zh 24"], speaker="许知然"),))
    quote = material(SAID["zh 24"], at=1000).quote
    few = POSTERS.model_copy(update={"sizes": POSTERS.sizes[:2]})
    made = draw_posters(
        EVENT, brand(), Portraits(), Slides(), spoken, Quotes(quotes=(quote,)), few, Context(tmp_path, store)
    )
    assert [picture.size for picture in made.pictures] == ["1080x1440", "810x1080"]
    assert made.pictures[0].sentences == (0,) and "t=1" in made.pictures[0].link
    with Image.open(io.BytesIO(store.path(made.pictures[0].image).read_bytes())) as image:
        assert image.size == (1080, 1440)
    other = quote.model_copy(update={"text": "在别人的平台上被忘记，在自己的地盘上被客户记住。"})
    with pytest.raises(GateError, match="not what was said"):
        draw_posters(
            EVENT, brand(), Portraits(), Slides(), spoken, Quotes(quotes=(other,)), few, Context(tmp_path, store)
        )


def test_a_picture_of_too_many_bytes_is_left_out_and_named(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    spoken = Transcript(language="zh", sentences=(Sentence(start=0, end=4000, text=SAID["zh 24"], speaker="许知然"),))
    tight = POSTERS.model_copy(update={"sizes": POSTERS.sizes[:1], "only": ("bigquote",), "at_most_bytes": 1000})
    quotes = Quotes(quotes=(material(SAID["zh 24"], at=1000).quote,))
    made = draw_posters(EVENT, brand(), Portraits(), Slides(), spoken, quotes, tight, Context(tmp_path, store))
    assert made.pictures == ()
    assert made.skipped == ("quote-1 1080x1440: a picture of 1080x1440 needs more than 1000 bytes as a jpg",)


def test_a_brands_own_font_sets_the_poster_and_is_asked_for_its_signs(tmp_path: Path) -> None:
    template, size = POSTERS.templates["bigquote"], POSTERS.sizes[0]
    shown = replace(material(SAID["zh 24"]), font=serif())  # any other file will do
    own, usual = draw_poster(template, size, shown), draw_poster(template, size, material(SAID["zh 24"]))
    faces = {run.face.own for one in own.canvas.written for line in one.setting.lines for run in line.runs}
    assert faces == {serif()}
    assert np.abs(np.asarray(own.image, int) - np.asarray(usual.image, int)).max() > 100
    rare = draw_poster(template, size, replace(material(SAID["zh mixed"]), font=serif()))  # it has no 𠮷
    borrowed = [run.text for one in rare.canvas.written for line in one.setting.lines for run in line.runs
                if run.face.own is None]  # fmt: skip
    assert borrowed == ["𠮷"]
    with pytest.raises(UserError, match="U\\+1F9FF"):
        draw_poster(template, size, replace(material("慢就是最快\U0001f9ff。"), font=serif()))


def test_a_year_is_no_figure() -> None:
    assert material(SAID["en mixed"]).figure == ("37.5", "%")
    assert material("In 2026 we had 1,200 teams.").figure == ("1,200", "")
    assert material("2026 年我们只做一件事。").figure is None


def test_a_name_takes_the_place_of_a_portrait_that_is_not_there() -> None:
    blocks = POSTERS.templates["bigquote"].tall
    alone = filled(blocks, replace(material(SAID["zh 24"]), portrait=None), footer=True)
    names = [one.box[0] for one in alone if one.kind == "person"]
    assert names == [one.box[0] for one in blocks if one.kind == "portrait"]
    assert filled(blocks, material(SAID["zh 24"]), footer=True) == list(blocks)
