"""Recordings made up of looks at them, laid out, and the rules that every layout keeps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from repurpose.models import (
    Blob,
    Box,
    Face,
    Faces,
    Layout,
    Look,
    Panel,
    Shot,
    Shots,
    Slide,
    Slides,
    Span,
)
from repurpose.presets import RenderPreset, load
from repurpose.render.layout import Page, lay_out

PICTURE = Box(x=0, y=0, width=1920, height=1080)
RENDERS = {name: preset for name, preset in load().render.items() if preset.drawn}
TILE = Box(x=1490, y=734, width=373, height=289)
WHOLE = Page(0, PICTURE, "#0E1C2F")
drawn = pytest.mark.parametrize("render", RENDERS.values(), ids=RENDERS.keys())


def blob(number: int) -> Blob:
    return Blob(digest=f"{number:064x}", suffix=".jpg", size=1)


def face(x: float, y: float, size: float, frame: Box | None = None) -> Face:
    return Face(box=Box(x=x - 0.4 * size, y=y - size / 2, width=0.8 * size, height=size), score=0.9, frame=frame)


def looks(start: int, end: int, *faces: Face, sway: float = 0.05, moves: Box | None = None) -> list[Look]:
    """Looks at faces that sway by a share of their size."""
    found = []
    for at in range(start, end, 500):
        by = [sway * one.box.height * np.sin(at / 900 + k) for k, one in enumerate(faces)]
        there = tuple(
            one.model_copy(update={"box": one.box.model_copy(update={"x": one.box.x + d, "y": one.box.y + d / 2})})
            for one, d in zip(faces, by, strict=True)
        )
        found.append(Look(at=at, faces=there, moves=moves))
    return found


def shots_of(*edges: int, pages: str) -> tuple[Shots, Slides, dict[str, Page]]:
    """Shots between these edges; `p` is a page with its picture, `c` a camera."""
    spans = [
        Shot(start=a, end=b, page=kind == "p", best=a) for (a, b), kind in zip(pairwise(edges), pages, strict=True)
    ]
    shown = [
        Slide(start=shot.start, end=shot.end, image=blob(k), text="What is written on the page, and some more of it")
        for k, shot in enumerate(spans)
        if shot.page
    ]
    return Shots(spans=tuple(spans)), Slides(pages=tuple(shown)), {page.image.digest: WHOLE for page in shown}


def arranged(
    render: RenderPreset,
    looks: list[Look],
    *spans: tuple[int, int],
    edges: tuple[int, ...] = (0, 60_000),
    pages: str = "c",
) -> Layout:
    shots, slides, known = shots_of(*edges, pages=pages)
    cut = [Span(start=a, end=b) for a, b in (spans or ((edges[0], edges[-1]),))]
    layout = lay_out(shots, slides, cut, Faces(looks=tuple(looks)), known, PICTURE, render)
    check(layout, cut, {shot.start for shot in shots.spans}, render)
    return layout


def check(layout: Layout, spans: list[Span], edges: set[int], render: RenderPreset) -> None:
    """What every layout keeps: spans covered exactly, changes where the picture changes, panels and crops in place."""
    assert (layout.width, layout.height) == (render.width, render.height)
    rest = list(layout.scenes)
    for span in spans:
        at = span.start
        while at < span.end:
            scene = rest.pop(0)
            assert scene.start == at
            assert at == span.start or at in edges
            at = scene.end
        assert at == span.end
    assert not rest
    for scene in layout.scenes:
        top, bottom = scene.captions.y, scene.captions.y + scene.captions.height
        assert render.safe_top <= top < bottom <= render.height - render.safe_bottom
        assert scene.captions.x >= render.safe_side
        assert scene.captions.x + scene.captions.width <= render.width - render.safe_side
        for panel in scene.panels:
            check_panel(panel, render)
            assert all(scene.start <= view.at <= scene.end for view in panel.views)
        for one in scene.panels:
            for other in scene.panels:
                assert one is other or apart(one, other)


def check_panel(panel: Panel, render: RenderPreset) -> None:
    assert all(side % 2 == 0 for side in (panel.x, panel.y, panel.width, panel.height))
    assert panel.x >= 0
    assert panel.y >= 0
    assert panel.x + panel.width <= render.width
    assert panel.y + panel.height <= render.height
    for view in panel.views:
        box = view.box
        assert box.x >= -1e-6
        assert box.y >= -1e-6
        assert box.x + box.width <= PICTURE.width + 1e-6
        assert box.y + box.height <= PICTURE.height + 1e-6
        assert abs(panel.width * box.height / box.width - panel.height) <= 1.0


def apart(one: Panel, other: Panel) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def speakers(layout: Layout) -> list[Panel]:
    return [panel for scene in layout.scenes for panel in scene.panels if panel.shows == "speaker"]
