"""The stage `layout`: what is seen where, in each stretch of a take, in the shape of one render."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np

from repurpose.context import Context
from repurpose.models import (
    Box,
    Colour,
    EditDecisionList,
    Faces,
    Layout,
    Ms,
    Recording,
    Scene,
    Shots,
    Slides,
    Span,
)
from repurpose.presets import RenderPreset, TakePreset
from repurpose.render.areas import apart, safe, zone_of
from repurpose.render.crops import between
from repurpose.render.decide import Arrangement, Stretch, decide, people_of, stretches
from repurpose.render.pageview import DARK, ground_of, page_box
from repurpose.render.panels import Placed, above, alone, beside, screen, several, speaker
from repurpose.render.people import Person

_LABELS = 0.65  # share of a webcam's height: below it stands the name that the meeting's window writes there
_HALF = cv2.IMREAD_REDUCED_COLOR_2  # half the size tells as much, in a quarter of the time


@dataclass(frozen=True)
class Page:
    """What was seen on the picture of a page."""

    start: Ms
    box: Box  # where the page is, in the recording's pixels
    ground: Colour


def arrange(
    recording: Recording,
    shots: Shots,
    slides: Slides,
    edl: EditDecisionList,
    faces: Faces,
    take: TakePreset,
    render: RenderPreset,
    ctx: Context,
) -> Layout:
    """The take laid out for a render: pages whole, speakers followed, one arrangement for each shot of a span.

    Scenes are on the recording's clock, cover every span exactly, and begin where a span, a shot or a camera does.
    """
    del take
    picture = Box(x=0, y=0, width=recording.video.width, height=recording.video.height)
    return lay_out(shots, slides, edl.spans, faces, _pages(slides, edl.spans, faces, picture, ctx), picture, render)


def lay_out(
    shots: Shots,
    slides: Slides,
    spans: Sequence[Span],
    faces: Faces,
    pages: Mapping[str, Page],
    picture: Box,
    render: RenderPreset,
) -> Layout:
    """`arrange` over what was seen on the pages' pictures, by their digests. Pure."""
    scenes: list[Scene] = []
    labels = labels_on(slides, faces, picture)
    for place, span in enumerate(spans):
        people = people_of(faces, span)
        parts = stretches(span, shots, slides, faces)
        pairs = list(zip(parts, decide(parts, people, round(picture.width), round(picture.height)), strict=True))
        for arrangement, group in groupby(pairs, key=lambda pair: pair[1]):
            shown = [part for part, _ in group]
            scenes += _scenes(shown, arrangement, people, pages, labels, picture, render, near=place % 2 == 1)
    return Layout(width=render.width, height=render.height, scenes=tuple(scenes))


def _scenes(
    parts: Sequence[Stretch],
    arrangement: Arrangement,
    people: Sequence[Person],
    pages: Mapping[str, Page],
    labels: Sequence[Box],
    picture: Box,
    render: RenderPreset,
    *,
    near: bool,
) -> Iterator[Scene]:
    """Neighbouring stretches in one arrangement: whoever is seen is followed through all of them."""
    start, end = parts[0].start, parts[-1].end
    who = [person for index in arrangement.who if (person := people[index].inside(start, end))]
    seen = _speakers(arrangement, who, labels, picture, render, near)
    captions = captions_box(seen, render, shared=arrangement.kind == "page" and bool(seen))
    for part in parts:
        page = _page(part, pages, picture)
        placed = list(seen)
        if arrangement.kind == "page":
            placed.insert(0, above(page.box, start, render) if seen else alone("slide", page.box, start, render))
        elif arrangement.region is not None:
            placed.append(screen(arrangement.region, picture, start, render))
        elif not seen:
            placed.append(alone("whole", picture, start, render))
        panels = tuple(one.panel(between(one.views, part.start, part.end)) for one in placed)
        yield Scene(start=part.start, end=part.end, panels=panels, ground=page.ground, captions=captions)


def _speakers(
    arrangement: Arrangement,
    who: Sequence[Person],
    labels: Sequence[Box],
    picture: Box,
    render: RenderPreset,
    near: bool,
) -> list[Placed]:
    """The panels of those who are followed; none where nobody is, or nobody can be."""
    if not who:
        return []
    if arrangement.kind == "page":
        return beside(who, picture, render, near, labels) if render.speaker else []
    if len(who) == 1:
        alone_in_it = speaker(who[0], picture, render, near)
        return [alone_in_it] if alone_in_it else []
    return several(who, picture, render, near)


