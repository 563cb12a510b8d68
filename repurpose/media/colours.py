"""Colours of decoded frames brought to what every drawn file says of itself: BT.709, limited range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from repurpose.media.contrast import rgb

Plane = NDArray[np.uint8]
_BT709, _UNSPECIFIED = 1, 2  # matrix coefficients, ITU-T H.273 table 4
_MATRICES = {4: Colorspace.FCC, 5: Colorspace.ITU601, 6: Colorspace.ITU601, 7: Colorspace.SMPTE240M}
_MATRICES |= {9: Colorspace.BT2020, 10: Colorspace.BT2020}
_HD = 720  # rows from which on a frame that says nothing is taken for BT.709, as players do
_HD_WIDE = 1280
_FULL = 2  # AVCOL_RANGE_JPEG
_KR, _KB = 0.2126, 0.0722  # ITU-R BT.709-6, 3.2
_LEVELS = np.arange(256)
_LUMA = np.round(16 + _LEVELS * 219 / 255).astype(np.uint8)
_CHROMA = np.round(128 + (_LEVELS - 128) * 224 / 255).astype(np.uint8)


@dataclass(frozen=True)
class Colouring:
    """What is left to be done to the levels of a frame's planes."""

    full: bool  # they use 0..255


def planes_in(frame: Any, reformatter: VideoReformatter) -> tuple[tuple[Plane, Plane, Plane], Colouring]:
    """Y, U and V of a decoded frame under BT.709's matrix, and what `limited` still has to do to them.

    The planes are views of the frame wherever its matrix is right already. A wrong range is cheaper to put right on
    what is left of a frame after scaling, so it is only said; another matrix needs luma and chroma together.
    """
    full = frame.format.name == "yuvj420p" or frame.color_range == _FULL
    matrix = _matrix_of(frame)
    if matrix != Colorspace.ITU709 or frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = reformatter.reformat(
            frame,
            format="yuv420p",
            src_colorspace=matrix,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
            threads=1,
        )
        full = False
    luma, one, two = (_view(plane) for plane in frame.planes)
    return (luma, one, two), Colouring(full)


def limited(plane: Plane, colouring: Colouring, *, chroma: bool) -> Plane:
    """The plane in limited range: luma 16..235, chroma 16..240 (ITU-T H.273, 8.3)."""
    if not colouring.full:
        return plane
    return np.asarray(cv2.LUT(plane, _CHROMA if chroma else _LUMA), np.uint8)


def yuv_of(colour: str) -> tuple[int, int, int]:
    """Y, U and V of #rrggbb under BT.709, limited range."""
    red, green, blue = (part / 255 for part in rgb(colour))
    luma = _KR * red + (1 - _KR - _KB) * green + _KB * blue
    return (
        round(16 + 219 * luma),
        round(128 + 112 * (blue - luma) / (1 - _KB)),
        round(128 + 112 * (red - luma) / (1 - _KR)),
    )


def _matrix_of(frame: Any) -> Colorspace:
    said = int(frame.colorspace)
    if said == _UNSPECIFIED or said not in (_BT709, *_MATRICES):
        return Colorspace.ITU709 if frame.height >= _HD or frame.width >= _HD_WIDE else Colorspace.ITU601
    return Colorspace.ITU709 if said == _BT709 else _MATRICES[said]


def _view(plane: Any) -> Plane:
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
