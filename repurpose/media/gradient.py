"""A ground graded from one colour to another, as CSS draws a linear gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from repurpose.media.contrast import Rgb

ANGLE = 155  # degrees, clockwise from upward, as CSS counts them: from the upper left to the lower right


def graded(first: Rgb, last: Rgb, width: int, height: int) -> NDArray[np.float64]:
    """Red, green and blue of each pixel, 0..255, unrounded: `height` x `width` x 3.

    The line from `first` to `last` is as long as CSS Images 3, 3.1.1, makes it: both corners get their pure colour.
    """
    angle = np.deg2rad(ANGLE)
    across, down = np.sin(angle), -np.cos(angle)
    length = abs(width * across) + abs(height * down)
    x, y = np.arange(width) - width / 2, (np.arange(height) - height / 2)[:, None]
    share = np.clip((x * across + y * down) / length + 0.5, 0, 1)[..., None]
    return np.asarray(np.asarray(first) * (1 - share) + np.asarray(last) * share)


def dithered(first: Rgb, last: Rgb, width: int, height: int) -> NDArray[np.uint8]:
    """The same as a picture; with grain, the same on every run, or it would lie there in bands."""
    grain = np.random.default_rng(0).uniform(-0.5, 0.5, (height, width, 1))
    return np.clip(np.rint(graded(first, last, width, height) + grain), 0, 255).astype(np.uint8)
