"""The panels of an arrangement: where each lies in the drawn picture, and what it shows of the recording. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from repurpose.models import Box, Ms, Panel, View, view_at
from repurpose.presets import RenderPreset
from repurpose.render.areas import GAP, Area, above_captions, apart, fitted, zone_of
from repurpose.render.crops import CLOSE, Aim, Frame, closer, follow, framing, holds
from repurpose.render.people import Person, together

_SHAPES = (16 / 9, 4 / 3, 1.0)  # of a speaker's panel, after all of its zone: the widest its picture has room for
_NEARLY = 0.85  # of the height a crop should have is enough
_LOWEST = 0.6  # share of the speaker's zone: a panel is made lower, down to this, so that captions clear the face
_STEP = 24  # pixels: panels in one take are of one height though faces are measured a little differently
_ENLARGED = 2.0  # a picture is not enlarged by more, where there is room for a wider crop
_WIDE = 0.5  # share of the picture's height that a crop of a speaker without a frame has at least
_TOGETHER = 0.2  # share of a crop's height: people are shown in one where their faces keep this height
_AROUND = 1.2  # of the width of several people, to be shown in one
_WIDER = 1.15  # a crop that cannot follow is made this much larger, and tried again
_AIR = 0.05  # of a label's size, around it
_ZOOM = 0.5  # share of the picture's width: a screen is not shown closer

Shows = Literal["slide", "speaker", "screen", "whole"]


@dataclass(frozen=True)
class Placed:
    """A panel and the whole of its movement; `faces` is who must be seen in it."""

    shows: Shows
    area: Area
    views: tuple[View, ...]
    faces: tuple[Aim, ...] = ()

    def panel(self, views: tuple[View, ...]) -> Panel:
        return Panel(
            shows=self.shows, x=self.area.x, y=self.area.y, width=self.area.width, height=self.area.height, views=views
        )

    def faces_px(self) -> list[Box]:
        """Where the faces are in the drawn picture."""
        found = []
        for aim in self.faces:
            crop = view_at(self.views, aim.at)
            scale = self.area.width / crop.width
            found.append(
                Box(
                    x=self.area.x + (aim.face.x - crop.x) * scale,
                    y=self.area.y + (aim.face.y - crop.y) * scale,
                    width=aim.face.width * scale,
                    height=aim.face.height * scale,
                )
            )
        return found


def alone(shows: Shows, box: Box, start: Ms, render: RenderPreset) -> Placed:
    """A still part of the picture, whole, as large as it gets without captions over it; in the middle where it can be."""
    zone = zone_of(render, render.alone)
    free = above_captions(zone, render)
    area = fitted(free, box.width / box.height)
    seen = min(zone.height, render.height - render.safe_bottom - zone.y)
    area = replace(area, y=min(zone.y + 2 * ((seen - area.height) // 4), free.y + free.height - area.height))
    return Placed(shows, area, (View(at=start, box=box),))


def above(box: Box, start: Ms, render: RenderPreset) -> Placed:
    """A page in its zone, whole, above whoever is beside it."""
    return Placed("slide", fitted(zone_of(render, render.slide), box.width / box.height), (View(at=start, box=box),))


def screen(region: Box, picture: Box, start: Ms, render: RenderPreset) -> Placed:
    """The active part of a screen with what is around it; all of the screen where that is nearly as large."""
    area = above_captions(zone_of(render, render.alone), render)
    aspect = area.width / area.height
    width = max(_ZOOM * picture.width, 1.15 * region.width, 1.15 * region.height * aspect)
    if width / aspect > picture.height or width > 0.9 * picture.width:
        return alone("whole", picture, start, render)
    x = region.x + region.width / 2 - width / 2
    y = region.y + region.height / 2 - width / aspect / 2
    box = Box(
        x=min(max(x, picture.x), picture.x + picture.width - width),
        y=min(max(y, picture.y), picture.y + picture.height - width / aspect),
        width=width,
        height=width / aspect,
    )
    return Placed("screen", area, (View(at=start, box=box),))


def beside(
    people: Sequence[Person], picture: Box, render: RenderPreset, near: bool, labels: Sequence[Box] = ()
) -> list[Placed]:
    """One or two speakers in the zone below a page; none where a camera's picture has no frame.

    A crop around such a face would show pieces of the page beside it. Two take all of the width. None of the `labels` that
    are written on the recording is cut through where that can be helped.
    """
    framed = [(person, person.frame) for person in people if person.frame is not None]
    if len(framed) < len(people):
        return []
    band = zone_of(render, render.speaker)
    if len(people) > 1:
        band = replace(band, x=0, width=zone_of(render, None).width)
    width = band.width if len(people) == 1 else 2 * ((band.width - GAP) // 4)
    floor = _floor(band, render)
    slots = [Area(band.x + place * (band.width - width), band.y, width, band.height) for place in range(len(people))]
    return [
        _in_band(person, frame, slot, picture, floor, near, labels)
        for (person, frame), slot in zip(framed, slots, strict=True)
    ]


def speaker(person: Person, picture: Box, render: RenderPreset, near: bool) -> Placed | None:
    """One speaker who fills the zone; None where the face cannot be held in a crop."""
    return _held(person, zone_of(render, render.alone), person.frame or picture, picture, _captions_top(render), near)


def several(people: Sequence[Person], picture: Box, render: RenderPreset, near: bool) -> list[Placed]:
    """All of them in one crop if their faces stay large enough, two in two panels; none where neither can be."""
    zone, floor = zone_of(render, render.alone), _captions_top(render)
    aspect = zone.width / zone.height
    group = together(people)
    least = _AROUND * max(aim.face.width for aim in group.aims) / aspect
    if min(person.height for person in people) >= _TOGETHER * max(least, CLOSE * group.height):
        one = _held(group, zone, picture, picture, floor, near, least=least)
        if one is not None:
            return [one]
    if len(people) != 2:
        return []
    zone = replace(zone, height=min(zone.height, render.height - render.safe_bottom - zone.y))
    height = 2 * ((zone.height - GAP) // 4)
    parting = (people[0].middle + people[1].middle) / 2
    halves = (
        Box(x=picture.x, y=picture.y, width=parting - picture.x, height=picture.height),
        Box(x=parting, y=picture.y, width=picture.x + picture.width - parting, height=picture.height),
    )
    limits = [person.frame or half for person, half in zip(people, halves, strict=True)]
    slots = [replace(zone, y=y, height=height) for y in (zone.y, zone.y + zone.height - height)]
    shaped = [_shaped(person, slot, limit, floor) for person, slot, limit in zip(people, slots, limits, strict=True)]
    shape = min(area.width / area.height for area in shaped)  # both in the shape that suits both
    found = []
    for person, slot, limit in zip(people, slots, limits, strict=True):
        placed = _held(person, fitted(slot, shape), limit, picture, floor, near)
        if placed is None:
            return []
        found.append(placed)
    return found


def _in_band(
    person: Person, frame: Box, slot: Area, picture: Box, floor: float, near: bool, labels: Sequence[Box]
) -> Placed:
    """A speaker at the top of a slot, in a panel so high that the face ends above `floor`."""
    placed = _banded(person, frame, slot, picture, floor, near)
    for label in filter(None, (_within(one, frame) for one in labels)):
        if any(_cuts(view.box, label) for view in placed.views):
            calm = _banded(person, frame, slot, picture, floor, near=False)
            if not any(_cuts(view.box, label) for view in calm.views):
                return calm
            tried = (
                _held(person, placed.area, limit, picture, floor, near=False)
                for limit in _with_and_without(label, frame, placed.area)
            )
            kept = (
                one for one in tried if one and all(holds(view_at(one.views, a.at), a.face, frame) for a in one.faces)
            )
            return next(kept, placed)
    return placed


def _with_and_without(label: Box, frame: Box, area: Area) -> list[Box]:
    """The parts of a frame in which a crop of this area's shape shows all of a label, or none of it; best first."""
    width = frame.height * area.width / area.height
    start, end = label.x - _AIR * label.height, label.x + (1 + _AIR) * label.width
    left = label.x + label.width / 2 < frame.x + frame.width / 2
    spans = [(frame.x, frame.x + width), (end, frame.x + frame.width)]
    if not left:
        spans = [(frame.x + frame.width - width, frame.x + frame.width), (frame.x, start)]
    beside = [frame.model_copy(update={"x": x, "width": until - x}) for x, until in spans if width <= until - x + 1e-6]
    return [*beside, frame.model_copy(update={"height": label.y - _AIR * label.height - frame.y})]


