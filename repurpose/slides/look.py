"""What can be said of small pictures without reading them: where two differ, what moves, what was added. Pure.

Pictures are [height, width, 3] uint8 in BGR, scaled down by area so that the noise of the encoder averages out; a map is
[height, width] bool. At 160 wide, one pixel stands for 12 x 12 of a 1080p recording: half a line of text.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.media.pixels import most

WIDTH = 160
Image = NDArray[np.uint8]
Map = NDArray[np.bool_]

_STEP = 14  # of 255: more than an encoder's noise after scaling down, less than one thin line of text appearing
_CHANGE = 0.004  # share of the picture: more than a mouse pointer, less than a line of text
_IDENTICAL = 0.0003  # share of the picture: four pixels
_MOVING = 0.35  # share of the picture: a camera fills the screen, there is no room left for a page
_REGION = 0.004  # share of the picture: from here on what moves is a picture in a frame, not a dot
_BLANK = 0.002  # share of the picture: less ink than a single word


def changed(before: Image, after: Image) -> Map:
    """Where the two pictures differ."""
    return np.asarray(most(cv2.absdiff(before, after)) > _STEP)


def share(where: Map) -> float:
    """How much of the picture a map covers, 0..1."""
    return float(np.count_nonzero(where)) / where.size


def same(before: Image, after: Image, mask: Map) -> bool:
    """Is it the same picture outside `mask`? A pointer or a page number alone does not count."""
    return share(changed(before, after) & ~mask) < _CHANGE


def identical(before: Image, after: Image, mask: Map) -> bool:
    """Is it the same picture outside `mask`, down to a single character?"""
    return share(changed(before, after) & ~mask) < _IDENTICAL


def differs(where: Map) -> bool:
    """Is that much change a change of the picture?"""
    return share(where) >= _CHANGE


def fills(mask: Map) -> bool:
    """Does what moves fill so much of the picture that no page can be on it?"""
    return share(mask) >= _MOVING


def framed(moving: Map) -> Map:
    """The regions that move, as the rectangles a camera's picture is shown in, with a small margin; dots grow a little."""
    grown = cv2.morphologyEx(moving.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    mask = cv2.dilate(moving.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)
    for left, top, width, height, area in stats[1:count]:
        if area >= _REGION * moving.size:
            mask[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2] = True
    return np.asarray(mask)


def ink(image: Image) -> Map:
    """What stands out from its surroundings by being small: letters, lines, edges of pictures."""
    kernel = np.ones((9, 9), np.uint8)
    bright = cv2.morphologyEx(image, cv2.MORPH_TOPHAT, kernel)
    dark = cv2.morphologyEx(image, cv2.MORPH_BLACKHAT, kernel)
    return np.asarray(most(cv2.max(bright, dark)) > _STEP)


def blank(image: Image, mask: Map) -> bool:
    """Is there nothing to be seen outside `mask`?"""
    return share(ink(image) & ~mask) < _BLANK


def adds_to(before: Image, after: Image, mask: Map) -> bool:
    """Is `after` the same page as `before` with something more on it (a build-up)?

    Nothing that stood out before may have changed, but for a page number's worth, and there must be something to keep.
    """
    kept = ink(before) & ~mask
    if share(kept) < _BLANK:
        return False
    touched = changed(before, after) & ~mask
    lost = kept & touched
    gained = np.count_nonzero(ink(after) & touched) > np.count_nonzero(lost)
    return bool(gained and np.count_nonzero(lost) <= max(4, 0.03 * np.count_nonzero(kept)))


def drawn(image: Image, mask: Map) -> bool:
    """Does it look drawn, with even areas, and not filmed, where light falls off and grain is everywhere?"""
    low, high = (cv2.erode(image, np.ones((3, 3))), cv2.dilate(image, np.ones((3, 3))))
    even = most(cv2.absdiff(high, low)) <= 3
    outside = np.count_nonzero(~mask)
    return bool(np.count_nonzero(even & ~mask) >= 0.3 * outside)
