"""How well one colour is seen on another (WCAG 2.2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

READABLE = 4.5  # contrast of type, WCAG 2.2, 1.4.3
Rgb = tuple[int, int, int]


def rgb(colour: str) -> Rgb:
    """#rrggbb as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Relative luminance of sRGB pixels [..., 3], 0..1."""
    part = pixels.astype(np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def apart(luminances: NDArray[np.float64], colour: str) -> NDArray[np.float64]:
    """The contrast between each of the luminances and #rrggbb, 1..21; WCAG 2.2, contrast ratio."""
    own = luminance(np.array(rgb(colour), np.uint8))
    return np.asarray((np.maximum(luminances, own) + 0.05) / (np.minimum(luminances, own) + 0.05))


def contrast(one: str, other: str) -> float:
    """How far two colours (#rrggbb) are apart, 1..21."""
    return float(apart(luminance(np.array(rgb(one), np.uint8)), other))
