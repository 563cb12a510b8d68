"""What is shown in each stretch of a span: a page, people, a screen, or simply everything. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from repurpose.models import Box, Faces, Look, Ms, Shot, Shots, Slide, Slides, Span
from repurpose.render.crops import Aim
from repurpose.render.people import Person, people_in, present

SHORT: Ms = 700  # a stretch between pages that is shorter is no arrangement of its own
_TILE = 0.2  # share of the picture: a frame up to this size is a webcam in a corner of something larger
_FILLS = 0.16  # share of the picture's height: from here on a face is what the picture is about
_TINY = 0.03  # share of the picture's height: a smaller face is not worth a panel
_WORDS = 40  # letters or signs: with less on it, a still picture of a large face is no page
_ALIKE = 1.35  # how much larger the largest of three faces or more must be to be the one who speaks
_FAR_LARGER = 1.8  # and the larger of two
_SEEN = 0.19  # share of the picture's height: a face this high is seen well enough on the page itself
_ACTIVE = 0.3  # share of the looks at which something must move for a part of a screen to be the active one
_REGION = 0.45  # share of the picture: a larger active part is the picture

Kind = Literal["page", "people", "screen", "whole"]


@dataclass(frozen=True)
class Stretch:
    """A part of a span within one shot."""

    start: Ms
    end: Ms
    page: bool
    slide: Slide | None  # what is on the page
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Arrangement:
    """What a stretch shows, and who: the first of `who` on the left."""

    kind: Kind
    who: tuple[int, ...] = ()  # indices into the people of the span
    region: Box | None = None  # the active part of a screen


def stretches(span: Span, shots: Shots, slides: Slides, faces: Faces) -> list[Stretch]:
    """The span, cut where a shot begins and where one camera gives way to another."""
    inside = [shot for shot in shots.spans if shot.overlap(span)] or [Shot(start=span.start, end=span.end, page=False)]
    found: list[Stretch] = []
    for shot in inside:
        start, end = max(span.start, shot.start), min(span.end, shot.end)
        cuts = [] if shot.page else [at for at in faces.cuts if start < at < end]
        slide = max(slides.pages, key=lambda page: page.overlap(shot), default=None) if shot.page else None
        if slide is not None and not slide.overlap(shot):
            slide = None
        for low, high in pairwise([start, *sorted(cuts), end]):
            looks = tuple(look for look in faces.looks if low <= look.at < high)
            found.append(Stretch(low, high, shot.page, slide, looks))
    return _covering(span, found)


def decide(stretches: Sequence[Stretch], people: Sequence[Person], width: int, height: int) -> list[Arrangement]:
    """What each stretch of a span shows. A short one between pages is shown as its neighbour is."""
    found = [_decided(stretch, people, width, height) for stretch in stretches]
    settled = list(found)
    for index, stretch in enumerate(stretches):
        if stretch.page and stretch.looks:
            continue
        if stretch.end - stretch.start >= SHORT and stretch.looks:
            continue
        beside = [index - 1, index + 1] if index else [index + 1]
        near = [place for place in beside if 0 <= place < len(found) and stretches[place].looks]
        if stretch.page:  # nobody was looked for: who is beside the page before is beside this one
            near = [place for place in near if found[place].kind == "page"]
        if near:
            settled[index] = settled[near[0]] if near[0] < index else found[near[0]]
    return settled


def people_of(faces: Faces, span: Span) -> list[Person]:
    """Everyone seen in a span; with whoever is in a frame, all that the take shows in it."""
    framed: dict[Box, list[Aim]] = {}
    for look in faces.looks:
        for face in look.faces:
            if face.frame is not None:
                framed.setdefault(face.frame, []).append(Aim(look.at, face.box))
    people = people_in([look for look in faces.looks if span.start <= look.at < span.end])
    return [replace(one, usual=tuple(framed[one.frame])) if one.frame else one for one in people]


def _covering(span: Span, found: list[Stretch]) -> list[Stretch]:
    """The stretches with what the shots leave out between them, so that they cover the span."""
    full: list[Stretch] = []
    at = span.start
    for stretch in found:
        if stretch.start > at:
            full.append(Stretch(at, stretch.start, False, None, ()))
        full.append(stretch)
        at = stretch.end
    if at < span.end:
        full.append(Stretch(at, span.end, False, None, ()))
    return full


def _decided(stretch: Stretch, people: Sequence[Person], width: int, height: int) -> Arrangement:
    there = {
        index: person for index, person in present(people, stretch.looks).items() if person.height >= _TINY * height
    }
    tiles = [k for k, one in there.items() if one.frame and _share(one.frame, width, height) <= _TILE]
    if stretch.page:
        portrait = [k for k, one in there.items() if not one.frame and one.height >= _FILLS * height]
        written = 0 if stretch.slide is None else sum(sign.isalnum() for sign in stretch.slide.text)
        if len(there) == 1 and portrait and stretch.slide is not None and written < _WORDS:
            return _of("people", there)
        return _beside_page(there, people, height)
    if tiles and all(k in tiles or one.height < _FILLS * height for k, one in there.items()):
        return _beside_page(there, people, height)
    if there:
        return _of("people", _main(there))
    region = active(stretch.looks, width, height)
    return Arrangement("screen", (), region) if region else Arrangement("whole")


def _of(kind: Kind, who: dict[int, Person]) -> Arrangement:
    return Arrangement(kind, tuple(sorted(who, key=lambda index: who[index].middle)))


def _beside_page(there: dict[int, Person], people: Sequence[Person], height: int) -> Arrangement:
    """A page, and who gets a panel beside it: one or two who move, and are too small on it."""
    chosen = _main({k: one for k, one in there.items() if people[k].moves})
    fits = 1 <= len(chosen) <= 2 and all(one.height < _SEEN * height for one in chosen.values())
    return _of("page", chosen if fits else {})


def _main(there: dict[int, Person]) -> dict[int, Person]:
    """The one or two the picture is about; all, where more are as large."""
    order = sorted(there, key=lambda index: -there[index].height)
    sizes = [there[index].height for index in order]
    if len(order) > 1 and sizes[0] >= (_FAR_LARGER if len(order) == 2 else _ALIKE) * sizes[1]:
        return {order[0]: there[order[0]]}
    if len(order) > 2 and sizes[1] >= _ALIKE * sizes[2]:
        return {index: there[index] for index in order[:2]}
    return there


def active(looks: Sequence[Look], width: int, height: int) -> Box | None:
    """The part of the picture where nearly all changes are; None where little moves, or all of it does."""
    boxes = [look.moves for look in looks if look.moves is not None]
    if len(boxes) < max(3, _ACTIVE * len(looks)):
        return None
    left, top = (float(np.percentile([getattr(box, side) for box in boxes], 10)) for side in ("x", "y"))
    right = float(np.percentile([box.x + box.width for box in boxes], 90))
    bottom = float(np.percentile([box.y + box.height for box in boxes], 90))
    if right - left < 4 or bottom - top < 4:
        return None
    found = Box(x=left, y=top, width=right - left, height=bottom - top)
    return found if _share(found, width, height) <= _REGION else None


def _share(box: Box, width: int, height: int) -> float:
    return box.width * box.height / (width * height)
