"""Portraits of guests: the event's photo, or the best frame of the guest while speaking; cut by the face, never stretched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from repurpose.context import Context
from repurpose.media.detector import Detector, Found
from repurpose.media.eyes import openness
from repurpose.media.frames import still
from repurpose.models import Box, Event, Ms, Recording, Transcript

LOOKED_AT = 10  # moments of a guest that are decoded
FACE_LEAST = 110.0  # pixels high: a smaller face makes no portrait
_LONG: Ms = 2_500  # a sentence shorter than this is no moment to look at
_ALONE = 1.5  # so much larger than the next face: it is the one who speaks
_PIXELS = 40_000_000
_HEAD = 0.88  # of a face, from the eyes to above the hair


@dataclass(frozen=True)
class Portrait:
    """A picture with one face in it, and where that is."""

    image: Image.Image
    face: Box

    def cut(self, width: int, height: int, face_share: float, eyes_at: float) -> Image.Image:
        """`width` x `height` pixels: the face `face_share` of the height where the picture allows, eyes at `eyes_at` of it."""
        face = self.face
        high = min(face.height / face_share, self.image.height, self.image.width * height / width)
        wide = high * width / height
        x = face.x + face.width / 2 - wide / 2
        eyes_at = max(eyes_at, min(0.52, _HEAD * face.height / high))
        y = face.y + 0.42 * face.height - eyes_at * high  # the eyes lie at 0.42 of a found face
        x = min(max(0.0, x), self.image.width - wide)
        y = min(max(0.0, y), self.image.height - high)
        return self.image.resize(
            (width, height), Image.Resampling.LANCZOS, (x, y, x + wide, y + high), reducing_gap=3.0
        )


def portraits_of(
    names: Sequence[str], event: Event, recording: Recording, spoken: Transcript, ctx: Context
) -> dict[str, Portrait]:
    """Name -> portrait, for those who have one."""
    detector = Detector()
    photos = {who.name: who.photo for who in event.speakers if who.photo}
    found = {}
    for name in names:
        ctx.check()
        blob = photos.get(name)
        one = _from_photo(ctx.store.path(blob), detector) if blob else None
        one = one or (None if recording.title_card else _from_recording(name, recording, spoken, detector, ctx))
        if one:
            found[name] = one
    return found


def _from_photo(path: Path, detector: Detector) -> Portrait | None:
    """A photo without a face that is found counts as one whose face is in its upper middle."""
    with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
        if image.width * image.height > _PIXELS:
            return None
        image.draft("RGB", (2000, 2000))
        whole = ImageOps.exif_transpose(image).convert("RGBA")
    flat = Image.new("RGB", whole.size, _behind(whole))
    flat.paste(whole, (0, 0), whole)
    flat.thumbnail((2000, 2000), Image.Resampling.LANCZOS)
    pixels = np.ascontiguousarray(np.asarray(flat)[..., ::-1])
    scale = min(1.0, 640 / max(flat.size))
    small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    faces = detector.find(small)
    if faces:
        return Portrait(flat, faces[0].box.scaled(1 / scale))
    side = min(flat.size)
    return Portrait(flat, Box(x=flat.width / 2 - side / 5, y=side * 0.2, width=side * 0.4, height=side * 0.45))


def _from_recording(
    name: str, recording: Recording, spoken: Transcript, detector: Detector, ctx: Context
) -> Portrait | None:
    """The frame, of some in which the guest speaks, that is sharp and has open eyes; None when nobody is seen alone."""
    path = ctx.store.path(recording.media)
    best: tuple[float, Portrait] | None = None
    for at in _moments(name, spoken):
        ctx.check()
        image = still(path, at).image
        scale = min(1.0, 1280 / image.shape[1])
        small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        faces = detector.find(small)
        if not faces or (len(faces) > 1 and faces[0].box.height < _ALONE * faces[1].box.height):
            continue
        face = faces[0].box.scaled(1 / scale)
        worth = _worth(small, faces[0]) * face.height
        if face.height >= FACE_LEAST and (best is None or worth > best[0]):
            best = worth, Portrait(Image.fromarray(np.ascontiguousarray(image[..., ::-1])), face)
    return best[1] if best else None


def _moments(name: str, spoken: Transcript) -> list[Ms]:
    """The middles of the speaker's longer sentences, spread over the talk."""
    at = [(s.start + s.end) // 2 for s in spoken.sentences if s.speaker == name and s.length >= _LONG]
    if len(at) <= LOOKED_AT:
        return at
    return [at[round(k * (len(at) - 1) / (LOOKED_AT - 1))] for k in range(LOOKED_AT)]


def _worth(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], found: Found) -> float:
    """How good a portrait it makes: sharp, eyes open, surely a face."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    box = found.box
    face = grey[max(0, int(box.y)) : int(box.y + box.height), max(0, int(box.x)) : int(box.x + box.width)]
    sharp = float(np.log1p(cv2.Laplacian(face, cv2.CV_64F).var())) if face.size else 0.0
    return sharp * (0.3 + 0.7 * openness(grey, found.right, found.left)) * found.score


def _behind(image: Image.Image) -> str:
    """What a cut-out stands on: a light grey."""
    return "#E6EAF1" if int(np.asarray(image.getchannel("A")).min()) < 255 else "#FFFFFF"
