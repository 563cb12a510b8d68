"""The stage `layout`: whole pages, speakers with margin, changes only where the picture changes. Pure, over fabricated looks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.models import Box, Faces, Panel, Slides, Span, TextLine, view_at
from repurpose.presets import RenderPreset
from repurpose.render.crops import holds
from repurpose.render.layout import lay_out
from repurpose.render.pageview import DARK
from tests.render.looked_at import PICTURE, RENDERS, TILE, WHOLE, arranged, drawn, face, looks, shots_of, speakers


@drawn
def test_a_page_is_whole_and_its_webcam_is_the_speakers_band(render: RenderPreset) -> None:
    seen = looks(0, 60_000, face(1676, 885, 148, TILE))
    layout = arranged(render, seen, edges=(0, 20_000, 45_000, 60_000), pages="ppp")
    assert len(layout.scenes) == 3
    for scene in layout.scenes:
        slide, speaker = scene.panels
        assert (slide.shows, slide.width, speaker.shows) == ("slide", render.width, "speaker")
        assert [view.box for view in slide.views] == [PICTURE]
        for look in (look for look in seen if scene.start <= look.at < scene.end):
            crop = view_at(speaker.views, look.at)
            assert holds(crop, look.faces[0].box, TILE)
            assert crop.x >= TILE.x - 1e-6
            assert crop.y + crop.height <= TILE.y + TILE.height + 1e-6
        assert scene.ground == WHOLE.ground
    assert len({panel.views[0].box for panel in speakers(layout)}) == 1  # no jump where the page changes


@drawn
def test_a_page_without_anyone_stands_alone_above_the_captions(render: RenderPreset) -> None:
    layout = arranged(render, looks(0, 10_000), edges=(0, 10_000), pages="p")
    (scene,) = layout.scenes
    (panel,) = scene.panels
    assert (panel.shows, panel.width, panel.views[0].box) == ("slide", render.width, PICTURE)
    assert panel.y + panel.height <= scene.captions.y


@drawn
def test_a_portrait_on_a_page_is_no_webcam(render: RenderPreset) -> None:
    layout = arranged(render, looks(0, 10_000, face(300, 500, 150), sway=0.0), edges=(0, 10_000), pages="p")
    assert not speakers(layout)


@drawn
def test_people_who_are_large_on_a_page_are_not_shown_twice(render: RenderPreset) -> None:
    two = (face(460, 650, 310, Box(x=128, y=356, width=785, height=602)), face(1390, 650, 310))
    assert not speakers(arranged(render, looks(0, 10_000, *two), edges=(0, 10_000), pages="p"))


@drawn
def test_a_talking_head_fills_the_zone_and_stays_in_it(render: RenderPreset) -> None:
    seen = looks(0, 30_000, face(900, 400, 260))
    layout = arranged(render, seen, (1000, 9000), (12_000, 29_000))
    assert [panel.shows for panel in speakers(layout)] == ["speaker", "speaker"]
    assert render.alone is not None
    for scene in layout.scenes:
        (panel,) = scene.panels
        assert (panel.width, panel.height) == (render.width, render.alone.height)
        for look in seen:
            if scene.start <= look.at < scene.end:
                assert holds(view_at(panel.views, look.at), look.faces[0].box, PICTURE)
    far, near = (scene.panels[0].views[0].box.width for scene in layout.scenes)
    assert far / near == pytest.approx(1.04)  # the jump between two spans is a change of view


@drawn
def test_two_who_sit_far_apart_are_stacked(render: RenderPreset) -> None:
    layout = arranged(render, looks(0, 10_000, face(300, 400, 220), face(1600, 420, 220)), edges=(0, 10_000))
    left, right = speakers(layout)
    assert left.y + left.height <= right.y
    assert left.views[0].box.x < right.views[0].box.x


@drawn
def test_two_who_sit_close_share_one_crop(render: RenderPreset) -> None:
    layout = arranged(render, looks(0, 10_000, face(800, 400, 220), face(1100, 420, 220)), edges=(0, 10_000))
    assert len(speakers(layout)) == 1


@drawn
def test_a_screen_is_zoomed_to_where_something_happens(render: RenderPreset) -> None:
    region = Box(x=1000, y=300, width=500, height=300)
    (scene,) = arranged(render, looks(0, 10_000, moves=region), edges=(0, 10_000)).scenes
    (panel,) = scene.panels
    box = panel.views[0].box
    assert panel.shows == "screen"
    assert box.x <= region.x
    assert box.x + box.width >= region.x + region.width
    assert box.y <= region.y
    assert box.y + box.height >= region.y + region.height
    assert panel.y + panel.height <= scene.captions.y
    (calm,) = arranged(render, looks(0, 10_000), edges=(0, 10_000)).scenes
    assert (calm.panels[0].shows, calm.panels[0].views[0].box, calm.ground) == ("whole", PICTURE, DARK)


def test_a_short_change_between_pages_is_no_arrangement_of_its_own() -> None:
    seen = looks(0, 20_000, face(1676, 885, 148, TILE))
    layout = arranged(RENDERS["vertical"], seen, edges=(0, 9000, 9300, 20_000), pages="pcp")
    assert [len(scene.panels) for scene in layout.scenes] == [2, 2, 2]


def test_captions_never_lie_on_a_face_that_can_be_avoided() -> None:
    for render in RENDERS.values():
        for scene in arranged(render, looks(0, 9000, face(1676, 885, 148, TILE)), edges=(0, 9000), pages="p").scenes:
            panel = scene.panels[1]
            box = panel.views[0].box
            scale = panel.height / box.height
            top, chin = (panel.y + (y - box.y) * scale for y in (885 - 74, 885 + 74))
            left, right = (panel.x + (x - box.x) * scale for x in (1676 - 59, 1676 + 59))
            beside = scene.captions.x >= right or scene.captions.x + scene.captions.width <= left
            assert beside or chin <= scene.captions.y + 30 or top >= scene.captions.y + scene.captions.height


@drawn
def test_a_page_its_speaker_and_the_captions_share_the_picture_without_touching(render: RenderPreset) -> None:
    (scene,) = arranged(render, looks(0, 9000, face(1676, 885, 148, TILE)), edges=(0, 9000), pages="p").scenes
    assert all(clear(panel, scene.captions) for panel in scene.panels)
    _, speaker = scene.panels
    assert speaker.height >= 0.3 * min(render.height, 1500)  # no stamp in an empty half
    two = looks(0, 9000, face(1676, 885, 148, TILE), face(300, 885, 148, Box(x=114, y=734, width=373, height=289)))
    (scene,) = arranged(render, two, edges=(0, 9000), pages="p").scenes
    assert [panel.shows for panel in scene.panels] == ["slide", "speaker", "speaker"]


@pytest.mark.parametrize("name", ["square", "portrait67"])
@pytest.mark.parametrize("left", [True, False])
def test_the_name_in_a_webcams_corner_is_whole_or_not_there(name: str, left: bool) -> None:
    """A column shows a part of a webcam's width: the crop moves until it does not cut through the label."""
    x = TILE.x if left else TILE.x + TILE.width - 106
    label = Box(x=x, y=979, width=106, height=44)
    line = TextLine(
        left=label.x / 1920, right=(label.x + label.width) / 1920, top=label.y / 1080,
        bottom=(label.y + label.height) / 1080, text="许知然",
    )  # fmt: skip
    seen = looks(0, 9000, face(1676, 885, 148, TILE), sway=0.02)
    shots, slides, known = shots_of(0, 9000, pages="p")
    faces, cut = Faces(looks=tuple(seen)), [Span(start=0, end=9000)]
    named = Slides(pages=tuple(page.model_copy(update={"lines": (line,)}) for page in slides.pages))
    for pages, whole in ((slides, False), (named, True)):
        (scene,) = lay_out(shots, pages, cut, faces, known, PICTURE, RENDERS[name]).scenes
        crop = scene.panels[1].views[0].box
        shown = min(crop.x + crop.width, label.x + label.width) - max(crop.x, label.x)
        assert (shown <= 0 or shown >= 0.98 * label.width) == whole
        assert all(holds(crop, look.faces[0].box, TILE) for look in seen)


