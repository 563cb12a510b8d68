"""How sure it is that the eyes of a face are open, seen from the dark bar or blob that stands where each eye is. Pure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0.5  # eyes too small to tell
LEAST = 14.0  # pixels between the eyes: below this an iris is less than three pixels
_REACH = 0.2  # share of the distance between the eyes looked at above and below; brows stand at a third of it
_HALF = 0.09  # and to either side of the middle: an iris is 0.19 wide (12 of 63 mm)
_DARKER = 0.3  # share of a row's pixels that may be lighter than it counts: a glint in the eye is
_SHUT, _OPEN = 0.09, 0.15  # heights of what is dark: a line of lashes, and an iris between the lids


def openness(grey: NDArray[np.uint8], right: tuple[float, float], left: tuple[float, float]) -> float:
    """0..1 for the eye that is more shut. `grey` is [height, width], the eyes' middles are (x, y) in its pixels."""
    apart = float(np.hypot(left[0] - right[0], left[1] - right[1]))
    if apart < LEAST:
        return UNKNOWN
    heights = [_dark_height(grey, eye, right, left) for eye in (right, left)]
    if None in heights:
        return UNKNOWN
    share = (min(height for height in heights if height is not None) - _SHUT) / (_OPEN - _SHUT)
    return round(min(1.0, max(0.0, share)), 3)


def _dark_height(
    grey: NDArray[np.uint8], eye: tuple[float, float], right: tuple[float, float], left: tuple[float, float]
) -> float | None:
    """How high the dark part of an eye is, as a share of the distance between the eyes; None outside the picture."""
    rows = _profile(grey, eye, right, left)
    if rows is None:
        return None
    skin, darkest = float(np.percentile(rows, 90)), float(rows.min())
    if skin - darkest < 20:  # nothing dark at all: no eye to judge
        return None
    return float((rows < (skin + darkest) / 2).mean()) * 2 * _REACH


def _profile(
    grey: NDArray[np.uint8], eye: tuple[float, float], right: tuple[float, float], left: tuple[float, float]
) -> NDArray[np.float64] | None:
    """How dark each of 48 rows across the middle of an eye is, the head held upright."""
    across = np.array([left[0] - right[0], left[1] - right[1]])
    apart = float(np.hypot(*across))
    along = across / apart
    down = np.array([-along[1], along[0]])
    reach = 1.5 * _REACH * apart
    if not (reach <= eye[0] < grey.shape[1] - reach and reach <= eye[1] < grey.shape[0] - reach):
        return None
    size = (16, 48)
    turn = np.column_stack([along * 2 * _HALF * apart / size[0], down * 2 * _REACH * apart / size[1]])
    start = np.array(eye) - turn @ (np.array(size) - 1) / 2
    patch = cv2.warpAffine(grey, np.column_stack([turn, start]), size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(np.percentile(patch.astype(np.float64), 100 * _DARKER, axis=1))
