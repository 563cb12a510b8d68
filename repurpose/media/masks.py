"""Round masks and plates, smooth at their edges, and a logo without what is empty around it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

_FINER = 4  # times: a mask is drawn so much larger and scaled down
_EMPTY = 8  # of 255: what covers no more of the ground is no part of a logo


@lru_cache(maxsize=32)
def disc(size: int) -> Image.Image:
    """A round mask `size` pixels across; not to be drawn on."""
    mask = Image.new("L", (size * _FINER, size * _FINER), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, size * _FINER - 1, size * _FINER - 1), 255)
    return mask.resize((size, size), Image.Resampling.BOX)


@lru_cache(maxsize=32)
def round_corners(width: int, height: int, radius: int, opacity: float = 1.0) -> Image.Image:
    """A mask with round corners; not to be drawn on."""
    mask = Image.new("L", (width * _FINER, height * _FINER), 0)
    area = 0, 0, width * _FINER - 1, height * _FINER - 1
    ImageDraw.Draw(mask).rounded_rectangle(area, radius * _FINER, round(255 * opacity))
    return mask.resize((width, height), Image.Resampling.BOX)


def plate(width: int, height: int, radius: int, colour: str, opacity: float = 1.0) -> Image.Image:
    """A plate with round corners on nothing."""
    made = Image.new("RGBA", (width, height), colour)
    made.putalpha(round_corners(width, height, radius, opacity))
    return made


def logo_at(path: Path) -> Image.Image:
    """The logo in the file (png or webp), RGBA, without its empty margins."""
    with Image.open(path, formats=("PNG", "WEBP")) as image:
        whole = image.convert("RGBA")
    seen = whole.getchannel("A").point(lambda value: 255 if value > _EMPTY else 0)
    logo: Image.Image = whole.crop(seen.getbbox())
    return logo
