"""The panels of an arrangement: where each lies in the drawn picture, and what it shows of the recording. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from repurpose.models import Box, Ms, Panel, View, view_at
from repurpose.presets import RenderPreset
from repurpose.render.areas import GAP, Area, above_captions, fitted, zone_of
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
    lowest = free.y + free.height - area.height
    area = replace(area, y=min(zone.y + 2 * ((zone.height - area.height) // 4), lowest))
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


def beside(people: Sequence[Person], picture: Box, render: RenderPreset, near: bool) -> list[Placed]:
    """One or two speakers in the zone below a page; none where a camera's picture has no frame.

    A crop around such a face would show pieces of the page beside it.
    """
    framed = [(person, person.frame) for person in people if person.frame is not None]
    if len(framed) < len(people):
        return []
    band = zone_of(render, render.speaker)
    width = band.width if len(people) == 1 else 2 * ((band.width - GAP) // 4)
    slots = [Area(band.x + place * (band.width - width), band.y, width, band.height) for place in range(len(people))]
    return [
        _in_band(person, frame, slot, picture, render, near)
        for (person, frame), slot in zip(framed, slots, strict=True)
    ]


def speaker(person: Person, picture: Box, render: RenderPreset, near: bool) -> Placed | None:
    """One speaker who fills the zone; None where the face cannot be held in a crop."""
    return _held(person, zone_of(render, render.alone), person.frame or picture, picture, render, near)


def several(people: Sequence[Person], picture: Box, render: RenderPreset, near: bool) -> list[Placed]:
    """All of them in one crop if their faces stay large enough, two in two panels; none where neither can be."""
    zone = zone_of(render, render.alone)
    aspect = zone.width / zone.height
    group = together(people)
    least = _AROUND * max(aim.face.width for aim in group.aims) / aspect
    if min(person.height for person in people) >= _TOGETHER * max(least, CLOSE * group.height):
        one = _held(group, zone, picture, picture, render, near, least=least)
        if one is not None:
            return [one]
    if len(people) != 2:
        return []
    height = 2 * ((zone.height - GAP) // 4)
    parting = (people[0].middle + people[1].middle) / 2
    halves = (
        Box(x=picture.x, y=picture.y, width=parting - picture.x, height=picture.height),
        Box(x=parting, y=picture.y, width=picture.x + picture.width - parting, height=picture.height),
    )
    limits = [person.frame or half for person, half in zip(people, halves, strict=True)]
    slots = [replace(zone, y=y, height=height) for y in (zone.y, zone.y + zone.height - height)]
    shaped = [_shaped(person, slot, limit, render) for person, slot, limit in zip(people, slots, limits, strict=True)]
    shape = min(area.width / area.height for area in shaped)  # both in the shape that suits both
    found = []
    for person, slot, limit in zip(people, slots, limits, strict=True):
        placed = _held(person, fitted(slot, shape), limit, picture, render, near)
        if placed is None:
            return []
        found.append(placed)
    return found


def _in_band(person: Person, frame: Box, slot: Area, picture: Box, render: RenderPreset, near: bool) -> Placed:
    """A speaker at the top of a slot, in a panel so high that captions below do not lie over the face."""
    area = _shaped(person, slot, frame, render)
    calm = _held(person, area, frame, picture, render, near=False)
    placed = _held(person, area, frame, picture, render, near=True) if near else calm
    if placed is None or calm is None:
        # The face leaves its own frame: all of the frame is all there is.
        area = fitted(slot, frame.width / frame.height, top=True)
        placed = calm = Placed("speaker", area, (View(at=person.aims[0].at, box=frame),), person.aims)
    if render.captions is None:
        return placed
    faces = replace(calm, faces=person.usual or person.aims).faces_px()
    chins = [face.y + face.height for face in faces]
    room, face = render.captions.top - 4 - area.y, float(np.percentile(chins, 90)) - area.y
    if not 0 < room < face:
        return placed
    lower = _STEP * int(area.height * max(_LOWEST, room / face) / _STEP)
    return replace(placed, area=fitted(replace(slot, height=lower), area.width / area.height, top=True))


def _shaped(person: Person, slot: Area, limit: Box, render: RenderPreset) -> Area:
    """The widest shape whose crop may be as high as it should be, else that of all the picture there is."""
    for shape in (slot.width / slot.height, *_SHAPES):
        area = fitted(slot, shape, top=True)
        aspect = area.width / area.height
        wanted = framing(person.height, aspect, None, least=area.height / _ENLARGED, clear=_clear(area, render)).height
        if min(limit.height, limit.width / aspect) >= _NEARLY * wanted:
            return area
    return fitted(slot, min(max(limit.width / limit.height, _SHAPES[-1]), _SHAPES[0]), top=True)


def _held(
    person: Person, area: Area, limit: Box, picture: Box, render: RenderPreset, near: bool, *, least: float = 0.0
) -> Placed | None:
    """A crop that follows the face, as close as it can; None where even the widest within `limit` loses it."""
    aspect = area.width / area.height
    least = max(least, area.height / _ENLARGED, 0.0 if person.frame else _WIDE * picture.height)
    widest = min(limit.height, limit.width / aspect)
    while True:
        frame = framing(person.height, aspect, limit, least=least, clear=_clear(area, render))
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


def _clear(area: Area, render: RenderPreset) -> float:
    """Down to which share of an area captions leave it clear."""
    if render.captions is None or not area.y < render.captions.top < area.y + area.height:
        return 1.0
    return (render.captions.top - area.y) / area.height
