"""The drawn picture: parts of a decoded frame cut out, scaled and laid on a ground, in I420 planes from end to end.

Nothing goes through RGB. Scaling is swscale's (Lanczos where it shrinks, bicubic where it enlarges): with its wide taps
a slide at 56 % stays as crisp as Pillow's Lanczos makes it, in a fifth of the time of OpenCV's area filter.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from repurpose.media.colours import Colouring, limited, yuv_of
from repurpose.models import Ms, Panel, Scene, view_at

Picture = NDArray[np.uint8]  # I420: [height * 3 // 2, width], the planes one after the other without padding
Plane = NDArray[np.uint8]
_MARGIN = 4  # pixels around a moving view, so that the scaler's taps see what is there
_TRIED = 16  # window sizes tried for one that scales to a whole number of pixels
_LEAST = 1 / 64  # of a pixel; less cannot be seen


@dataclass(frozen=True)
class Window:
    """Along one axis: `length` pixels from `start` on are scaled to `made`; the panel shows those from `skip` on."""

    start: int
    length: int
    made: int
    skip: float

    def halved(self) -> Window:
        """The same on the chroma planes."""
        return Window(self.start // 2, self.length // 2, self.made // 2, self.skip / 2)


def planes_of(picture: Picture) -> tuple[Plane, Plane, Plane]:
    """Y, U and V of an I420 picture, as views."""
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    flat, size = picture.reshape(-1), height * width
    half = (height // 2, width // 2)
    return (
        flat[:size].reshape(height, width),
        flat[size : size + size // 4].reshape(half),
        flat[size + size // 4 :].reshape(half),
    )


def standing(at: float, size: float, shown: int, limit: int) -> Window:
    """The window of a view that never moves: the even pixels inside it, so that nothing from beside it is seen. Pure."""
    start = min(max(0, 2 * math.ceil((at - 0.5) / 2)), limit - 2)
    end = min(max(start + 2, 2 * math.floor((at + size + 0.5) / 2)), limit)
    return Window(start, end - start, shown, 0.0)


def moving(at: float, size: float, shown: int, limit: int) -> Window:
    """The window of a view that moves, to a fraction of a pixel: a glide of constant size keeps one scale. Pure."""
    length, made = _scale(round(size, 2), shown, limit)  # rounded: a glide keeps its scale whatever floats do
    start = min(max(0, 2 * math.floor((at - _MARGIN / 2) / 2)), limit - length)
    skip = (at - start) * made / length
    return Window(start, length, made, min(max(0.0, skip), float(made - shown)))


@functools.lru_cache(maxsize=1024)
def _scale(size: float, shown: int, limit: int) -> tuple[int, int]:
    """(pixels of the source, pixels they are scaled to), both even, as near as can be to `size` : `shown`."""
    least = min(2 * math.ceil((size + 2 * _MARGIN) / 2), limit)
    lengths = range(least, min(least + 2 * _TRIED, limit) + 1, 2)

    def made(length: int) -> int:
        return max(shown, 2 * round(length * shown / size / 2))

    best = min(lengths, key=lambda length: abs(made(length) * size / length - shown))
    return best, made(best)


class Board:
    """A picture that scenes are drawn on. `picture` is one buffer, drawn over again and again."""

    def __init__(self, width: int, height: int) -> None:
        self.picture: Picture = np.empty((height * 3 // 2, width), np.uint8)
        self._planes = planes_of(self.picture)
        self._scene: Scene | None = None
        self._panels: list[_Drawer] = []
        self._overlap = False

    def draw(self, scene: Scene, planes: tuple[Plane, Plane, Plane], colouring: Colouring, at: Ms) -> None:
        """Draw what `scene` shows of a frame at `at`, its time on the recording's clock."""
        if scene is not self._scene:
            self._scene = scene
            for plane, value in zip(self._planes, yuv_of(scene.ground), strict=True):
                plane[:] = value
            self._panels = [_Drawer(panel, self._planes) for panel in scene.panels]
            self._overlap = _overlap(scene.panels)
        due = [panel.is_due(planes, at) for panel in self._panels]
        for panel, changed in zip(self._panels, due, strict=True):
            if changed or (self._overlap and any(due)):
                panel.draw(colouring)


