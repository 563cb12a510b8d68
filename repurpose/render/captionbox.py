"""Where captions stand: the box of each scene held inside the safe zone, and the lines it has room for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from repurpose.models import Box, Brand, Ms, Scene
from repurpose.presets import CaptionStyle, RenderPreset
from repurpose.render.areas import safe
from repurpose.render.typeset import DOWN, LEADING, SMALLEST, UP
from repurpose.text.signs import wraps_by_sign

T = TypeVar("T")
PAD_X, PAD_Y = 0.38, 0.2  # between type and the edge of its plate, in ems
BOTH = 68  # pixels; no larger where two languages share the box
SECOND = 0.69  # the translation's size beside the main one
BETWEEN = 0.12  # between the two languages, in ems of the main one


@dataclass(frozen=True)
class Track:
    """The captions of one language: their type, their measure, and where in a box they stand."""

    language: str
    style: str
    size: int
    weight: int
    rows: int
    limit: float  # signs (squares) or letters a line
    room: float  # pixels a line
    edge: float  # pixels of outline, or between type and the plate's edge, above and below
    aside: float  # the same at either side
    lift: float  # pixels kept free below, for the other language
    down: float = DOWN  # ems below the baseline that count as type
    ranged: bool = False  # lines begin at the left, not in the middle
    hangs: bool = False  # lines begin at the top of their part of the box, not end at its bottom

    def colour(self, brand: Brand) -> str:
        return brand.quiet if self.hangs else brand.on_dark

    @property
    def tall(self) -> float:
        return self.height(self.rows, self.size)

    def height(self, rows: int, size: float) -> float:
        """How many pixels `rows` lines of `size` take, with what is around them."""
        return 2 * self.edge + size * (UP + self.down + (rows - 1) * LEADING[wraps_by_sign(self.language)])

    def placed(self, box: Box, count: int, size: float, wide: float) -> tuple[list[tuple[float, float]], Box]:
        """Where the lines stand (x, baseline), and the plate around them, for `count` lines of `size` in a box.

        x is their middle, or their left end where they are ranged left.
        """
        step = LEADING[wraps_by_sign(self.language)] * size
        bottom = box.y + box.height - self.lift
        if self.hangs:
            bottom -= self.tall - self.height(count, size)
        last = bottom - self.edge - self.down * size
        x = round(box.x + self.aside if self.ranged else box.x + box.width / 2, 1)
        lines = [(x, round(last - step * (count - 1 - at), 1)) for at in range(count)]
        top = lines[0][1] - UP * size - self.edge
        width = round(wide + 2 * self.aside)
        plate = Box(
            x=round(x - self.aside if self.ranged else x - width / 2),
            y=round(top),
            width=width,
            height=round(bottom) - round(top),
        )
        return lines, plate


def tracks_in(
    scenes: Sequence[Scene], render: RenderPreset, language: str, second: str, start: Ms, end: Ms
) -> list[Track]:
    """The track of the language spoken, and that of the translation when `second` names its language.

    One size serves the whole file: the preset's, or what the smallest of its boxes holds. Two languages share the box in
    as many lines each as it has room for: two and two, two and one, else one and one.
    """
    style = render.captions
    assert style is not None
    boxes = [box for _, _, box in boxes_between(scenes, start, end, render)]
    wide, high = min(box.width for box in boxes), min(box.height for box in boxes)
    smallest = min(SMALLEST, style.size)
    plans = [(2, 2), (2, 1), (1, 2), (1, 1)] if second else [(2, 0)]
    for size in range(min(style.size, BOTH) if second else style.size, 11, -1):
        for rows in plans if size >= smallest else plans[-1:]:
            tracks = _tracks(style, language, second, rows, size, wide)
            if _together(tracks, size) <= high:
                return tracks
    raise AssertionError("no type fits a box this low")


def _tracks(
    style: CaptionStyle, language: str, second: str, rows: tuple[int, int], size: int, wide: float
) -> list[Track]:
    main = _track(style, language, rows[0], size, wide, 0.0, two=bool(second))
    if not second:
        return [main]
    below = _track(
        style, second, rows[1], max(min(SMALLEST, size), round(SECOND * size)), wide, 0.0, two=True, hangs=True
    )
    return [_track(style, language, rows[0], size, wide, below.tall + BETWEEN * size, two=True), below]


def _track(
    style: CaptionStyle, language: str, rows: int, size: int, wide: float, lift: float, two: bool, hangs: bool = False
) -> Track:
    edge, aside = (PAD_Y * size, PAD_X * size) if style.plate else (style.outline, style.outline)
    wide_signs = wraps_by_sign(language)
    most = style.signs if wide_signs else style.letters
    return Track(
        language=language,
        style="Second" if hangs else "Caption",
        size=size,
        weight=700,
        rows=rows,
        limit=most * style.size / size if two else most,
        room=wide - 2 * aside,
        edge=edge,
        aside=aside,
        lift=lift,
        # On a plate the squares of Chinese stand in the middle; a Latin g then reaches into its lower edge.
        down=0.16 if style.plate and wide_signs else DOWN,
        hangs=hangs,
    )


def _together(tracks: Sequence[Track], size: int) -> float:
    return sum(track.tall for track in tracks) + BETWEEN * size * (len(tracks) - 1)


def boxes_between(scenes: Sequence[Scene], start: Ms, end: Ms, render: RenderPreset) -> list[tuple[Ms, Ms, Box]]:
    """The captions' box from `start` to `end`, inside the safe zone, split where it changes."""
    return stretches(scenes, start, end, lambda scene: safe(scene.captions, render))


def stretches(scenes: Sequence[Scene], start: Ms, end: Ms, of: Callable[[Scene], T]) -> list[tuple[Ms, Ms, T]]:
    """What `of` says of the scenes from `start` to `end`, split where it changes; without a gap."""
    found: list[tuple[Ms, Ms, T]] = []
    for at, scene in enumerate(scenes):
        since = start if at == 0 else max(start, scene.start)
        until = end if at == len(scenes) - 1 else min(end, scenes[at + 1].start)
        if since >= until:
            continue
        value = of(scene)
        if found and found[-1][2] == value:
            found[-1] = (found[-1][0], until, value)
        else:
            found.append((since, until, value))
    return found
