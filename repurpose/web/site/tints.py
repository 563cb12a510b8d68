"""Tints of a brand's colours that text can be read in, and on, by computing (WCAG 2.2). Colours are #rrggbb. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from repurpose.media.contrast import READABLE, rgb

BLACK, WHITE = "#000000", "#ffffff"
SEEN = 3.0  # contrast of a line or a bar, WCAG 2.2, 1.4.11
_STEPS = 32


@lru_cache(maxsize=8192)
def luminance(colour: str) -> float:
    """Relative luminance, 0..1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with a share (0..1) of the other."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def stands_out(colour: str, grounds: Sequence[str], least: float = READABLE) -> bool:
    """Is the contrast with every ground at least that?"""
    return all(contrast(colour, ground) >= least for ground in grounds)


def far(grounds: Sequence[str]) -> str:
    """Black or white, whichever stands out more where it does so least."""
    return max((BLACK, WHITE), key=lambda pole: min(contrast(pole, ground) for ground in grounds))


def readable(colour: str, towards: str, grounds: Sequence[str], least: float = READABLE) -> str:
    """The colour, or as little on its way `towards` another as makes it stand out from every ground; that other at worst."""
    for step in range(_STEPS):
        tint = mixed(colour, towards, step / _STEPS)
        if stands_out(tint, grounds, least):
            return tint
    return towards.lower()


def toned(ground: str, towards: str, share: float, text: str) -> str:
    """The ground with a share of another colour, or as much less of it as leaves `text` readable there; none at worst."""
    for step in range(_STEPS):
        tint = mixed(ground, towards, share * (1 - step / _STEPS))
        if stands_out(text, [tint]):
            return tint
    return ground.lower()
