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
_COLOURED = 0.04  # share of the page that must have a colour for the ground to take its hue
_MOST_COLOUR = 0.6  # saturation of the ground


def page_box(image: Image, frames: Sequence[Box] = ()) -> Box:
    """The page in a picture: all of it, unless there are bars around it or speakers (`frames`) beside it.

    Only what is even is left out, up to where the page begins along a whole side: nothing that is written is lost.
    """
    height, width = image.shape[:2]
    whole = (0, 0, width, height)
    found = _beside(image, _trimmed(image, whole), frames)
    x0, y0, x1, y1 = found if (found[2] - found[0]) * (found[3] - found[1]) >= _KEPT * width * height else whole
    return Box(x=x0, y=y0, width=x1 - x0, height=y1 - y0)


def ground_of(image: Image, page: Box) -> str:
    """The page's most frequent colour, darkened; a page in grey takes the hue of what colour there is on it."""
    x0, y0, x1, y1 = (round(side) for side in (page.x, page.y, page.x + page.width, page.y + page.height))
    small = cv2.resize(image[y0:y1, x0:x1], (96, 54), interpolation=cv2.INTER_AREA)
    small = np.asarray(small, np.uint8).reshape(-1, 3)
    colour = _most_frequent(small)
    if _chroma(colour[None])[0] < 24:
        coloured = small[_chroma(small) >= 48]
        if len(coloured) >= _COLOURED * len(small):
            colour = _most_frequent(coloured)
    hue, _, saturation = cv2.cvtColor(colour[None, None].astype(np.float32) / 255, cv2.COLOR_BGR2HLS)[0, 0]
    if _chroma(colour[None])[0] < 24:
        saturation = min(saturation, 0.12)
    dark = np.array([[[hue, LIGHTNESS, min(saturation, _MOST_COLOUR)]]], np.float32)
    blue, green, red = np.rint(cv2.cvtColor(dark, cv2.COLOR_HLS2BGR)[0, 0] * 255).astype(int)
    return f"#{red:02X}{green:02X}{blue:02X}"


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
            if _only(image, area, frames):
                kept = [low, at] if keep_low else [at, high]
                return _trimmed(image, (kept[0], y0, kept[1], y1) if axis == 0 else (x0, kept[0], x1, kept[1]))
    return box


def _only(image: Image, area: tuple[int, int, int, int], frames: Sequence[Box]) -> bool:
    """Is there nothing in this part of the picture but the frames, on one even colour?"""
    x0, y0, x1, y1 = area
    rest = np.ones(image.shape[:2], np.bool_)
    edge = 0.02 * image.shape[0]  # frames are known a little smaller than they are
    for frame in frames:
        top, left = max(0, int(frame.y - edge)), max(0, int(frame.x - edge))
        rest[top : int(frame.y + frame.height + edge) + 1, left : int(frame.x + frame.width + edge) + 1] = False
    colours = image[y0:y1, x0:x1][rest[y0:y1, x0:x1]].astype(np.int16)
    if len(colours) < 16:
        return True
    near = np.abs(colours - np.median(colours, axis=0)).max(axis=1) <= _EVEN
    return bool(near.mean() >= 0.97)
