"""The picture that blocks are drawn on: rectangles, shades, pictures, and type that is checked for being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from repurpose.design.colours import colour_of, contrast, readable
from repurpose.design.typeset import Setting, paint
from repurpose.media.contrast import rgb
from repurpose.media.gradient import dithered
from repurpose.models import Brand

Rectangle = tuple[int, int, int, int]  # left, top, right, bottom in pixels


@dataclass
class Written:
    """A setting that was painted: where, and how well it is read there."""

    setting: Setting
    x: float
    y: float
    contrast: float
    fill: str


@dataclass
class Canvas:
    """A picture under way. `unit` is one pixel of a picture that is 1080 on its shorter side."""

    image: Image.Image
    brand: Brand
    unit: float
    written: list[Written] = field(default_factory=list)

    def px(self, length: float) -> int:
        """So many pixels here."""
        return round(length * self.unit)

    def sizes(self, wanted: tuple[int, ...], least: int = 24) -> tuple[int, ...]:
        """Sizes of type here, falling; never under `least` pixels."""
        return tuple(sorted({max(least, self.px(size)) for size in wanted}, reverse=True))

    def box(self, shares: tuple[float, float, float, float]) -> Rectangle:
        """A box given in shares, in pixels."""
        wide, high = self.image.size
        return round(shares[0] * wide), round(shares[1] * high), round(shares[2] * wide), round(shares[3] * high)

    def write(self, setting: Setting, x: float, y: float, tone: str) -> None:
        """Paint type in the tone, or in what is read better where that cannot be read."""
        lines = setting.lines
        left = x + min((line.x for line in lines), default=0.0)
        right = x + max((line.runs[0].x + line.width for line in lines if line.runs), default=setting.width)
        area = (int(max(0, left)), int(max(0, y)), int(right) + 1, int(y + setting.height) + 1)
        behind = self.image.crop(area)
        fill = readable(tone, behind, self.brand)
        paint(self.image, setting, x, y, fill)
        self.written.append(Written(setting, x, y, contrast(fill, behind), fill))

    def fill(self, box: Rectangle, tone: str, opacity: float = 1.0) -> None:
        """A rectangle of one colour."""
        colour = colour_of(tone, self.brand)
        if opacity >= 1:
            self.image.paste(colour, box)
        else:
            mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), round(255 * opacity))
            self.image.paste(colour, box, mask)

    def shade(self, box: Rectangle, tone: str, opacity: float, fade: str) -> None:
        """A colour that thins out towards one side."""
        mask = ramp(box[2] - box[0], box[3] - box[1], fade, opacity)
        self.image.paste(colour_of(tone, self.brand), box, mask)

    def glow(self, box: Rectangle, tone: str, opacity: float) -> None:
        """Light in the middle of the box that is gone at its edges."""
        self.image.paste(colour_of(tone, self.brand), box, _glow(box[2] - box[0], box[3] - box[1], opacity))

    def place(self, picture: Image.Image, x: int, y: int) -> None:
        """A picture, with its transparency."""
        self.image.paste(picture, (x, y), picture if picture.mode == "RGBA" else None)

    def frame(self, box: Rectangle, tone: str, width: int) -> None:
        """A line around a box."""
        draw = ImageDraw.Draw(self.image)
        outer = (box[0] - width, box[1] - width, box[2] + width - 1, box[3] + width - 1)
        draw.rectangle(outer, outline=colour_of(tone, self.brand), width=width)


@lru_cache(maxsize=16)
def ground(kind: str, one: str, two: str, width: int, height: int) -> Image.Image:
    """The ground: a colour, or a gradient of two. Copy before drawing on it."""
    if kind != "gradient":
        return Image.new("RGB", (width, height), one)
    return Image.fromarray(dithered(rgb(one), rgb(two), width, height))


@lru_cache(maxsize=64)
def ramp(width: int, height: int, fade: str, opacity: float) -> Image.Image:
    """A mask that is `opacity` on one side and nothing on the side it fades to, eased at both ends."""
    along = width if fade in ("left", "right") else height
    share = np.linspace(0.0, 1.0, max(1, along))
    share = share * share * (3 - 2 * share)
    if fade in ("right", "down"):
        share = share[::-1]
    line = np.rint(255 * opacity * share).astype(np.uint8)
    across = np.tile(line, (height, 1)) if fade in ("left", "right") else np.tile(line[:, None], (1, width))
    return Image.fromarray(np.ascontiguousarray(across))


@lru_cache(maxsize=16)
def _glow(width: int, height: int, opacity: float) -> Image.Image:
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = np.clip(1 - np.sqrt(x * x + y * y), 0, 1) ** 1.6
    grain = np.random.default_rng(1).uniform(-0.5, 0.5, (height, width))
    return Image.fromarray(np.clip(np.rint(255 * opacity * light + grain * (light > 0)), 0, 255).astype(np.uint8))
