"""The frame of a camera's picture that is shown inside the recording's: four straight edges around a face. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.media.pixels import most
from repurpose.models import Box, Face

_EDGE = 5  # of 255: what two pixels on either side of an edge differ by; a bright window differs so little from a white page
_WHOLE = 0.75  # share of each side that must be such an edge: a name plate or a light wall may hide some of it
_FAINT, _CLEAR = (
    0.6,
    0.85,
)  # or of one side, if the others are so clear: a window may be as bright as the page beside it
_AS_GOOD = 0.06  # by how much that share may be less than the best one's
_WIDER, _HIGHER = 1.5, 1.4  # a frame beside the face in it
_ROUND = 0.1  # share of a side at each end that is not looked at
_LARGEST = 0.62  # share of the picture: a larger frame is the picture itself
_MOST = 8  # lines looked at on each side
_ALIKE = 0.6  # what two sightings of one frame share at least, of what either covers
_SAME = 0.015  # share of the picture's width by which one side may differ from where it mostly is
_AGREE = 0.5  # share of the sightings that must agree on each side
_OFTEN = 0.3  # share of the sightings of the faces inside that must agree
_INSET = 0.018  # share of the frame's height left out all around: its border, its round corners

Sides = tuple[int, int, int, int]  # left, top, right, bottom in pixels; right and bottom are the first ones outside


def frame_around(image: NDArray[np.uint8], face: Box, others: Sequence[Box] = ()) -> Sides | None:
    """The frame around a face and the hair above it; None where there is none, or it is the whole picture.

    One without any of the `others`, if there is such a one; of those that are framed nearly as well, the smallest.
    `image` is [height, width, 3]; the faces and what comes out are in its pixels.
    """
    height, width = image.shape[:2]
    upright, level = _edges(image)
    left, right = max(0, int(face.x - 0.15 * face.width)), min(width, int(face.x + 1.15 * face.width) + 1)
    top, bottom = max(0, int(face.y - 0.2 * face.height)), min(height, int(face.y + 1.1 * face.height) + 1)
    if right - left < 2 or bottom - top < 2:
        return None
    beside, across = upright[top:bottom].mean(axis=0), level[:, left:right].mean(axis=1)
    sums = np.pad(upright.cumsum(axis=0), ((1, 0), (0, 0))), np.pad(level.cumsum(axis=1), ((0, 0), (1, 0)))
    lefts, rights = [*_lines(beside, range(left)), 0], [*_lines(beside, range(right, width)), width]
    tops, bottoms = [*_lines(across, range(top)), 0], [*_lines(across, range(bottom, height)), height]
    able = np.array(list(product(lefts, rights, tops, bottoms)))[:, (0, 2, 1, 3)]
    wide, high = able[:, 2] - able[:, 0], able[:, 3] - able[:, 1]
    large = (wide >= _WIDER * face.width) & (high >= _HIGHER * face.height)
    able = able[large & (wide * high <= _LARGEST * width * height)]
    worths = _worths(able, sums, width, height)
    candidates: list[tuple[Sides, float]] = [
        ((int(x0), int(y0), int(x1), int(y1)), float(worth))
        for (x0, y0, x1, y1), worth in zip(able, worths, strict=True)
        if worth >= _WHOLE
    ]
    single = [found for found in candidates if not any(_within(found[0], other) for other in others)]
    candidates = single or candidates
    best = max((worth for _, worth in candidates), default=0.0)
    good = [sides for sides, worth in candidates if worth >= best - _AS_GOOD]
    return min(good, key=lambda sides: (sides[2] - sides[0]) * (sides[3] - sides[1]), default=None)


def agreed(sightings: Sequence[tuple[Face, Box | None]], width: int) -> list[Face]:
    """The faces, each in the smallest frame that the sightings of faces inside it agree on, or in none.

    Frames are given a little smaller than seen: without border and round corners. `width` is the picture's, in pixels.
    """
    groups: list[list[Box]] = []
    own: list[int | None] = []  # which group each face's own sighting belongs to
    for _, seen in sightings:
        place = None
        if seen is not None:
            place = next((k for k, group in enumerate(groups) if _shared(group[0], seen) >= _ALIKE), len(groups))
            groups[place:] = groups[place:] or [[]]
            groups[place].append(seen)
        own.append(place)
    frames: dict[int, Box] = {}
    for place, group in enumerate(groups):
        frame = _common(group, _SAME * width)
        if frame is None:
            continue
        inside = sum(
            which == place or (which is None and _holds(frame, face.box))
            for which, (face, _) in zip(own, sightings, strict=True)
        )
        if len(group) >= max(min(2, len(sightings)), _OFTEN * inside):
            frames[place] = _inset(frame)
    by_size = sorted(frames.values(), key=lambda frame: frame.width * frame.height)
    return [
        face.model_copy(update={"frame": next((frame for frame in by_size if _holds(frame, face.box)), None)})
        for face, _ in sightings
    ]


def _edges(image: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """[y, x]: is there an edge along column x, and along row y?

    Where it is steeper than beside it, that is: what is uneven all over, like a photograph, has no long edges so.
    """
    found = []
    for axis in (1, 0):
        steep = most(cv2.absdiff(np.roll(image, -1, axis), np.roll(image, 1, axis)))
        np.moveaxis(steep, axis, 0)[[0, -1]] = 0  # there is nothing beyond the border to differ from
        around = np.ones((1, 3) if axis == 1 else (3, 1), np.uint8)
        edge = (steep > _EDGE) & (steep == cv2.dilate(steep, around))
        found.append(edge | np.roll(edge, -1, axis))  # it lies between two pixels: either may be the steeper
    return found[0], found[1]


def _lines(strength: NDArray[np.float64], places: range) -> list[int]:
    """The strongest lines among these places, each once though an edge is two pixels wide."""
    able = sorted((place for place in places if strength[place] >= 0.8 * _WHOLE), key=lambda place: -strength[place])
    kept: list[int] = []
    for place in able:
        if all(abs(place - other) > 2 for other in kept):
            kept.append(place)
        if len(kept) == _MOST:
            break
    return kept


def _within(sides: Sides, face: Box) -> bool:
    x, y = face.x + face.width / 2, face.y + face.height / 2
    return sides[0] < x < sides[2] and sides[1] < y < sides[3]


def _worths(
    sides: NDArray[np.int64], sums: tuple[NDArray[np.int64], NDArray[np.int64]], width: int, height: int
) -> NDArray[np.float64]:
    """For each row of `sides` the share of an edge along its worst side; two sides at most may be the picture's border.

    Three clear sides within the picture make up for a fourth that is fainter.
    """
    x0, y0, x1, y1 = sides.T
    dx, dy = (np.rint(_ROUND * (high - low)).astype(np.int64) for low, high in ((x0, x1), (y0, y1)))
    shares = np.ones((len(sides), 4))
    for side, x in enumerate((x0, x1)):
        there = (x > 0) & (x < width)
        at = np.where(there, x, 0)
        share = (sums[0][y1 - dy, at] - sums[0][y0 + dy, at]) / (y1 - y0 - 2 * dy)
        shares[there, side] = share[there]
    for side, y in enumerate((y0, y1), 2):
        there = (y > 0) & (y < height)
        at = np.where(there, y, 0)
        share = (sums[1][at, x1 - dx] - sums[1][at, x0 + dx]) / (x1 - x0 - 2 * dx)
        shares[there, side] = share[there]
    worst, others = np.sort(shares, axis=1)[:, :2].T
    borders = (x0 == 0).astype(int) + (x1 == width) + (y0 == 0) + (y1 == height)
    made_up = (borders == 0) & (worst >= _FAINT) & (others >= _CLEAR)
    return np.where(borders > 2, 0.0, np.where(made_up, np.maximum(worst, _WHOLE), worst))


def _common(boxes: Sequence[Box], near: float) -> Box | None:
    """The sides most of these boxes agree on, or None; a picture that floats a little is in it wherever it is."""
    sides = np.array([(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes])
    good = np.abs(sides - np.median(sides, axis=0)) <= near
    if (good.mean(axis=0) < _AGREE).any():
        return None
    left, top = (float(np.percentile(sides[good[:, k], k], 90)) for k in (0, 1))
    right, bottom = (float(np.percentile(sides[good[:, k], k], 10)) for k in (2, 3))
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _shared(one: Box, other: Box) -> float:
    """What two boxes share, of what either covers."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    both = max(0.0, wide) * max(0.0, high)
    return both / (one.width * one.height + other.width * other.height - both)


def _holds(frame: Box, face: Box) -> bool:
    """Does the frame hold the middle of the face, and nearly all of it?"""
    wide = min(frame.x + frame.width, face.x + face.width) - max(frame.x, face.x)
    high = min(frame.y + frame.height, face.y + face.height) - max(frame.y, face.y)
    return wide >= 0.85 * face.width and high >= 0.85 * face.height


def _inset(box: Box) -> Box:
    less = _INSET * box.height
    return Box(x=box.x + less, y=box.y + less, width=box.width - 2 * less, height=box.height - 2 * less)
