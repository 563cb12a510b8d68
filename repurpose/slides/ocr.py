"""Text on pictures, read by rapidocr; its models for Chinese and English come in the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_WIDE_PX = 1600  # larger pictures are scaled down to this before lines are cut out of them
_FIND_PX = 736  # and to this for finding the lines, which costs by the pixel; at 960 it costs half as much again for 0.6 % more letters


@dataclass(frozen=True)
class Line:
    """A line of text and the box it stands in, as shares of the picture's width and height (0..1)."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    level: bool = True  # not at an angle, as watermarks are, nor from top to bottom, as labels in drawings are

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Reader:
    """Reads pictures one after another with one engine, loaded at the first picture."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._engine: Any = None

    def lines(self, image: NDArray[np.uint8]) -> list[Line]:
        """The lines on a picture ([h, w, 3] BGR), in no particular order; what could not be made out is left out."""
        if self._engine is None:
            self._engine = _engine(self._threads)
        if image.shape[1] > _WIDE_PX:
            size = (_WIDE_PX, round(image.shape[0] * _WIDE_PX / image.shape[1]))
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        found = self._engine(image)
        if not found.txts:
            return []
        height, width = image.shape[:2]
        lines = []
        for corners, text in zip(np.asarray(found.boxes), found.txts, strict=True):
            (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
            along, down = corners[1] - corners[0]
            level = abs(down) < 0.15 * abs(along) and right - left > 0.6 * (bottom - top)
            lines.append(
                Line(
                    left=float(left / width),
                    top=float(top / height),
                    right=float(right / width),
                    bottom=float(bottom / height),
                    text=" ".join(text.split()),
                    level=bool(level),
                )
            )
        return lines


def _engine(threads: int) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # pages stand upright
            "Det.limit_type": "max",
            "Det.limit_side_len": _FIND_PX,
            "Rec.rec_batch_num": 1,  # a batch is as wide as its longest line: one by one costs less, and half the memory
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,  # memory goes back after each page
        }
    )
