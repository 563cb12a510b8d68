"""Title, lower third, progress line and label: inside their zones, clear of captions and of each other, on time."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from repurpose.models import (
    Blob,
    Box,
    EditDecisionList,
    Face,
    Faces,
    Look,
    Scene,
    Shot,
    Shots,
    Slide,
    Slides,
    Span,
    View,
)
from repurpose.presets import RenderPreset
from repurpose.render.areas import safe
from repurpose.render.ass import rounded
from repurpose.render.burned import script_of
from repurpose.render.corner import corner_place, corner_rooms
from repurpose.render.fonts import Family
from repurpose.render.layout import Page, lay_out
from repurpose.render.panels import alone
from repurpose.render.places import overlaps
from repurpose.render.plates import NamePlate
from repurpose.render.shown import faces_shown
from tests.matrix import quick_first
from tests.render.lettering import GREY, RENDERS, Shown, brand, frames, inked, plain, read, render, said, scene

TITLE_ZH = "质检先上 AI，三个月回本：制造业最值得先做的一件事"
TITLE_EN = (
    "Start AI with quality checks: paid back in three months, and what nobody tells you about the second year of it"
)
NAME = NamePlate(1500, "陈思远", "首席技术官 · 智造科技")
END = 12_000


def script(style: RenderPreset, family: Family, scenes: list[Scene] | None = None, **given: object) -> str:
    scenes = scenes or [scene(style, "slide", 0, END)]
    given = {"start": 1200, "end": END - 1000, **given}
    return script_of([], "zh", scenes, render=style, brand=brand(), family=family, **given)  # type: ignore[arg-type]


def boxes(lines: list[Shown]) -> list[Box]:
    """The rectangles of the drawings among the lines."""
    found = []
    for line in lines:
        if line.text.startswith("m "):
            numbers = [float(number) for number in re.findall(r"[\d.]+", line.text)]
            x, y = line.place
            found.append(Box(x=x, y=y, width=max(numbers[::2]), height=max(numbers[1::2])))
    return found


@pytest.mark.parametrize("name", ["vertical", "moments", "douyin"])
@pytest.mark.parametrize("title", [TITLE_ZH, TITLE_EN, "供应链"])
def test_the_title_stays_in_its_zone(name: str, title: str, family: Family) -> None:
    style = render(name)
    assert style.title is not None
    lines = read(script(style.model_copy(update={"progress": False}), family, title=title))
    type_ = [line for line in lines if line.style == "Bold"]
    assert 1 <= len(type_) <= 2
    plate = boxes(lines)[0]
    assert plate.x >= style.safe_side and plate.x + plate.width <= style.width - style.safe_side
    assert plate.y >= style.title.top and plate.y + plate.height <= style.title.top + style.title.height
    for line in type_:
        found = re.search(r"\\fs(\d+)", line.tags)
        assert found is not None
        size = int(found[1])
        x, y = line.place
        assert size >= 44
        assert plate.x < x and x + family.width(line.text, size, 700) < plate.x + plate.width
        assert plate.y <= y and y + size <= plate.y + plate.height
    whole = plain("".join(line.text for line in type_))
    assert whole == plain(title).replace("：", "") or whole.endswith("…") or whole == plain(title)
    stays = style.title.stays
    assert {(line.start, line.end) for line in lines} == {
        (1200, min(END - 1000, 1200 + stays) if stays else END - 1000)
    }


@pytest.mark.parametrize("name", ["vertical", "moments", "square", "portrait67"])
@pytest.mark.parametrize("kind", ["slide", "alone", "aside"])
def test_a_name_stands_clear_of_everything(name: str, kind: str, family: Family) -> None:
    style = render(name).model_copy(update={"progress": False})
    scenes = [scene(style, kind, 0, 3000), scene(style, "slide" if kind == "aside" else "aside", 3000, END)]
    lines = read(script(style, family, scenes, names=[NAME], ai_label="内容由 AI 辅助剪辑"))
    role = next(line for line in lines if line.text == "首席技术官·智造科技")
    assert (role.start, role.end) == (1500, 1500 + 300 + 3000 + 200)
    mine = [line for line in lines if (line.start, line.end) == (role.start, role.end)]
    plate = boxes(mine)[0]
    assert style.safe_top <= plate.y and plate.y + plate.height <= style.height - style.safe_bottom
    assert plate.x >= style.safe_side
    for one in scenes:
        assert not overlaps(plate, safe(one.captions, style))
    others = boxes([line for line in lines if line not in mine and line.start < role.end and role.start < line.end])
    assert others
    assert not any(overlaps(plate, other) for other in others)


@pytest.mark.parametrize("corner", ["top-left", "top-right"])
@pytest.mark.parametrize("name", ["vertical", "moments", "square", "portrait67"])
def test_a_name_leaves_page_and_logo_free(name: str, corner: str, family: Family) -> None:
    style = render(name).model_copy(update={"progress": False})
    everything = Box(x=0, y=0, width=1920, height=1080)
    page = alone("slide", everything, 0, style).panel((View(at=0, box=everything),))
    scenes = [scene(style, "slide", 0, END).model_copy(update={"panels": (page,)})]
    look = brand().model_copy(update={"logo": Blob(digest="0" * 64, suffix=".png", size=1), "corner": corner})
    written = script_of(
        [],
        "zh",
        scenes,
        render=style,
        brand=look,
        family=family,
        names=[NAME],
        title="供应链",
        start=1200,
        end=END - 1000,
    )
    role = next(line for line in read(written) if line.text == "首席技术官·智造科技")
    plate = boxes([line for line in read(written) if (line.start, line.end) == (role.start, role.end)])[0]
    ((_, _, logo),) = corner_rooms(look, style, scenes)
    assert not overlaps(plate, Box(x=page.x, y=page.y, width=page.width, height=page.height))
    assert not overlaps(plate, logo)
    assert plate.x >= style.safe_side and plate.x + plate.width <= style.width - style.safe_side


@pytest.mark.parametrize("name", ["vertical", "moments", "square", "portrait67"])
def test_name_and_logo_leave_the_face_free(name: str, family: Family) -> None:
    """A page with a small webcam: neither lies on who is seen in it."""
    style = render(name).model_copy(update={"progress": False})
    tile = Box(x=1490, y=734, width=370, height=286)
    looks = tuple(
        Look(at=at, faces=(Face(box=Box(x=1617, y=811, width=118, height=148), score=0.9, frame=tile),))
        for at in range(0, END, 500)
    )
    moved = tuple(look.model_copy(update={"faces": (swayed(look.faces[0], k % 5),)}) for k, look in enumerate(looks))
    image = Blob(digest="1" * 64, suffix=".jpg", size=1)
    whole = Box(x=0, y=0, width=1920, height=1080)
    layout = lay_out(
        Shots(spans=(Shot(start=0, end=END, page=True, best=0),)),
        Slides(pages=(Slide(start=0, end=END, image=image, text="What is written on the page"),)),
        [Span(start=0, end=END)], Faces(looks=moved), {image.digest: Page(0, whole, "#0E1C2F")}, whole, style,
    )  # fmt: skip
    edl = EditDecisionList(cut="1min", spans=(Span(start=0, end=END),))
    heads = faces_shown(Faces(looks=moved), layout.scenes, edl)
    assert heads
    look = brand().model_copy(update={"logo": Blob(digest="0" * 64, suffix=".png", size=1), "corner": "top-left"})
    written = script_of(
        [], "zh", layout.scenes, render=style, brand=look, family=family, names=[NAME], faces=heads, title="供应链",
        start=0, end=END,
    )  # fmt: skip
    role = next(line for line in read(written) if line.text == "首席技术官·智造科技")
    plate = boxes([line for line in read(written) if (line.start, line.end) == (role.start, role.end)])[0]
    logo = Box(x=0, y=0, width=240, height=72)
    place = corner_place((240, 72), look, style, layout.scenes[0].panels)
    assert place is not None
    logo = logo.model_copy(update={"x": place[0], "y": place[1]})
    slide = layout.scenes[0].panels[0]
    for one in (plate, logo):
        assert not any(overlaps(one, head) for _, _, head in heads)
        assert not overlaps(one, Box(x=slide.x, y=slide.y, width=slide.width, height=slide.height))


def swayed(face: Face, by: int) -> Face:
    return face.model_copy(update={"box": face.box.model_copy(update={"x": face.box.x + 2 * by})})


def test_the_names_come_one_after_the_other(family: Family) -> None:
    style = render("vertical")
    names = [NAME, NamePlate(4000, "Dr. Smith", "New York"), NamePlate(10_900, "陈思远")]
    shown = [line for line in read(script(style, family, names=names)) if line.text in ("陈思远", "Dr. Smith")]
    assert [(line.start, line.end, line.text) for line in shown] == [
        (1500, 4000, "陈思远"),
        (4000, 7500, "Dr. Smith"),
    ]  # the third would be on screen for a tenth of a second


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Trestle · VP Marketing", "Trestle · VP Marketing"),
        ("Trestle Sensing Instruments · VP Marketing", "VP Marketing"),
    ],
)
def test_a_long_role_loses_the_company_before_its_end(title: str, shown: str, family: Family) -> None:
    style = render("portrait67").model_copy(update={"progress": False})
    lines = read(script(style, family, names=[NamePlate(1500, "Zhou Yuan", title)]))
    assert shown in [line.text for line in lines]


def test_no_names_where_brands_are_punished(family: Family) -> None:
    assert read(script(render("douyin"), family, names=[NAME])) == []


@pytest.mark.parametrize("name", quick_first(["vertical", "moments", "square", "portrait67"]))
def test_the_line_grows_with_the_clip(name: str, family: Family, tmp_path: Path) -> None:
    style = render(name)
    scenes = [scene(style, "slide", 0, 5000), scene(style, "alone", 5000, END)]
    pictures = frames(script(style, family, scenes), style, family.folder, tmp_path, END / 1000)
    assert inked(pictures[0]) is None and inked(pictures[11]) is None  # the bumpers are left alone
    for second in range(2, 11):
        box = inked(pictures[second])
        assert box is not None
        assert box[3] - box[1] <= 6
        top = min(panel.y for one in scenes for panel in one.panels)
        assert box[1] == max(0, top - 6)
        signal = np.array([int(brand().signal[at : at + 2], 16) for at in (1, 3, 5)])
        lit = (np.abs(pictures[second][box[1] + 2].astype(int) - signal) < 24).all(axis=1).sum()
        assert lit == pytest.approx(style.width * (second * 1000 - 1200) / (END - 2200), abs=4)


@pytest.mark.parametrize("name", RENDERS)
def test_the_label_is_there_for_the_whole_clip(name: str, family: Family) -> None:
    style = render(name).model_copy(update={"progress": False})
    scenes = [scene(style, "slide", 0, 3000), scene(style, "alone", 3000, 7000), scene(style, "aside", 7000, END)]
    lines = read(script(style, family, scenes, ai_label="内容由AI辅助剪辑", title=TITLE_ZH))
    label = [line for line in lines if line.text == "内容由 AI 辅助剪辑"]
    assert label[0].start == 1200 and label[-1].end == END - 1000
    assert all(before.end == after.start for before, after in pairwise(label))
    sizes = [int(found[1]) for line in label if (found := re.search(r"\\fs(\d+)", line.tags))]
    assert min(sizes) * 0.92 >= 0.05 * min(style.width, style.height)  # a sign fills 92 % of its em
    plates = [line for line in lines if line.style == "Shape" and r"\1a&H80&" in line.tags]
    for line in plates:
        [box] = boxes([line])
        assert box.x >= style.safe_side and box.x + box.width <= style.width - style.safe_side
        assert box.y >= style.safe_top and box.y + box.height <= style.height - style.safe_bottom
        for one in scenes:
            if one.start < line.end and line.start < one.end:
                assert not overlaps(box, safe(one.captions, style))


@pytest.mark.slow
@pytest.mark.parametrize("name", quick_first(RENDERS))
def test_captions_stay_in_their_box_pixel_by_pixel(name: str, family: Family, tmp_path: Path) -> None:
    style = render(name).model_copy(update={"progress": False})
    text = "我们把交付周期从六周压到了十天，GPU 的价格涨了15%，jumpy query: “供应链”《》"
    english = "Jumpy quarterly (pipeline) of {goods}, 12.4% and $3.5 million; wildly WWWWWWWW MMMMMMMMM"
    for language, words in (("zh", text), ("en", english)):
        spoken = [said(words, language, 500)]
        end = spoken[0].end + 1000
        scenes = [scene(style, "slide", 0, 3000), scene(style, "aside", 3000, max(3001, end))]
        written = script_of(spoken, language, scenes, render=style, brand=brand(), family=family, start=0, end=end)
        seen = 0
        for second, picture in enumerate(frames(written, style, family.folder, tmp_path, end / 1000, rate=2)):
            if (box := inked(picture)) is None:
                continue
            seen += 1
            room = safe(scenes[second * 500 >= 3000].captions, style)
            assert box[0] >= room.x and box[2] <= room.x + room.width, (second, box)
            assert box[1] >= room.y and box[3] <= room.y + room.height, (second, box)
        assert seen >= 6


def test_round_corners(family: Family, tmp_path: Path) -> None:
    assert rounded(100, 40, 0) == "m 0 0 l 100 0 100 40 0 40"
    assert rounded(100, 40, 90).startswith("m 20 0")  # no rounder than half its height
    style = render("moments").model_copy(update={"progress": False})
    first = frames(script(style, family, title="供应链"), style, family.folder, tmp_path, 4)[3]
    box = inked(first)
    assert box is not None
    corner, side = first[box[1], box[0]].astype(int), first[(box[1] + box[3]) // 2, box[0]].astype(int)
    assert (abs(corner - GREY) <= 2).all() and (abs(side - GREY) > 30).any()
