"""The cover of a cut: its best early frame, as a jpg."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.errors import BadMedia
from repurpose.media.frames import between, still
from repurpose.models import EditDecisionList, Ms, Span

LOOKED_AT = 8  # candidates that are decoded
SMALL = 480  # pixels wide, for judging
SETTLE: Ms = 500  # a frame that looks different this much later is in the middle of a change
MOVED = 6.0  # mean difference, of 255, that counts as different
DARK, BRIGHT, FLAT = 24.0, 250.0, 8.0  # mean and deviation, of 255, of pictures that show nothing
QUALITY = 90


def cover_of(path: Path, edl: EditDecisionList, keyframes: Sequence[Ms]) -> bytes:
    """The jpg of the best frame of the first third of a rendered cut: steady, neither black nor blank, and sharp.

    `edl` has the edges as cut, `keyframes` are the recording's: where they are shown, decoding is quick.
    """
    best, at = -1.0, 0
    for candidate in candidates(edl, keyframes):
        frames = list(between(path, Span(start=candidate, end=candidate + SETTLE + 200), SMALL, SETTLE))
        if not frames:
            continue
        worth = judge(frames[0].image, frames[-1].image)
        if worth > best:
            best, at = worth, candidate
    image = still(path, at).image
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise BadMedia(f"{path.name}: its cover could not be written as a jpg.")
    return data.tobytes()


def candidates(edl: EditDecisionList, keyframes: Sequence[Ms]) -> list[Ms]:
    """Moments of the cut where a frame is quickly decoded, at most LOOKED_AT, spread over its first third."""
    shown, moments = 0, set()
    for span in edl.spans:
        moments.add(shown)
        moments |= {shown + at - span.start for at in keyframes if span.start <= at < span.end}
        shown += span.length
    early = sorted(at for at in moments if at <= edl.length / 3 and at + SETTLE < edl.length) or [0]
    return (
        [early[round(k * (len(early) - 1) / max(1, LOOKED_AT - 1))] for k in range(LOOKED_AT)]
        if len(early) > LOOKED_AT
        else early
    )


def judge(image: NDArray[np.uint8], later: NDArray[np.uint8]) -> float:
    """How good a cover it is, 0 and up: sharpness, and next to nothing while the picture changes or shows nothing."""
    grey, grey_later = (cv2.cvtColor(one, cv2.COLOR_BGR2GRAY) for one in (image, later))
    sharp = float(np.log1p(cv2.Laplacian(grey, cv2.CV_64F).var()))
    steady = float(cv2.absdiff(grey, grey_later).mean()) < MOVED
    shows = DARK < float(grey.mean()) < BRIGHT and float(grey.std()) > FLAT
    return sharp * (1.0 if steady else 0.3) * (1.0 if shows else 0.05)