def _within(label: Box, frame: Box) -> Box | None:
    """The part of a label that is in a frame."""
    x, y = max(label.x, frame.x), max(label.y, frame.y)
    right = min(label.x + label.width, frame.x + frame.width)
    bottom = min(label.y + label.height, frame.y + frame.height)
    return Box(x=x, y=y, width=right - x, height=bottom - y) if x < right and y < bottom else None


def _cuts(crop: Box, label: Box) -> bool:
    """Is a part of the label inside the crop, and another outside?"""
    wide = min(crop.x + crop.width, label.x + label.width) - max(crop.x, label.x)
    high = min(crop.y + crop.height, label.y + label.height) - max(crop.y, label.y)
    shown = max(0.0, wide) * max(0.0, high) / (label.width * label.height)
    return 0.02 < shown < 0.98


def _banded(person: Person, frame: Box, slot: Area, picture: Box, floor: float, near: bool) -> Placed:
    area = _shaped(person, slot, frame, floor)
    calm = _held(person, area, frame, picture, floor, near=False)
    placed = _held(person, area, frame, picture, floor, near=True) if near else calm
    if placed is None or calm is None:
        # The face leaves its own frame: all of the frame is all there is.
        area = fitted(slot, frame.width / frame.height, top=True)
        placed = calm = Placed("speaker", area, (View(at=person.aims[0].at, box=frame),), person.aims)
    faces = replace(calm, faces=person.usual or person.aims).faces_px()
    chins = [face.y + face.height for face in faces]
    room, face = floor - 4 - area.y, float(np.percentile(chins, 90)) - area.y
    if not 0 < room < face:
        return placed
    lower = _STEP * int(area.height * max(_LOWEST, room / face) / _STEP)
    return replace(placed, area=fitted(replace(slot, height=lower), area.width / area.height, top=True))


