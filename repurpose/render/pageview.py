"""Where in the recording's picture the page is, and the colour that goes behind it. Pure.

Pictures are [height, width, 3] uint8 in BGR.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.models import Box

Image = NDArray[np.uint8]
DARK = "#0B1020"  # where there is no page to take a colour from (VISUAL.md)
LIGHTNESS = 0.12  # of the ground, as HLS counts it (VISUAL.md)
_EVEN = 12  # of 255: what one colour may vary by once it is encoded
_EDGE = 0.9  # share of a bar's length along which the page must differ from it: only a picture's edge does
_KEPT = 0.35  # share of the picture: a page smaller than that is something else
_SIDE = 0.4  # share of the width or height that speakers beside a page may take
_COLOURED = 0.006  # share of a grey page that must have a colour for the ground to take its hue
_MOST_COLOUR, _ACCENT, _GREY = 0.6, 0.4, 0.14  # saturation of the ground: of a page's colour, an accent, none
_BROWN = (8.0, 72.0)  # degrees of hue
_SMALL = (96, 54)  # pixels


def page_box(image: Image, frames: Sequence[Box] = ()) -> Box:
    """The page in a picture: all of it, unless there are bars around it or speakers (`frames`) beside it.

    Only what is even is left out, up to where the page begins along a whole side: nothing that is written is lost.
    """
    height, width = image.shape[:2]
    whole = (0, 0, width, height)
    found = _beside(image, _trimmed(image, whole), frames)
    x0, y0, x1, y1 = found if (found[2] - found[0]) * (found[3] - found[1]) >= _KEPT * width * height else whole
    return Box(x=x0, y=y0, width=x1 - x0, height=y1 - y0)


def ground_of(image: Image, page: Box, frames: Sequence[Box] = ()) -> str:
    """The page's most frequent colour, darkened; a page in grey takes the hue of what cool colour there is on it.

    Orange and yellow turn to mud when they are darkened: of these pages the ground is nearly grey, and of a grey page with
    such an accent it is DARK.

    What is inside `frames` is not the page's.
    """
    x0, y0, x1, y1 = (round(side) for side in (page.x, page.y, page.x + page.width, page.y + page.height))
    mask = np.ones(image.shape[:2], np.uint8)
    for frame in frames:
        mask[_around(frame, image)] = 0
    small, own = (cv2.resize(one[y0:y1, x0:x1], _SMALL, interpolation=cv2.INTER_AREA) for one in (image, mask))
    colours = np.asarray(small, np.uint8)[own > 0]
    if not len(colours):
        return DARK
    colour, most = _most_frequent(colours), _MOST_COLOUR
    if _chroma(colour[None])[0] < 24:
        lively = colours[_chroma(colours) >= 48]
        if len(lively) < _COLOURED * len(colours):
            return DARK
        colour, most = _most_frequent(lively), _ACCENT
        if _warm(colour):
            return DARK
    elif _warm(colour):
        most = _GREY
    hue, _, saturation = cv2.cvtColor((colour[None, None] / 255).astype(np.float32), cv2.COLOR_BGR2HLS)[0, 0]
    dark = np.array([[[hue, LIGHTNESS, min(saturation, most)]]], np.float32)
    blue, green, red = np.rint(cv2.cvtColor(dark, cv2.COLOR_HLS2BGR)[0, 0] * 255).astype(int)
    return f"#{red:02X}{green:02X}{blue:02X}"


def _warm(colour: NDArray[np.float64]) -> bool:
    """Is it between red and green, where what is dark looks brown?"""
    hue = float(cv2.cvtColor((colour[None, None] / 255).astype(np.float32), cv2.COLOR_BGR2HLS)[0, 0, 0])
    return _BROWN[0] <= hue <= _BROWN[1]


def _around(frame: Box, image: Image) -> tuple[slice, slice]:
    """Rows and columns of a frame; frames are known a little smaller than they are."""
    edge = 0.03 * image.shape[0]
    top, left = max(0, int(frame.y - edge)), max(0, int(frame.x - edge))
    return slice(top, int(frame.y + frame.height + edge) + 1), slice(left, int(frame.x + frame.width + edge) + 1)


def _most_frequent(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The mean of the fullest of 512 bins."""
    bins = (colours >> 5).astype(np.int64) @ np.array([64, 8, 1])
    fullest = int(np.bincount(bins, minlength=512).argmax())
    return np.asarray(colours[bins == fullest].mean(axis=0))


