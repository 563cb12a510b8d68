"""The stage `faces`: who is seen in the spans of a take, and where the camera changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.media.detector import Detector
from repurpose.media.eyes import openness
from repurpose.media.frames import Frame, between
from repurpose.media.pixels import most
from repurpose.media.tiles import agreed, frame_around
from repurpose.models import Box, EditDecisionList, Face, Faces, Look, Ms, Recording, Shots, Span
from repurpose.presets import TakePreset

EVERY: Ms = 500  # between looks
SMALL, LARGE = 640, 1280  # pixels wide: looked at first, and where nothing was found
_BLOCK = 8  # pixels of SMALL: a change is judged by the mean of such a block
_STILL = 2.5  # of 255: no block differs by more, so that not even a small face can have come
_MOVED = 7.0  # of 255: a block that differs by more has changed
_ALL = 0.45  # share of the blocks: from here on all of the picture changed
_CUT = 0.75  # share of the blocks that change where one camera gives way to another
_CUT_STEP = 18.0  # of 255: and by how much they do, in the middle of them


@dataclass
class _Seen:
    """One look, in the pixels of the recording."""

    at: Ms
    faces: list[Face]
    frames: list[Box | None]
    moves: Box | None = None


def find_faces(recording: Recording, shots: Shots, edl: EditDecisionList, take: TakePreset, ctx: Context) -> Faces:
    """The faces in each span of the take, looked for about every half second; boxes in the recording's pixels.

    Each picture is looked at 640 pixels wide, and again at 1280 where nothing is found, so that a small webcam is seen.
    A picture in which nothing has changed is not looked at again. `Face.frame` is the webcam picture a face is in.
    """
    del take  # the spans say it all; the stage is one per take
    if recording.title_card:
        return Faces()
    path = ctx.store.path(recording.media)
    detector = Detector()
    seen: list[_Seen] = []
    cuts: list[Ms] = []
    whole, done = sum(span.length for span in edl.spans), 0
    width = recording.video.width
    edges = {shot.start for shot in shots.spans}
    for span in edl.spans:
        watch = _Watch(detector, width)
        for frame in between(path, span, min(LARGE, width), EVERY):
            ctx.beat((done + frame.at - span.start) / whole)
            seen.append(watch.look(frame))
        new = [(low, high) for low, high in watch.jumps if not any(low < edge <= high for edge in edges)]
        cuts += [_cut(path, low, high) for low, high in new]
        done += span.length
    return Faces(looks=tuple(_agreed(seen, width)), cuts=tuple(cuts))


class _Watch:
    """Looks at one picture after the other, and remembers what it saw in the last."""

    def __init__(self, detector: Detector, width: int) -> None:
        self.jumps: list[tuple[Ms, Ms]] = []  # between these two looks the camera changed
        self._detector = detector
        self._width = width
        self._last: tuple[NDArray[np.uint8], NDArray[np.uint8], _Seen] | None = None  # looked at, passed by, seen

    def look(self, frame: Frame) -> _Seen:
        large = frame.image
        small = _resized(large, min(SMALL, large.shape[1]))
        if self._last is None:
            seen = self._found(frame.at, large, small)
            self._last = (small, small, seen)
            return seen
        anchor, before, last = self._last
        moved = _blocks(before, small)
        if _blocks(anchor, small).max() <= _STILL:
            seen = _Seen(frame.at, last.faces, last.frames)
            self._last = (anchor, small, seen)
            return seen
        seen = self._found(frame.at, large, small)
        seen.moves = _moves(moved, small.shape, self._width)
        if np.count_nonzero(moved > _MOVED) >= _CUT * moved.size and float(np.median(moved)) >= _CUT_STEP:
            self.jumps.append((last.at, frame.at))
        self._last = (small, small, seen)
        return seen

    def _found(self, at: Ms, large: NDArray[np.uint8], small: NDArray[np.uint8]) -> _Seen:
        found, image = self._detector.find(small), small
        if not found and large.shape[1] > small.shape[1]:
            found, image = self._detector.find(large), large
        scale = self._width / image.shape[1]
        grey = cv2.cvtColor(large, cv2.COLOR_BGR2GRAY) if found else large
        eyes = large.shape[1] / image.shape[1]
        down = small.shape[1] / image.shape[1]
        faces = [
            Face(
                box=face.box.scaled(scale),
                score=round(face.score, 3),
                open=openness(np.asarray(grey), _point(face.right, eyes), _point(face.left, eyes)),
            )
            for face in found
        ]
        boxes = [face.box.scaled(down) for face in found]
        frames = [_frame(small, box, [other for other in boxes if other is not box], self._width) for box in boxes]
        return _Seen(at, faces, frames)


def _frame(small: NDArray[np.uint8], face: Box, others: Sequence[Box], width: int) -> Box | None:
    sides = frame_around(small, face, others)
    if sides is None:
        return None
    x0, y0, x1, y1 = sides
    return Box(x=x0, y=y0, width=x1 - x0, height=y1 - y0).scaled(width / small.shape[1])


def _agreed(seen: Sequence[_Seen], width: int) -> Iterator[Look]:
    """The looks, each face in the frame that the whole take agrees on."""
    faces = iter(agreed([pair for one in seen for pair in zip(one.faces, one.frames, strict=True)], width))
    for one in seen:
        yield Look(at=one.at, faces=tuple(next(faces) for _ in one.faces), moves=one.moves)


def _cut(path: Path, low: Ms, high: Ms) -> Ms:
    """The first frame of the new camera, of those between two looks: where two neighbours differ most."""
    frames = between(path, Span(start=low, end=high + 1), SMALL // 4)
    steps = [(float(cv2.absdiff(a.image, b.image).mean()), b.at) for a, b in pairwise(frames)]
    return max(steps)[1] if steps else high


def _blocks(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much each block differs, of 255."""
    differences = most(cv2.absdiff(before, after))
    size = (max(1, differences.shape[1] // _BLOCK), max(1, differences.shape[0] // _BLOCK))
    return np.asarray(cv2.resize(differences, size, interpolation=cv2.INTER_AREA), np.float32)


def _moves(moved: NDArray[np.float32], shape: tuple[int, ...], width: int) -> Box | None:
    """The rectangle around what changed, in the recording's pixels."""
    ys, xs = np.nonzero(moved > _MOVED)
    if not len(xs) or len(xs) >= _ALL * moved.size:
        return None
    across, down = shape[1] / moved.shape[1] * width / shape[1], shape[0] / moved.shape[0] * width / shape[1]
    x0, y0, x1, y1 = int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1
    return Box(x=x0 * across, y=y0 * down, width=(x1 - x0) * across, height=(y1 - y0) * down)


def _resized(image: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    if image.shape[1] == width:
        return image
    size = (width, max(2, round(image.shape[0] * width / image.shape[1])))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _point(point: tuple[float, float], by: float) -> tuple[float, float]:
    return point[0] * by, point[1] * by
