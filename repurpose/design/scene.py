"""A dynamic poster as a picture that changes: words appear on what stands, the wave fills up. Only that is drawn anew."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from repurpose.design.blocks import draw_block
from repurpose.design.canvas import Rectangle, Written
from repurpose.design.material import Material
from repurpose.design.posters import canvas_for, check
from repurpose.design.typeset import Line, Run, paint
from repurpose.media.board import planes_of
from repurpose.models import Ms
from repurpose.presets import PosterPreset, PosterSize

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Said:
    """A word on the picture: the box its ink lies in, and when it begins to show."""

    box: Rectangle
    at: Ms


@dataclass(frozen=True)
class Scene:
    """The picture before anything was said and after all was, RGB, and what leads from the one to the other."""

    ground: Pixels
    last: Pixels
    words: tuple[Said, ...]
    wave: Rectangle | None  # what was heard of it is as in `last`
    voice: Ms  # how long it is heard
    appears: Ms  # how long a word takes

    @property
    def still_from(self) -> Ms:
        """From when on nothing changes."""
        return max([self.voice, *(word.at + self.appears for word in self.words)])

    def smaller(self, width: int) -> Scene:
        """The same, `width` pixels wide."""
        scale = width / self.ground.shape[1]
        size = width, round(self.ground.shape[0] * scale)

        def box(one: Rectangle) -> Rectangle:
            left, top, right, bottom = (side * scale for side in one)
            return math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)

        ground, last = (
            np.asarray(Image.fromarray(one).resize(size, Image.Resampling.LANCZOS)) for one in (self.ground, self.last)
        )
        words = tuple(Said(box(word.box), word.at) for word in self.words)
        return replace(self, ground=ground, last=last, words=words, wave=self.wave and box(self.wave))

    def moving(self, convert: Callable[[Pixels], Pixels] = np.copy) -> Callable[[Ms], Pixels]:
        """The picture at a time, for times that rise: one buffer, drawn over for the next, so copy what you keep.

        `convert` makes RGB or I420 of both pictures; all drawing is done in what it makes.
        """
        ground, last = convert(self.ground), convert(self.last)
        frame = ground.copy()
        layers = list(zip(*(_layers(one) for one in (frame, ground, last)), strict=True))
        shown = [0.0] * len(self.words)
        heard = self.wave[0] if self.wave else 0

        def at(now: Ms) -> Pixels:
            nonlocal heard
            for number, word in enumerate(self.words):
                share = min(1.0, max(0.0, (now - word.at) / max(1, self.appears)))
                if share != shown[number]:
                    shown[number] = share
                    for (whole, scale), (first, _), (then, _) in layers:
                        area = _within(word.box, scale)
                        eased = share * share * (3 - 2 * share)
                        whole[area] = cv2.addWeighted(then[area], eased, first[area], 1 - eased, 0)
            if self.wave is not None:
                left, top, right, bottom = self.wave
                reached = left + round((right - left) * min(1.0, now / max(1, self.voice))) // 2 * 2
                if reached > heard:
                    heard = reached
                    for (whole, scale), _, (then, _) in layers:
                        area = _within((left, top, reached, bottom), scale)
                        whole[area] = then[area]
            return frame

        return at


def scene_of(
    template: PosterPreset, size: PosterSize, material: Material, when: Sequence[Ms], voice: Ms, appears: Ms
) -> Scene:
    """The poster in its parts. `when` has the time of each sign of the quote that is no space.

    Raises NothingFits where the quote does not fit, GateError where the poster would break a rule.
    """
    canvas = canvas_for(template, size, material.brand)
    blocks = template.blocks(size.shape)
    for block in blocks:
        if block.kind != "quote":
            draw_block(block, canvas, material)
    ground = np.asarray(canvas.image).copy()
    wave: Rectangle | None = None
    words: list[Said] = []
    for block in blocks:
        if block.kind == "wave":
            wave = canvas.box(block.box)
            heard = block.model_copy(update={"tone": block.second or block.tone, "opacity": 1.0})
            draw_block(heard, canvas, material)
        elif block.kind == "quote":
            draw_block(block, canvas, material)
            words += words_of(canvas.written[-1], when, canvas.image.size)
    check(canvas)
    return Scene(ground, np.asarray(canvas.image), tuple(words), wave, voice, appears)


def words_of(written: Written, when: Sequence[Ms], size: tuple[int, int]) -> list[Said]:
    """What appears at once, in the order of the text: the runs of a line whose first signs are said at the same time."""
    groups: list[tuple[Ms, Line, list[Run]]] = []
    passed = 0
    for line in written.setting.lines:
        for run in line.runs:
            at = when[min(passed, len(when) - 1)] if when else 0
            passed += sum(not sign.isspace() for sign in run.text)
            if groups and groups[-1][0] == at and groups[-1][1] is line:
                groups[-1][2].append(run)
            else:
                groups.append((at, line, [run]))
    found = []
    for at, line, runs in groups:
        ink = Image.new("L", size, 0)
        alone = replace(written.setting, lines=(replace(line, runs=tuple(runs)),))
        paint(ink, alone, written.x, written.y, "#ffffff")
        if box := ink.getbbox():
            found.append(Said(box, at))
    return found


def _layers(pixels: Pixels) -> list[tuple[Pixels, int]]:
    """RGB as it is; I420 as its three planes, each with how many pixels of the picture one of its own stands for."""
    if pixels.ndim == 3:
        return [(pixels, 1)]
    luma, *chroma = planes_of(pixels)
    return [(luma, 1), *((plane, 2) for plane in chroma)]


def _within(box: Rectangle, scale: int) -> tuple[slice, slice]:
    """The box in a plane of this scale; one sample more on each side of a coarser one, which its colours reach into."""
    left, top, right, bottom = box
    if scale > 1:
        left, top, right, bottom = left - scale, top - scale, right + scale, bottom + scale
    return slice(max(0, top // scale), -(-bottom // scale)), slice(max(0, left // scale), -(-right // scale))
