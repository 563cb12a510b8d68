"""What lies behind type and logo: the brand's dark gradient, and plates for a logo that would not be seen on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from repurpose.media.gradient import graded
from repurpose.models import Brand

RADIUS = 28  # of cards, in a picture 1080 wide
_SEEN = 2.0  # contrast from which a part of a logo counts as seen; large shapes need less than type
_ENOUGH = 0.8  # of its area


def rgb(colour: str) -> tuple[int, int, int]:
    """#rrggbb as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def gradient(brand: Brand, width: int, height: int) -> Image.Image:
    """The dark ground, graded from the upper left to the lower right; dithered, or it would lie there in bands."""
    shade = graded(rgb(brand.ground[0]), rgb(brand.ground[1]), width, height)
    grain = np.random.default_rng(0).uniform(-0.5, 0.5, (height, width, 1))  # the same on every run
    return Image.fromarray(np.clip(np.rint(shade + grain), 0, 255).astype(np.uint8))


def logo_of(path: Path, height: int, ground: str, brand: Brand, widest: int) -> Image.Image:
    """The logo, its empty margins cut off, `height` pixels high and at most `widest` wide, to be laid on `ground`.

    Where it would not be seen there it stands on a plate, of paper or ink, whichever shows it better.
    """
    with Image.open(path, formats=("PNG", "WEBP")) as image:
        whole = image.convert("RGBA")
    logo: Image.Image = whole.crop(whole.getchannel("A").point(lambda value: 255 if value > 8 else 0).getbbox())
    seen = _shares(np.asarray(logo))
    plate = ""
    if _visible(seen, ground) < _ENOUGH:
        plate = brand.paper if _visible(seen, brand.paper) >= _visible(seen, brand.ink) else brand.ink
    inside = round(height * 0.64) if plate else height
    scale = min(inside / logo.height, (widest - (height - inside if plate else 0)) / logo.width)
    logo = logo.resize(
        (max(1, round(logo.width * scale)), max(1, round(logo.height * scale))), Image.Resampling.LANCZOS
    )
    if not plate:
        return logo
    pad = round((height - inside) / 2)
    framed = rounded(logo.width + 2 * pad, logo.height + 2 * pad, round(height * 0.2), plate)
    framed.alpha_composite(logo, (pad, pad))
    return framed


def rounded(width: int, height: int, radius: int, colour: str, opacity: float = 1.0) -> Image.Image:
    """A plate with round corners on nothing; smooth at its edges."""
    times = 4
    mask = Image.new("L", (width * times, height * times), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, width * times - 1, height * times - 1), radius * times, round(255 * opacity)
    )
    plate = Image.new("RGBA", (width, height), colour)
    plate.putalpha(mask.resize((width, height), Image.Resampling.BOX))
    return plate


def _shares(logo: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The luminance of each pixel, and how much of it covers what is behind."""
    part = logo[..., :3].astype(np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722]), logo[..., 3].astype(np.float64) / 255


def _visible(seen: tuple[NDArray[np.float64], NDArray[np.float64]], ground: str) -> float:
    """The share of a logo's covered area that stands out from `ground`."""
    luminance, cover = seen
    behind = float(_shares(np.array([[(*rgb(ground), 255)]], np.uint8))[0][0, 0])
    ratio = (np.maximum(luminance, behind) + 0.05) / (np.minimum(luminance, behind) + 0.05)
    return float((cover * (ratio >= _SEEN)).sum() / max(1e-9, cover.sum()))
