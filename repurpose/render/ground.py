"""What lies behind type and logo: the brand's dark gradient, and plates for a logo that would not be seen on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from repurpose.media.contrast import apart, luminance, rgb
from repurpose.media.gradient import dithered
from repurpose.media.masks import logo_at, plate
from repurpose.models import Brand
from repurpose.models.published import SiteLook

RADIUS = 28  # of cards, in a picture 1080 wide
_SEEN = 2.0  # contrast from which a part of a logo counts as seen; large shapes need less than type
_ENOUGH = 0.8  # of its area


def gradient(brand: Brand, width: int, height: int) -> Image.Image:
    """The dark ground, graded from the upper left to the lower right."""
    return Image.fromarray(dithered(rgb(brand.ground[0]), rgb(brand.ground[1]), width, height))


def logo_of(path: Path, height: int, ground: str, brand: Brand | SiteLook, widest: int) -> Image.Image:
    """The logo, its empty margins cut off, `height` pixels high and at most `widest` wide, to be laid on `ground`.

    Where it would not be seen there it stands on a plate, of paper or ink, whichever shows it better.
    """
    logo = logo_at(path)
    seen = _shares(np.asarray(logo))
    behind = ""
    if _visible(seen, ground) < _ENOUGH:
        behind = brand.paper if _visible(seen, brand.paper) >= _visible(seen, brand.ink) else brand.ink
    inside = round(height * 0.64) if behind else height
    scale = min(inside / logo.height, (widest - (height - inside if behind else 0)) / logo.width)
    logo = logo.resize(
        (max(1, round(logo.width * scale)), max(1, round(logo.height * scale))), Image.Resampling.LANCZOS
    )
    if not behind:
        return logo
    pad = round((height - inside) / 2)
    framed = plate(logo.width + 2 * pad, logo.height + 2 * pad, round(height * 0.2), behind)
    framed.alpha_composite(logo, (pad, pad))
    return framed


def _shares(logo: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The luminance of each pixel, and how much of it covers what is behind."""
    return luminance(logo[..., :3]), logo[..., 3].astype(np.float64) / 255


def _visible(seen: tuple[NDArray[np.float64], NDArray[np.float64]], ground: str) -> float:
    """The share of a logo's covered area that stands out from `ground`."""
    luminances, cover = seen
    return float((cover * (apart(luminances, ground) >= _SEEN)).sum() / max(1e-9, cover.sum()))