def labels_on(slides: Slides, faces: Faces, picture: Box) -> list[Box]:
    """The names that a meeting's own window wrote into the lower corners of its webcams. Pure."""
    frames = {face.frame for look in faces.looks for face in look.faces if face.frame is not None}
    lines = {
        Box(
            x=line.left * picture.width, y=line.top * picture.height,
            width=(line.right - line.left) * picture.width, height=(line.bottom - line.top) * picture.height,
        )
        for page in slides.pages for line in page.lines if line.left < line.right and line.top < line.bottom
    }  # fmt: skip
    return [
        line
        for frame in frames
        for line in lines
        if frame.x <= line.x + line.width / 2 <= frame.x + frame.width
        and frame.y + _LABELS * frame.height <= line.y
        and line.y + line.height / 2 <= frame.y + frame.height
    ]


def captions_box(seen: Sequence[Placed], render: RenderPreset, *, shared: bool = False) -> Box:
    """Where captions go: in their place, or aside where more of a face would be under them there. Pure.

    Where a page and who speaks share the picture they stand beside both, if the preset has a place for them there.
    """
    width = render.width - 2 * render.safe_side
    if render.captions is None:
        zone = zone_of(render, render.alone)
        return Box(x=render.safe_side, y=zone.y + zone.height * 0.8, width=width, height=zone.height * 0.2)
    style = render.captions
    if shared and style.beside is not None and all(apart(placed.area, style.beside, render) for placed in seen):
        zone = zone_of(render, style.beside)
        return safe(Box(x=zone.x, y=zone.y, width=zone.width, height=zone.height), render)
    usual = _rows(style.top, style.bottom, render)
    if not style.aside_bottom:
        return usual
    aside = _rows(style.aside_top, style.aside_bottom, render)
    faces = [face for placed in seen for face in placed.faces_px()]
    return aside if _covered(aside, faces) < _covered(usual, faces) else usual


def _rows(top: int, bottom: int, render: RenderPreset) -> Box:
    """These rows as a box, inside what the channel leaves clear."""
    return safe(Box(x=0, y=top, width=render.width, height=max(1, bottom - top)), render)


def _covered(box: Box, faces: Sequence[Box]) -> float:
    """How much of the faces the box covers, at the moment it is most."""
    most = 0.0
    for face in faces:
        wide = min(box.x + box.width, face.x + face.width) - max(box.x, face.x)
        high = min(box.y + box.height, face.y + face.height) - max(box.y, face.y)
        most = max(most, max(0.0, wide) * max(0.0, high) / (face.width * face.height))
    return most


def _page(part: Stretch, pages: Mapping[str, Page], picture: Box) -> Page:
    """What is known of the page in a stretch; where there is none, all of the picture on the ground of the nearest."""
    if part.slide is not None and part.slide.image.digest in pages:
        return pages[part.slide.image.digest]
    nearest = min(pages.values(), key=lambda page: abs(page.start - part.start), default=None)
    return Page(part.start, picture, nearest.ground if nearest else DARK)


def _pages(slides: Slides, spans: Sequence[Span], faces: Faces, picture: Box, ctx: Context) -> dict[str, Page]:
    """What is seen on the picture of every page that the spans show."""
    found: dict[str, Page] = {}
    for page in slides.pages:
        if page.image.digest in found or not any(page.overlap(span) for span in spans):
            continue
        ctx.check()
        data = np.fromfile(ctx.store.path(page.image), np.uint8)
        image = np.asarray(cv2.imdecode(data, _HALF), np.uint8)
        scale = image.shape[1] / picture.width
        seen = [face for look in faces.looks if page.start <= look.at < page.end for face in look.faces]
        frames = {face.frame for face in seen if face.frame is not None}
        box = page_box(image, [frame.scaled(scale) for frame in frames])
        people = frames | {_grown(face.box) for face in seen if face.frame is None}
        whole = (box.width, box.height) == (image.shape[1], image.shape[0])
        found[page.image.digest] = Page(
            page.start,
            picture if whole else box.scaled(1 / scale),
            ground_of(image, box, [one.scaled(scale) for one in people]),
        )
    return found


def _grown(face: Box) -> Box:
    """About where the hair and the shoulders of a face are."""
    x, y = face.x - 0.8 * face.width, face.y - 0.5 * face.height
    return Box(x=max(0.0, x), y=max(0.0, y), width=2.6 * face.width, height=2.2 * face.height)
