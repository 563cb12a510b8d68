"""Colours of a brand by name, and how well one can be read on another (WCAG 2.2)."""

from __future__ import annotations

import numpy as np
from PIL import Image

from repurpose.media.contrast import READABLE, apart, luminance
from repurpose.models import Brand

_WORST = 3  # per cent of the pixels behind a text that may be worse than it counts
MIST, LINE, WHITE = "#EEF1F6", "#D5DBE6", "#FFFFFF"


def colour_of(tone: str, brand: Brand) -> str:
    """#rrggbb of a tone of the brand; a colour is itself."""
    known = {
        "ink": brand.ink, "paper": brand.paper, "signal": brand.signal, "warm": brand.warm, "on_dark": brand.on_dark,
        "quiet": brand.quiet, "mist": MIST, "line": LINE, "white": WHITE,
    }  # fmt: skip
    return known.get(tone, tone)


def contrast(fill: str, behind: Image.Image) -> float:
    """How `fill` stands out from the picture behind it, 1..21, where it does so least."""
    small = behind.convert("RGB").resize((max(1, behind.width // 4), max(1, behind.height // 4)), Image.Resampling.BOX)
    return float(np.percentile(apart(luminance(np.asarray(small)), fill), _WORST))


def readable(tone: str, behind: Image.Image, brand: Brand, least: float = READABLE) -> str:
    """The tone's colour where it can be read there, else the brand's ink or its light, whichever is read better."""
    wanted = colour_of(tone, brand)
    if contrast(wanted, behind) >= least:
        return wanted
    return max((brand.ink, brand.on_dark, WHITE, "#000000"), key=lambda colour: contrast(colour, behind))
