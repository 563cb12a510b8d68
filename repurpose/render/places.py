"""Where a plate finds room: inside the safe zone, clear of captions and of each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from repurpose.models import Box, Ms, Panel, Scene
from repurpose.presets import RenderPreset
from repurpose.render.areas import safe
from repurpose.render.captionbox import boxes_between

Taken = tuple[Ms, Ms, Box]  # a box that is taken, from when until when
AIR = 16  # pixels between two things
COLUMN = 58  # pixels from a speaker's picture to the type, the plates and the logo's mark in the column beside it
BUTTONS = 130  # pixels at the right that the buttons of a channel cover, where it has any: `safe_bottom` says so


def overlaps(one: Box, other: Box, air: float = 0.0) -> bool:
    """Whether two boxes share a pixel, or come closer than `air`."""
    return (
        one.x < other.x + other.width + air
        and other.x < one.x + one.width + air
        and one.y < other.y + other.height + air
        and other.y < one.y + one.height + air
    )


def free_place(
    scenes: Sequence[Scene],
    render: RenderPreset,
    shape: tuple[float, float, float],
    taken: Iterable[Taken],
    faces: Iterable[Taken],
    start: Ms,
    end: Ms,
) -> Box:
    """Where a lower third (left, width, height) stands from `start` to `end`: beside the speaker's picture, else on it next
    to the captions, else wherever the safe zone has room beside a slide, from the bottom up.

    At the right where the left is taken; on a face only where there is no other place.
    """
    left, wide, high = shape
    captions = [box for _, _, box in boxes_between(scenes, start, end, render)]
    held = [*captions, *(box for since, until, box in taken if since < end and start < until)]
    heads = [box for since, until, box in faces if since < end and start < until]
    bottom = render.height - render.safe_bottom - high - (0 if render.safe_bottom else 2 * AIR)
    wishes: list[float] = [
        min(box.y for box in captions) - high - AIR,
        max(box.y + box.height for box in captions) + AIR,
        *range(int(bottom), render.safe_top, -8),
    ]
    shown = [one for one in scenes if one.start < end and start < one.end] or [scenes[-1]]
    speakers = [panel for panel in shown[0].panels if panel.shows in ("speaker", "whole")]
    slides = [_box(panel) for scene in shown for panel in scene.panels if panel.shows == "slide"]
    right = render.width - max(render.safe_side, BUTTONS if render.safe_bottom else AIR) - wide
    next_to = [panel.x + panel.width + COLUMN for panel in speakers]
    lefts = [x for x in dict.fromkeys([*next_to, left, right]) if left <= x <= max(left, right)]
    fits = [Box(x=x, y=y, width=wide, height=high) for x in lefts for y in wishes if render.safe_top <= y <= bottom]
    clear = [box for box in fits if not any(overlaps(box, other, AIR - 1) for other in held)]
    besides = [box for box in clear if not any(overlaps(box, slide) for slide in slides)]
    free = [box for box in besides if not any(overlaps(box, head) for head in heads)]
    level = [box for box in free if any(_level(box, speaker) for speaker in speakers)]
    alone = [box for box in level if not any(overlaps(box, _box(panel)) for panel in speakers)]
    return [*alone[:1], *level[:1], *free[:1], *besides[:1], *clear[:1], *fits[:1]][0]


def place_in(scene: Scene, render: RenderPreset, wide: float, high: float, others: Iterable[Taken]) -> Box:
    """Where a small label stands in a scene: at the upper right of who speaks, clear of captions and of the `others`."""
    captions = safe(scene.captions, render)
    right = render.width - max(render.safe_side, BUTTONS if render.safe_bottom else AIR)
    speaker = next((panel for panel in scene.panels if panel.shows != "slide"), None)
    panel = speaker or scene.panels[-1]
    wishes: list[float] = [panel.y + AIR / 2] if speaker else [panel.y + panel.height + AIR / 2, panel.y + AIR / 2]
    wishes += [captions.y + captions.height + AIR, captions.y - high - AIR]
    bottom = render.height - render.safe_bottom - high
    wishes += range(int(bottom) - AIR, render.safe_top, -8)
    boxes = [Box(x=right - wide, y=y, width=wide, height=high) for y in wishes if render.safe_top <= y <= bottom]
    held = [captions, *(box for since, until, box in others if since < scene.end and scene.start < until)]
    return next((box for box in boxes if not any(overlaps(box, other, AIR - 1) for other in held)), boxes[0])


def _box(panel: Panel) -> Box:
    return Box(x=panel.x, y=panel.y, width=panel.width, height=panel.height)


def _level(box: Box, panel: Panel) -> bool:
    return panel.y <= box.y and box.y + box.height <= panel.y + panel.height