def _chroma(colours: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.asarray(np.ptp(colours.astype(np.float64), axis=-1))


def _trimmed(image: Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The box without the even bars on its sides, top and bottom first."""
    x0, y0, x1, y1 = box
    y0 += _bar(image[y0:y1, x0:x1])
    y1 -= _bar(image[y0:y1, x0:x1][::-1])
    x0 += _bar(image[y0:y1, x0:x1].swapaxes(0, 1))
    x1 -= _bar(image[y0:y1, x0:x1].swapaxes(0, 1)[::-1])
    return x0, y0, x1, y1


def _bar(image: NDArray[np.uint8]) -> int:
    """How many rows at the top are one even colour and end in a straight edge; 0 when there is no such bar."""
    if image.shape[0] < 16:
        return 0
    colour = np.median(image[0].astype(np.int16), axis=0)
    off = np.abs(image.astype(np.int16) - colour).max(axis=2) > _EVEN
    rows = off.mean(axis=1)
    busy = np.flatnonzero(rows > 0.004)
    if not len(busy) or busy[0] < 2 or busy[0] > 0.6 * len(rows):
        return 0
    edge = int(busy[0])
    return edge if rows[edge : edge + 4].max() >= _EDGE else 0


def _beside(image: Image, box: tuple[int, int, int, int], frames: Sequence[Box]) -> tuple[int, int, int, int]:
    """The box without a strip on one side that holds nothing but speakers."""
    x0, y0, x1, y1 = box
    for axis, low, high in ((0, x0, x1), (1, y0, y1)):
        size = high - low
        starts = [frame.x if axis == 0 else frame.y for frame in frames]
        ends = [
            start + (frame.width if axis == 0 else frame.height) for start, frame in zip(starts, frames, strict=True)
        ]
        after = [start for start in starts if start >= high - _SIDE * size]
        before = [end for end in ends if end <= low + _SIDE * size]
        for cut, keep_low in ((min(after, default=None), True), (max(before, default=None), False)):
            if cut is None:
                continue
            at = int(cut) if keep_low else int(np.ceil(cut))
            strip = [at, high] if keep_low else [low, at]
            area = (strip[0], y0, strip[1], y1) if axis == 0 else (x0, strip[0], x1, strip[1])
            kept = [low, at] if keep_low else [at, high]
            page = (kept[0], y0, kept[1], y1) if axis == 0 else (x0, kept[0], x1, kept[1])
            if _only(image, area, frames) and _ends(image, page, area, axis, keep_low):
                return _trimmed(image, page)
    return box


def _ends(
    image: Image, page: tuple[int, int, int, int], strip: tuple[int, int, int, int], axis: int, keep_low: bool
) -> bool:
    """Does the page end in a straight edge before the strip? Where its own ground goes on, the strip is a part of it."""
    lines, beyond = (
        image[box[1] : box[3], box[0] : box[2]].swapaxes(0, 1) if axis == 0 else image[box[1] : box[3], box[0] : box[2]]
        for box in (page, strip)
    )
    lines, beyond = (lines[::-1], beyond) if keep_low else (lines, beyond[::-1])
    if _bar(lines):
        return True
    ground = np.median(beyond[:2].reshape(-1, 3).astype(np.int16), axis=0)
    return bool((np.abs(lines[1:4].astype(np.int16) - ground).max(axis=2) > _EVEN).mean(axis=1).max() >= _EDGE)


def _only(image: Image, area: tuple[int, int, int, int], frames: Sequence[Box]) -> bool:
    """Is there nothing in this part of the picture but the frames, on one even colour?"""
    x0, y0, x1, y1 = area
    rest = np.ones(image.shape[:2], np.bool_)
    for frame in frames:
        rest[_around(frame, image)] = False
    colours = image[y0:y1, x0:x1][rest[y0:y1, x0:x1]].astype(np.int16)
    if len(colours) < 16:
        return True
    near = np.abs(colours - np.median(colours, axis=0)).max(axis=1) <= _EVEN
    return bool(near.mean() >= 0.97)
