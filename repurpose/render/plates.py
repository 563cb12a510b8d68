"""What stands beside the captions: the title, who is speaking, how far the clip is, and how it was made. All ASS drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repurpose.models import Box, Brand, Ms, Scene
from repurpose.presets import RenderPreset
from repurpose.render.ass import Event, colour, filled, literal, rounded
from repurpose.render.captionbox import stretches
from repurpose.render.fonts import ASCENT, Family
from repurpose.render.places import Taken, free_place, place_in
from repurpose.render.typeset import DOWN, LEADING, SMALLEST, UP, clipped, language_of, set_lines, typeset
from repurpose.text.signs import shown

GROUND, PLATE, TYPE = 0, 20, 21  # layers: under the captions, over them
BAR = 8  # pixels; the signal bar at a plate's left
RADIUS = 20
ROUND = 24  # pixels; of a picture that stands on the ground
MARGIN = 48  # pixels from the side where the channel asks for less
COVER = 0.72  # how much of the picture the title's plate covers
NAME_COVER = 0.86
NAME, ROLE, SMALL = 44, 34, 30  # pixels; a long role is set smaller before it is cut
SLIDES, HOLDS, LEAVES = 300, 3000, 200  # of a lower third
SHORTEST_NAME: Ms = 1200  # a name on screen for less cannot be read
LINE = 6  # pixels; the progress line
LABEL = 0.055  # of the shorter side: the signs are then 5 % of it high, the least GB 45438-2025 allows in a video


@dataclass(frozen=True)
class NamePlate:
    """A lower third: who speaks from `start` on."""

    start: Ms
    name: str
    title: str = ""


def title_events(
    title: str, render: RenderPreset, brand: Brand, family: Family, terms: Sequence[str], start: Ms, end: Ms
) -> tuple[list[Event], Box | None, Ms]:
    """The title on its dark plate, the box it takes, and until when."""
    style, title = render.title, shown(title)
    if style is None or not title:
        return [], None, start
    left = max(render.safe_side, MARGIN)
    pad, gap = round(style.size * 0.5), round(style.size * 0.4)
    room = render.width - 2 * left - 2 * pad - BAR - gap
    sizes = [size for size in range(style.size, SMALLEST - 1, -4) if _block(2, size, title) + 24 <= style.height]
    lines, size = set_lines(title, family, 700, sizes or [SMALLEST], room, terms)
    block = _block(len(lines), size, title)
    high = min(style.height, round(block + 2 * min(28, (style.height - block) / 2)))
    wide = round(max(family.width(line, size, 700) for line in lines) + 2 * pad + BAR + gap)
    # It stands on the bottom of its zone, next to the picture it speaks of.
    box = Box(x=left, y=style.top + style.height - high, width=wide, height=high)
    until = min(end, start + style.stays) if style.stays else end
    fade = r"\fad(200,300)" if until < end else r"\fad(200,0)"
    shape = rounded(wide, high, RADIUS)
    bar = rounded(BAR, high - 2 * pad * 0.8, BAR / 2)
    events = [
        Event(start, until, PLATE, "Shape", filled(rf"{fade}\pos({box.x:g},{box.y:g})", shape, brand.ground[0], COVER)),
        Event(
            start,
            until,
            TYPE,
            "Shape",
            filled(rf"{fade}\pos({box.x + pad:g},{box.y + pad * 0.8:g})", bar, brand.signal, 1.0),
        ),
    ]
    step = LEADING[language_of(title) == "zh"] * size
    first = box.y + (high - block) / 2 + UP * size
    for at, line in enumerate(lines):
        x, baseline = box.x + pad + BAR + gap, first + at * step
        tags = rf"{{\an7{fade}\pos({x:g},{baseline - ASCENT * size:g})\fs{size}}}"
        events.append(Event(start, until, TYPE, "Bold", tags + literal(line)))
    return events, box, until


def name_events(
    names: Sequence[NamePlate],
    scenes: Sequence[Scene],
    render: RenderPreset,
    brand: Brand,
    family: Family,
    taken: Sequence[Taken],
    faces: Sequence[Taken],
    start: Ms,
    end: Ms,
) -> list[Event]:
    """The lower thirds: each slides in, holds and leaves where captions, title, label and faces leave room; one at a time."""
    events: list[Event] = []
    shown = sorted((name for name in names if start <= name.start < end), key=lambda name: name.start)
    for name, following in zip(shown, [*shown[1:], None], strict=False):
        until = min(name.start + SLIDES + HOLDS + LEAVES, end, following.start if following else end)
        if until - name.start < SHORTEST_NAME:
            continue
        events += _name(name, until, scenes, render, brand, family, taken, faces)
    return events


def _name(
    plate: NamePlate,
    until: Ms,
    scenes: Sequence[Scene],
    render: RenderPreset,
    brand: Brand,
    family: Family,
    taken: Sequence[Taken],
    faces: Sequence[Taken],
) -> list[Event]:
    left, pad = max(render.safe_side, MARGIN), 24
    column = render.captions.beside if render.captions else None
    room = min(render.width * 0.72, column.width if column and column.width else render.width) - BAR - 2 * pad
    name = clipped(shown(plate.name), family, 700, NAME, room)
    told = shown(plate.title)
    wishes = [(told, ROLE), (told, SMALL), (told.rpartition(" · ")[2], ROLE)]  # smaller before the company goes
    fits = (wish for wish in wishes if family.width(typeset(wish[0]), wish[1], 400) <= room)
    told, small = next(fits, (told, SMALL))
    role = clipped(told, family, 400, small, room)
    wide = round(BAR + 2 * pad + max(family.width(name, NAME, 700), family.width(role, small, 400)))
    high = 92 if not role else 138
    box = free_place(scenes, render, (left, wide, high), taken, faces, plate.start, until)
    x, y = box.x, box.y
    # The bar first, then the plate from behind it: a window that opens, while the type comes to rest from its left.
    window = (
        rf"\clip({x:g},{y:g},{x + BAR:g},{y + high:g})\t(0,{SLIDES},0.5,\clip({x:g},{y:g},{x + wide:g},{y + high:g}))"
    )
    leave = rf"\fad(0,{LEAVES})"
    glide = rf"\move({x + BAR + pad - 40:g},{{}},{x + BAR + pad:g},{{}},0,{SLIDES})"
    fill = filled(rf"{window}{leave}\pos({x:g},{y:g})", rounded(wide, high, 6), brand.ground[0], NAME_COVER)
    bar = filled(rf"{leave}\pos({x:g},{y:g})", rounded(BAR, high, 0), brand.signal, 1.0)
    events = [
        Event(plate.start, until, PLATE, "Shape", fill),
        Event(plate.start, until, TYPE, "Shape", bar),
    ]
    rows = [("Bold", NAME, "", name, y + (high - 92) / 2 * (not role) + (22 if role else 24))]
    if role:
        rows.append(("Plain", small, rf"\1c&H{colour(brand.quiet)}&", role, y + 82))
    for style, size, tint, text, top in rows:
        tags = rf"{{\an7{window}{leave}{glide.format(f'{top:g}', f'{top:g}')}\fs{size}{tint}}}"
        events.append(Event(plate.start, until, TYPE, style, tags + literal(text)))
    return events


def progress_events(scenes: Sequence[Scene], render: RenderPreset, brand: Brand, start: Ms, end: Ms) -> list[Event]:
    """A line over the picture's width at the top edge of what is shown, growing from `start` to `end`."""
    if not render.progress or end <= start:
        return []
    events = []
    for since, until, top in stretches(scenes, start, end, _top_of):
        shape = rounded(render.width, LINE, 0)
        done = [round(render.width * (at - start) / (end - start)) for at in (since, until)]
        # A window that opens, pixel by pixel: the shape itself is rasterised once.
        grown = rf"\clip(0,{top},{done[0]},{top + LINE})\t(\clip(0,{top},{done[1]},{top + LINE}))\pos(0,{top})"
        events += [
            Event(since, until, GROUND, "Shape", filled(rf"\pos(0,{top})", shape, brand.on_dark, 0.18)),
            Event(since, until, GROUND + 1, "Shape", filled(grown, shape, brand.signal, 1.0)),
        ]
    return events


