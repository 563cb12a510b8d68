"""Layouts of real recordings: pages whole, faces inside with margin, changes on shot edges only."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from repurpose.context import Context
from repurpose.models import EditDecisionList, Faces, Layout, Recording, Shot, Shots, Slide, Slides, Span, view_at
from repurpose.presets import TakePreset, load
from repurpose.render.crops import holds
from repurpose.render.faces import find_faces
from repurpose.render.layout import arrange
from repurpose.slides.shots import find_shots
from tests.media import SHARED, context, recording_of

pytestmark = pytest.mark.slow
PRESETS = load()
RENDERS = {name: preset for name, preset in PRESETS.render.items() if preset.drawn}
TAKE = TakePreset(name="1min", cut="1min", take=1, renders=tuple(RENDERS))
SAMPLE = Path(__file__).parents[2] / "assets/demo/webinar.mp4"


def pictured(path: Path, shots: Shots, cut: EditDecisionList, ctx: Context) -> Slides:
    """The pages as `slides` would have them, without reading them."""
    pages = []
    for shot in shots.spans:
        if shot.page and any(shot.overlap(span) for span in cut.spans):
            video = cv2.VideoCapture(str(path))
            video.set(cv2.CAP_PROP_POS_MSEC, shot.best)
            image = ctx.store.put_bytes(cv2.imencode(".jpg", video.read()[1])[1].tobytes(), ".jpg")
            pages.append(Slide(start=shot.start, end=shot.end, image=image, text="what is written here " * 4))
    return Slides(pages=tuple(pages))


def laid_out(
    path: Path, shots: Shots | None, spans: list[tuple[int, int]], folder: Path
) -> tuple[Recording, Faces, list[Layout]]:
    if not path.exists():
        pytest.skip("needs ../shared")
    ctx = context(folder)
    recording = recording_of(path, ctx)
    shots = shots or find_shots(recording, PRESETS.slides, ctx)
    cut = EditDecisionList(cut="1min", spans=tuple(Span(start=a, end=b) for a, b in spans))
    slides = pictured(path, shots, cut, ctx)
    faces = find_faces(recording, shots, cut, TAKE, ctx)
    layouts = [arrange(recording, shots, slides, cut, faces, TAKE, render, ctx) for render in RENDERS.values()]
    edges = {shot.start for shot in shots.spans} | {span.start for span in cut.spans} | set(faces.cuts)
    for layout in layouts:
        assert all(scene.start in edges for scene in layout.scenes)
        assert sum(scene.length for scene in layout.scenes) == sum(span.length for span in cut.spans)
        for look in faces.looks:
            (scene,) = (scene for scene in layout.scenes if scene.start <= look.at < scene.end)
            for panel in scene.panels:
                if panel.shows == "speaker":
                    crop = view_at(panel.views, look.at)
                    assert any(holds(crop, face.box, face.frame) for face in look.faces)
    return recording, faces, layouts


@pytest.mark.shared
def test_a_talk_over_a_deck_with_a_webcam(tmp_path: Path) -> None:
    path = SHARED / "media" / "en_talk_19min.mp4"
    if not path.exists():
        pytest.skip("needs ../shared")
    rows = json.loads(path.with_name("en_talk_19min.slides.json").read_text())
    shots = Shots(spans=tuple(Shot(start=a, end=b, best=b - 400) for a, b, *_ in rows))
    change = rows[1][0]
    recording, _, layouts = laid_out(path, shots, [(change - 6000, change + 6000), (600_000, 606_000)], tmp_path)
    for layout, render in zip(layouts, RENDERS.values(), strict=True):
        assert [scene.start for scene in layout.scenes] == [change - 6000, change, 600_000]
        for scene in layout.scenes:
            slide, speaker = scene.panels
            assert (slide.shows, slide.width, speaker.shows) == ("slide", render.width, "speaker")
            assert (slide.views[0].box.width, slide.views[0].box.height) == (
                recording.video.width,
                recording.video.height,
            )


@pytest.mark.shared
def test_a_call_with_bars_and_nobody_in_it(tmp_path: Path) -> None:
    path = SHARED / "media" / "ibm_earnings_call_qa_en_640.mp4"
    _, _, layouts = laid_out(path, None, [(10_000, 16_000), (40_000, 44_000)], tmp_path)
    for layout, render in zip(layouts, RENDERS.values(), strict=True):
        for scene in layout.scenes:
            (panel,) = scene.panels
            assert (panel.shows, panel.width) == ("slide", render.width)
            box = panel.views[0].box
            assert box.width == pytest.approx(640, abs=3)
            assert box.height == pytest.approx(360, abs=6)  # the bars above and below are left out


def test_the_sample_with_drawn_people(tmp_path: Path) -> None:
    at = [(4000, 10_000), (58_000, 61_000), (200_000, 204_000), (1_498_000, 1_502_000)]
    shots = Shots(spans=tuple(Shot(start=a - 1000, end=b + 1000, best=a) for a, b in at))
    _, _, layouts = laid_out(SAMPLE, shots, at, tmp_path)
    for layout in layouts:
        assert [[panel.shows for panel in scene.panels] for scene in layout.scenes] == [
            ["slide", "speaker"], ["slide"], ["slide", "speaker"], ["slide"],
        ]  # fmt: skip
        assert all(panel.views[0].box.width == 1920 for scene in layout.scenes for panel in scene.panels[:1])