def _shaped(person: Person, slot: Area, limit: Box, floor: float) -> Area:
    """The widest shape whose crop may be as high as it should be, else that of all the picture there is.

    A slot narrower than the picture is filled: nothing of the picture's height is lost by that.
    """
    if slot.width / slot.height <= limit.width / limit.height:
        return slot
    for shape in (slot.width / slot.height, *_SHAPES):
        area = fitted(slot, shape, top=True)
        aspect = area.width / area.height
        wanted = framing(person.height, aspect, None, least=area.height / _ENLARGED, clear=_clear(area, floor)).height
        if min(limit.height, limit.width / aspect) >= _NEARLY * wanted:
            return area
    return fitted(slot, min(max(limit.width / limit.height, _SHAPES[-1]), _SHAPES[0]), top=True)


def _held(
    person: Person, area: Area, limit: Box, picture: Box, floor: float, near: bool, *, least: float = 0.0
) -> Placed | None:
    """A crop that follows the face, as close as it can; None where even the widest within `limit` loses it."""
    aspect = area.width / area.height
    least = max(least, area.height / _ENLARGED, 0.0 if person.frame else _WIDE * picture.height)
    widest = min(limit.height, limit.width / aspect)
    while True:
        frame = framing(person.height, aspect, limit, least=least, clear=_clear(area, floor))
        views = follow(person.aims, frame, limit)
        if views:
            return Placed("speaker", area, _nearer(views, frame, person) if near else views, person.aims)
        if frame.height >= widest - 0.01:
            return None
        least = frame.height * _WIDER


def _nearer(views: tuple[View, ...], frame: Frame, person: Person) -> tuple[View, ...]:
    """The views punched in, unless a face would come too near an edge."""
    punched = tuple(View(at=view.at, box=closer(view.box, frame.eyes)) for view in views)
    return punched if all(holds(view_at(punched, aim.at), aim.face) for aim in person.aims) else views


def _floor(band: Area, render: RenderPreset) -> float:
    """The row that faces beside a page end above: where captions begin, unless these stand clear of the band."""
    style = render.captions
    if style is not None and style.beside is not None and apart(band, style.beside, render):
        return render.chin or render.height
    return min(render.chin or render.height, _captions_top(render))


def _captions_top(render: RenderPreset) -> float:
    return render.captions.top if render.captions else render.height


def _clear(area: Area, floor: float) -> float:
    """Which share of an area is above a row; all of it where the row is not in it."""
    return (floor - area.y) / area.height if area.y < floor < area.y + area.height else 1.0