def corner_events(scenes: Sequence[Scene], start: Ms, end: Ms) -> list[Event]:
    """The ground in the corners of a speaker's picture that stands free on it: it looks round there."""
    r = ROUND
    k = r * 0.4477  # 1 - 0.5523: where the handles of a quarter circle lie
    shapes = (
        (0, 0, f"m 0 0 l {r} 0 b {k:g} 0 0 {k:g} 0 {r}"),
        (1, 0, f"m {r} 0 l {r} {r} b {r} {k:g} {r - k:g} 0 0 0"),
        (0, 1, f"m 0 {r} l 0 0 b 0 {r - k:g} {k:g} {r} {r} {r}"),
        (1, 1, f"m {r} {r} l 0 {r} b {r - k:g} {r} {r} {r - k:g} {r} 0"),
    )
    events: list[Event] = []
    for since, until, (ground, cards) in stretches(scenes, start, end, _cards_of):
        for x, y, wide, high in cards:
            for right, below, shape in shapes:
                place = rf"\pos({x + right * (wide - r)},{y + below * (high - r)})"
                events.append(Event(since, until, GROUND, "Shape", filled(place, shape, ground, 1.0)))
    return events


def label_events(
    label: str,
    scenes: Sequence[Scene],
    render: RenderPreset,
    brand: Brand,
    family: Family,
    others: Sequence[Taken],
    start: Ms,
    end: Ms,
) -> tuple[list[Event], list[Taken]]:
    """The label that says how the file was made, in a corner of the picture from `start` to `end`, and where it stands."""
    label = shown(label)
    if not label:
        return [], []
    size = round(LABEL * min(render.width, render.height))
    pad = round(size * 0.32)
    text = clipped(label, family, 400, size, render.width * 0.6)
    wide, high = round(family.width(text, size, 400) + 2 * pad), round(size * 1.36)
    taken = stretches(scenes, start, end, lambda scene: place_in(scene, render, wide, high, others))
    events: list[Event] = []
    for since, until, box in taken:
        plate = filled(rf"\pos({box.x:g},{box.y:g})", rounded(wide, high, high / 2), brand.ground[0], 0.5)
        tags = rf"{{\an5\pos({box.x + wide / 2:g},{box.y + high / 2:g})\fs{size}}}"
        events += [
            Event(since, until, PLATE, "Shape", plate),
            Event(since, until, TYPE, "Plain", tags + literal(text)),
        ]
    return events, taken


def _block(count: int, size: int, text: str) -> float:
    return size * (UP + DOWN + (count - 1) * LEADING[language_of(text) == "zh"])


def _cards_of(scene: Scene) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
    """The ground, and the speakers' panels with ground on both sides and above and below."""
    widest = max(panel.x + panel.width for panel in scene.panels)
    found = [
        (panel.x, panel.y, panel.width, panel.height)
        for panel in scene.panels
        if panel.shows == "speaker" and panel.x > 0 and panel.x + panel.width < widest
    ]
    return scene.ground, tuple(found)


def _top_of(scene: Scene) -> int:
    """The row of the progress line: on top of what is shown, or in its first rows where nothing is above."""
    return max(0, min(panel.y for panel in scene.panels) - LINE)
