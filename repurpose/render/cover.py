"""The cover of a cut: its best early frame, as a jpg."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.errors import BadMedia
from repurpose.media.frames import between, still
from repurpose.models import EditDecisionList, Faces, Look, Ms, Span

LOOKED_AT = 8  # candidates that are decoded
SMALL = 480  # pixels wide, for judging
SETTLE: Ms = 500  # a frame that looks different this much later is in the middle of a change
MOVED = 6.0  # mean difference, of 255, that counts as different
DARK, BRIGHT, FLAT = 24.0, 250.0, 8.0  # mean and deviation, of 255, of pictures that show nothing
QUALITY = 90
AWAKE = 4  # candidates among the looks at faces
WIDE = 0.8  # open eyes, surely enough to be worth decoding a frame for
NEAR: Ms = 600  # a look says nothing about a frame further away
SAME: Ms = 20  # and is a look at that very frame when it is as near as this
MAYBE = 0.8  # how open eyes are taken to be, at most, in a frame beside the one looked at


def cover_of(path: Path, edl: EditDecisionList, keyframes: Sequence[Ms], faces: Faces | None = None) -> bytes:
    """The jpg of the best frame of the first third of a rendered cut: steady, neither black nor blank, and sharp.

    `edl` has the edges as cut, `keyframes` are the recording's: where they are shown, decoding is quick. Given `faces`,
    frames with open eyes are preferred.
    """
    best, at = -1.0, edl.intro
    for candidate in candidates(edl, keyframes, faces):
        frames = list(between(path, Span(start=candidate, end=candidate + SETTLE + 200), SMALL, SETTLE))
        if not frames:
            continue
        worth = judge(frames[0].image, frames[-1].image) * awake(edl.to_source(candidate), faces)
        if worth > best:
            best, at = worth, candidate
    image = still(path, at).image
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise BadMedia(f"{path.name}: its cover could not be written as a jpg.")
    return data.tobytes()


def candidates(edl: EditDecisionList, keyframes: Sequence[Ms], faces: Faces | None = None) -> list[Ms]:
    """Moments of the cut worth a look, in order, spread over its first third: at most LOOKED_AT where a frame is quickly
    decoded, and with `faces` at most AWAKE where eyes were seen to be the most open.
    """
    shown, moments = edl.intro, set()
    for span in edl.spans:
        moments.add(shown)
        moments |= {shown + at - span.start for at in keyframes if span.start <= at < span.end}
        shown += span.length
    last = edl.intro + (shown - edl.intro) / 3
    early = sorted(at for at in moments if at <= last and at + SETTLE < shown) or [edl.intro]
    chosen = set(_spread(early, LOOKED_AT))
    seen = [(at, look) for look in (faces.looks if faces else ()) if (at := edl.to_output(look.at)) is not None]
    able = [at for at, look in seen if at <= last and at + SETTLE < shown and _open(look) >= WIDE]
    return sorted(chosen | set(_spread(able, AWAKE)))


def awake(at: Ms | None, faces: Faces | None) -> float:
    """By how much a frame of the recording is worth less because of the eyes in it: 1 where they are open, or nobody is seen.

    A frame that was not looked at itself counts as one in which somebody may just be blinking.
    """
    if faces is None or at is None:
        return 1.0
    nearest = min(faces.looks, key=lambda look: abs(look.at - at), default=None)
    if nearest is None or not nearest.faces or abs(nearest.at - at) > NEAR:
        return 1.0
    return 0.4 + 0.6 * (_open(nearest) if abs(nearest.at - at) <= SAME else min(MAYBE, _open(nearest)))


def _open(look: Look) -> float:
    """How sure it is that the eyes of the two largest faces are open; 0 where nobody is seen."""
    return min((face.open for face in look.faces[:2]), default=0.0)


def _spread(moments: Sequence[Ms], most: int) -> list[Ms]:
    """At most so many of the moments, evenly from the first to the last."""
    if len(moments) <= most:
        return list(moments)
    return [moments[round(k * (len(moments) - 1) / max(1, most - 1))] for k in range(most)]


def judge(image: NDArray[np.uint8], later: NDArray[np.uint8]) -> float:
    """How good a cover it is, 0 and up: sharpness, and next to nothing while the picture changes or shows nothing."""
    grey, grey_later = (cv2.cvtColor(one, cv2.COLOR_BGR2GRAY) for one in (image, later))
    sharp = float(np.log1p(cv2.Laplacian(grey, cv2.CV_64F).var()))
    steady = float(cv2.absdiff(grey, grey_later).mean()) < MOVED
    shows = DARK < float(grey.mean()) < BRIGHT and float(grey.std()) > FLAT
    return sharp * (1.0 if steady else 0.3) * (1.0 if shows else 0.05)
