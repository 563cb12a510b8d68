"""Faces in one picture, found by YuNet through OpenCV: boxes, scores, and where the eyes are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.errors import StoreError
from repurpose.models import Box
from repurpose.presets import assets

MODEL = "face_detection_yunet_2023mar.onnx"
SURE = (
    0.6  # score from which a find counts: the sample's drawn faces reach 0.7 and more, letters on slides stay below 0.5
)
_OVERLAP = 0.3  # of two finds that share more than this the surer one is kept
_MOST = 24  # finds kept


@dataclass(frozen=True)
class Found:
    """A face in the pixels of the picture it was found in."""

    box: Box
    score: float
    right: tuple[float, float]  # the middle of the person's right eye, (x, y)
    left: tuple[float, float]


class Detector:
    """YuNet, loaded once. Raises StoreError when its weights are not there."""

    def __init__(self) -> None:
        path = assets() / "models" / MODEL
        if not path.exists():
            raise StoreError(f"{path} is missing: install the package again.")
        level = cv2.utils.logging.getLogLevel()
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # it warns of a target nobody asked for
        try:
            self._net = cv2.FaceDetectorYN.create(str(path), "", (320, 320), SURE, _OVERLAP, 5000)
        finally:
            cv2.utils.logging.setLogLevel(level)

    def find(self, image: NDArray[np.uint8]) -> list[Found]:
        """The faces in a picture [height, width, 3] in BGR, the largest first."""
        self._net.setInputSize((image.shape[1], image.shape[0]))
        _, rows = self._net.detect(image)
        found = [_found(row) for row in ([] if rows is None else rows) if row[2] > 1 and row[3] > 1]
        return sorted(found, key=lambda face: -face.box.width * face.box.height)[:_MOST]


def _found(row: NDArray[np.float32]) -> Found:
    x, y, width, height, *rest = (float(value) for value in row)
    return Found(
        box=Box(x=x, y=y, width=width, height=height),
        score=min(1.0, max(0.0, rest[-1])),
        right=(rest[0], rest[1]),
        left=(rest[2], rest[3]),
    )
