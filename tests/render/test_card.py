"""Codes that scan from what is seen, links that tell assets and channels apart, an end card that keeps clear of captions."""

from __future__ import annotations

import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from repurpose import presets
from repurpose.ingest.brand import brand_of, kit_of_file
from repurpose.models import Box as Area
from repurpose.models import Brand, CallToAction, Event, Panel, View
from repurpose.presets import RenderPreset
from repurpose.render.card import CODE_LEAST, code_image, drawn_code, end_card
from repurpose.render.corner import corner_logo, corner_place
from repurpose.store import FolderStore
from repurpose.text.links import VALUE_BYTES, link_for
from tests.matrix import quick_first

LINK = "https://example.com/kit?from=live&x=%E4%BD%A0#part"
EVENT = Event(name="talk", title="让回放持续带来线索", date=datetime.date(2026, 10, 15), cta=CallToAction(url=LINK))
RENDERS = presets.load().render


def brand_for(event: Event, tmp_path: Path, language: str = "zh") -> tuple[Brand, FolderStore]:
    store = FolderStore(tmp_path / "store")
    return brand_of(event, kit_of_file("repurpose", None), store, language), store


def read_code(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> tuple[str, float]:
    """What a code says, and how wide it is in pixels."""
    text, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    return text, 0.0 if corners is None else float(np.linalg.norm(corners[0][1] - corners[0][0]))


name = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(name, name, name, name)
def test_links_are_stable_and_tell_apart(asset: str, channel: str, other: str, elsewhere: str) -> None:
    brand = Brand.model_construct(link="")
    one, two = link_for(brand, EVENT, asset, channel), link_for(brand, EVENT, other, elsewhere)
    assert one == link_for(brand, EVENT, asset, channel)
    assert (one == two) == ((asset, channel) == (other, elsewhere))
    parts = urlsplit(one)
    assert one.isascii()
    assert parts.query.startswith("from=live&x=%E4%BD%A0&")
    assert [key for key, _ in parse_qsl(parts.query)] == ["from", "x", "asset", "channel"]
    assert parts.fragment == "part"
    assert len(one) <= len(LINK) + len("&asset=&channel=") + 2 * VALUE_BYTES


def test_short_names_stay_readable() -> None:
    brand = Brand.model_construct(link="https://example.com/kit")
    made = link_for(brand, EVENT, "webinar/15s-1.moments", "moments")
    assert made == "https://example.com/kit?asset=webinar/15s-1.moments&channel=moments"
    long = link_for(brand, EVENT, "一场直播用足六十天/15s-1.moments", "moments")
    assert long.startswith("https://example.com/kit?asset=15s-1.moments~")
    assert len(drawn_code(long, 480).tobytes()) == 480 * 480 * 3


def test_the_brands_link_comes_first_and_without_any_there_is_none() -> None:
    linked = Brand.model_construct(link="https://品牌.example/回放?asset=old")
    made = link_for(linked, EVENT, "1min-1.vertical", "moments")
    assert made == "https://xn--jvr800e.example/%E5%9B%9E%E6%94%BE?asset=1min-1.vertical&channel=moments"
    assert link_for(Brand.model_construct(link=""), Event(name="talk"), "a", "b") == ""


@pytest.mark.parametrize("length", [20, 60, 90, 120, 160, 210])
@pytest.mark.parametrize("size", [420, 480])
def test_codes_of_every_length_are_large_and_scan(length: int, size: int, tmp_path: Path) -> None:
    link = "https://example.com/" + "kit-27"[: max(1, length - 20)] * length
    link = link[:length]
    code_image(link, size, tmp_path / "code.png")
    with Image.open(tmp_path / "code.png") as image:
        assert image.size == (size, size)
        grey = np.asarray(image.convert("L"))
    text, wide = read_code(grey)
    assert text == link
    assert wide >= CODE_LEAST - 1
    rows, columns = np.nonzero(grey < 128)
    quiet = min(rows.min(), columns.min(), size - 1 - rows.max(), size - 1 - columns.max())
    dark = np.flatnonzero(grey[rows.min()] < 128)
    module = (np.flatnonzero(np.diff(dark) > 1)[0] + 1) / 7  # the finder's upper edge is seven modules
    assert quiet >= 4 * module


def test_a_code_that_could_not_be_scanned_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        drawn_code("https://example.com/" + "a" * 2000, 480)


@pytest.mark.slow
@pytest.mark.parametrize("language", quick_first(["zh", "en"]))
@pytest.mark.parametrize("ground", quick_first([128, 0, 255]))
def test_the_end_card_scans_over_any_picture(language: str, ground: int, tmp_path: Path) -> None:
    brand, store = brand_for(EVENT, tmp_path, language)
    render, link = RENDERS["moments"], link_for(brand, EVENT, "15s-1.moments", "moments")
    assert end_card(brand, link, render, tmp_path / "card.png", store)
    with Image.open(tmp_path / "card.png") as card:
        assert card.size == (render.width, render.height)
        frame = Image.new("RGB", card.size, (ground,) * 3)
        frame.paste(card, (0, 0), card)
        rows, columns = np.nonzero(np.asarray(card.getchannel("A")))
    assert render.captions is not None
    assert rows.min() >= render.safe_top
    assert rows.max() < render.captions.top
    assert render.title is not None
    assert rows.min() <= render.title.top
    assert rows.max() >= render.title.top + render.title.height
    assert columns.min() >= render.safe_side
    assert columns.max() < render.width - render.safe_side
    text, wide = read_code(np.asarray(frame)[..., ::-1].copy())
    assert text == link
    assert wide >= CODE_LEAST


def test_nothing_to_ask_for_no_card(tmp_path: Path) -> None:
    silent, store = brand_for(Event(name="talk"), tmp_path)
    target = tmp_path / "card.png"
    assert not end_card(silent, "", RENDERS["moments"], target, store)
    brand, store = brand_for(EVENT, tmp_path)
    assert not end_card(brand, LINK, RENDERS["douyin"], target, store)
    assert not target.exists()


def test_words_alone_make_a_card_without_a_code(tmp_path: Path) -> None:
    brand, store = brand_for(Event(name="talk", cta=CallToAction(text="下周四晚八点见")), tmp_path)
    assert end_card(brand, "", RENDERS["moments"], tmp_path / "card.png", store)
    with Image.open(tmp_path / "card.png") as card:
        assert read_code(np.asarray(card.convert("RGB")))[0] == ""
        rows = np.nonzero(np.asarray(card.getchannel("A")))[0]
    assert rows.max() - rows.min() < 500


def panel(shows: str, y: int, height: int, width: int = 1080) -> Panel:
    view = View(at=0, box=Area(x=0, y=0, width=width, height=height))
    return Panel.model_validate({"shows": shows, "x": 0, "y": y, "width": width, "height": height, "views": (view,)})


@pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
@pytest.mark.parametrize("name", ["vertical", "square", "portrait67"])
def test_the_corner_logo_is_never_on_a_slide_nor_on_the_captions(corner: str, name: str, tmp_path: Path) -> None:
    brand, store = brand_for(EVENT, tmp_path)
    brand, render = brand.model_copy(update={"corner": corner}), RENDERS[name]
    size = corner_logo(brand, render, tmp_path / "logo.png", store)
    assert size is not None
    assert size[0] < render.width / 2
    assert render.slide and render.speaker and render.alone and render.captions
    both = [
        panel("slide", render.slide.top, render.slide.height),
        panel("speaker", render.speaker.top, render.speaker.height),
    ]
    for panels in (both, [panel("speaker", render.alone.top, render.alone.height)]):
        place = corner_place(size, brand, render, panels)
        assert place is not None
        x, y = place
        assert render.safe_side <= x <= render.width - render.safe_side - size[0]
        assert y >= 0
        assert y + size[1] <= render.captions.top
        for one in panels:
            assert one.shows == "speaker" or y + size[1] <= one.y or y >= one.y + one.height
    assert corner_place(size, brand, RENDERS["square"], [panel("screen", 0, 1080)]) is None


def test_no_logo_where_channels_punish_one(tmp_path: Path) -> None:
    brand, store = brand_for(EVENT, tmp_path)
    assert corner_logo(brand, RENDERS["douyin"], tmp_path / "logo.png", store) is None
    bare = brand.model_copy(update={"logo": None})
    assert corner_logo(bare, RENDERS["vertical"], tmp_path / "logo.png", store) is None
    assert corner_logo(brand.model_copy(update={"corner": ""}), RENDERS["vertical"], tmp_path / "x.png", store) is None


@pytest.mark.parametrize(("colour", "plated"), [("#FFFFFF", False), ("#101010", True), ("#16213E", True)])
def test_a_dark_logo_gets_a_plate_on_dark(colour: str, plated: bool, tmp_path: Path) -> None:
    brand, store = brand_for(EVENT, tmp_path)
    logo = Image.new("RGBA", (300, 100), "#00000000")
    logo.paste(colour, (20, 20, 280, 80))
    logo.save(tmp_path / "own.png")
    own = brand.model_copy(update={"logo": store.put_file(tmp_path / "own.png")})
    size = corner_logo(own, RenderPreset(name="x", width=1080, height=1080), tmp_path / "logo.png", store)
    assert size is not None
    with Image.open(tmp_path / "logo.png") as image:
        light = np.asarray(image.convert("RGBA").convert("L"), int)
    ground = np.array(Image.new("RGB", (1, 1), brand.paper).convert("L"), int)[0, 0]
    assert ((np.abs(light - ground) <= 2).mean() > 0.1) == plated
