"""Parts of the drawn picture: those that panels lie in, in even pixels, and the part a channel leaves clear. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from repurpose.models import Box
from repurpose.presets import RenderPreset, Zone

GAP = 12  # pixels between two panels, and between a page and captions


@dataclass(frozen=True)
class Area:
    """A part of the drawn picture, in even pixels."""

    x: int
    y: int
    width: int
    height: int


def zone_of(render: RenderPreset, zone: Zone | None) -> Area:
    """A zone of the preset as an area; all of the picture where there is none."""
    if zone is None:
        return Area(0, 0, even(render.width), even(render.height))
    return Area(zone.left, zone.top, even(zone.width or render.width - zone.left), even(zone.height))


def even(value: float) -> int:
    """The nearest even number, 2 at least."""
    return max(2, 2 * round(value / 2))


def fitted(area: Area, aspect: float, *, top: bool = False) -> Area:
    """The largest rectangle of this shape (width / height) in the area, in its middle, or at its top."""
    width, height = area.width, even(area.width / aspect)
    if height > area.height:
        width, height = even(area.height * aspect), area.height
    x = area.x + 2 * ((area.width - width) // 4)
    y = area.y if top else area.y + 2 * ((area.height - height) // 4)
    return Area(x, y, width, height)


def above_captions(area: Area, render: RenderPreset) -> Area:
    """The area, cut off where captions begin."""
    if render.captions is None or not area.y < render.captions.top - GAP < area.y + area.height:
        return area
    return Area(area.x, area.y, area.width, 2 * ((render.captions.top - GAP - area.y) // 2))


def apart(area: Area, zone: Zone, render: RenderPreset) -> bool:
    """Whether an area and a zone of the preset share no pixel."""
    other = zone_of(render, zone)
    return (
        area.x + area.width <= other.x
        or other.x + other.width <= area.x
        or area.y + area.height <= other.y
        or other.y + other.height <= area.y
    )


def safe(box: Box, render: RenderPreset) -> Box:
    """The part of a box that the channel's own buttons do not cover."""
    left, right = max(box.x, render.safe_side), min(box.x + box.width, render.width - render.safe_side)
    top, bottom = max(box.y, render.safe_top), min(box.y + box.height, render.height - render.safe_bottom)
    return Box(x=left, y=top, width=max(2.0, right - left), height=max(2.0, bottom - top))