def test_a_closer_view_does_not_cut_a_webcams_label() -> None:
    """Every other span is shown a little closer: not where that would cut through the name in the corner."""
    line = TextLine(left=1484 / 1920, right=1596 / 1920, top=979 / 1080, bottom=1036 / 1080, text="许知然")
    seen = looks(0, 9000, face(1676, 885, 148, TILE))
    shots, slides, known = shots_of(0, 9000, pages="p")
    cut, faces = [Span(start=0, end=4000), Span(start=5000, end=9000)], Faces(looks=tuple(seen))
    named = Slides(pages=tuple(page.model_copy(update={"lines": (line,)}) for page in slides.pages))
    for pages, same in ((slides, False), (named, True)):
        far, near = lay_out(shots, pages, cut, faces, known, PICTURE, RENDERS["vertical"]).scenes
        assert (far.panels[1].views[0].box.width == near.panels[1].views[0].box.width) == same


def clear(panel: Panel, box: Box) -> bool:
    return (
        panel.x + panel.width <= box.x
        or box.x + box.width <= panel.x
        or panel.y + panel.height <= box.y
        or box.y + box.height <= panel.y
    )


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_any_recording_gets_a_layout_that_keeps_the_rules(data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(1, 39_999), max_size=6)) | {0, 40_000})
    pages = "".join(data.draw(st.sampled_from("pc")) for _ in edges[1:])
    count = data.draw(st.integers(0, 3))
    there = [
        face(
            data.draw(st.floats(150, 1770)), data.draw(st.floats(150, 930)), data.draw(st.floats(30, 420)),
            data.draw(st.sampled_from([None, None, TILE])),
        )
        for _ in range(count)
    ]  # fmt: skip
    seen = [
        look.model_copy(update={"faces": look.faces if data.draw(st.booleans()) else look.faces[:1]})
        for look in looks(0, 40_000, *there, sway=data.draw(st.floats(0, 1.5)))
    ]
    marks = sorted(data.draw(st.sets(st.integers(0, 40_000), min_size=2, max_size=6)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    arranged(data.draw(st.sampled_from(list(RENDERS.values()))), seen, *spans, edges=tuple(edges), pages=pages)