class _Drawer:
    """Draws one panel of one scene; what has not changed since the last frame is left standing."""

    def __init__(self, panel: Panel, canvas: tuple[Plane, Plane, Plane]) -> None:
        self._panel = panel
        x, y, right, below = panel.x, panel.y, panel.x + panel.width, panel.y + panel.height
        luma, *chroma = canvas
        self._targets = [luma[y:below, x:right], *(one[y // 2 : below // 2, x // 2 : right // 2] for one in chroma)]
        self._stands = all(view.box == panel.views[0].box for view in panel.views)
        self._scalers = [_Scaler(), _Scaler(), _Scaler()]
        self._windows: tuple[Window, Window] | None = None
        self._parts: list[Plane] = []

    def is_due(self, planes: tuple[Plane, Plane, Plane], at: Ms) -> bool:
        """Take the panel's part of the frame's planes; does it differ from the one that was drawn last?"""
        box = view_at(self._panel.views, at)
        window = standing if self._stands else moving
        height, width = planes[0].shape
        across = window(box.x, box.width, self._panel.width, width)
        down = window(box.y, box.height, self._panel.height, height)
        halves = across.halved(), down.halved()
        parts = [_part(planes[0], across, down), _part(planes[1], *halves), _part(planes[2], *halves)]
        stays = (across, down) == self._windows and all(map(_same, parts, self._parts))
        self._windows, self._parts = (across, down), parts
        return not stays

    def draw(self, colouring: Colouring) -> None:
        assert self._windows is not None
        across, down = self._windows
        halves = across.halved(), down.halved()
        for k, (part, target) in enumerate(zip(self._parts, self._targets, strict=True)):
            windows = halves if k else (across, down)
            scaled = self._scalers[k](part, windows[0].made, windows[1].made, sharp=k == 0)
            _lay(limited(scaled, colouring, chroma=k > 0), windows[0].skip, windows[1].skip, target)


class _Scaler:
    """Scales one plane, keeping swscale's tables from frame to frame."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def __call__(self, part: Plane, width: int, height: int, *, sharp: bool) -> Plane:
        if part.shape == (height, width):
            return part
        frame = VideoFrame.from_numpy_buffer(part, format="gray", width=part.shape[1])
        kind = Interpolation.LANCZOS if sharp and height < part.shape[0] else Interpolation.BICUBIC
        made: Any = self._reformatter.reformat(frame, width, height, "gray", interpolation=kind, threads=1)
        plane = made.planes[0]
        return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:height, :width]


def _part(plane: Plane, across: Window, down: Window) -> Plane:
    return plane[down.start : down.start + down.length, across.start : across.start + across.length]


def _same(one: Plane, two: Plane) -> bool:
    """Whether two planes are equal; a few rows are looked at first, since most frames differ somewhere."""
    rows = max(1, one.shape[0] // 16)
    return (
        one.shape == two.shape
        and bool(np.array_equal(one[::rows], two[::rows]))
        and cv2.norm(one, two, cv2.NORM_INF) == 0
    )


def _lay(plane: Plane, left: float, top: float, target: Plane) -> None:
    """Copy from (left, top) of `plane` into `target`; between pixels the neighbours are mixed."""
    height, width = target.shape
    x, y = int(left), int(top)
    across, down = left - x, top - y
    if across < _LEAST and down < _LEAST:
        np.copyto(target, plane[y : y + height, x : x + width])
        return
    rows = plane[y : y + height + (down >= _LEAST)]
    if across >= _LEAST:
        mixed = cv2.addWeighted(rows[:, x : x + width], 1 - across, rows[:, x + 1 : x + 1 + width], across, 0)
    else:
        mixed = rows[:, x : x + width]
    if down >= _LEAST:
        np.copyto(target, cv2.addWeighted(mixed[:height], 1 - down, mixed[1 : height + 1], down, 0))
    else:
        np.copyto(target, mixed)


def _overlap(panels: Sequence[Panel]) -> bool:
    return any(
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
        for k, one in enumerate(panels)
        for two in panels[k + 1 :]
    )
