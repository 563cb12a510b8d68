"""The stage `portraits`: the event's photo of a guest, or the best frame of them speaking; cut by the face, never stretched.

Frames are taken from those that cost least to decode, the key frames; a face is looked for in a small copy of the
picture first, and judged in what lies around it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from repurpose.context import Context
from repurpose.media.detector import Detector, Found
from repurpose.media.eyes import openness
from repurpose.media.frames import Frame, keys_within, still
from repurpose.media.tiles import agreed, frame_around
from repurpose.models import Blob, Box, Event, Face, Ms, Recording, Span, Transcript
from repurpose.models.designed import PortraitOf, Portraits
from repurpose.store import Store

LOOKED_AT = 10  # key frames of a guest that are looked at ...
_TRIED = 40  # ... of so many sentences; most have none
_BETWEEN = 5  # frames between key frames that are, where there are hardly any of those: each costs half a second
FACE_LEAST = 110.0  # pixels high: a smaller face makes no portrait
_LONG: Ms = 2_500  # a sentence shorter than this is no moment to look at
_ALONE = 1.5  # so much larger than the next face: it is the one who speaks
_FEW = 3
_SMALL = 640  # pixels wide, of the copy faces are looked for in: one of FACE_LEAST is 37 high in it
_SIGHTINGS = 5  # of a guest, that say where the camera's frame is
_FRAMED = 1280  # pixels wide, of the copy a camera's frame is looked for in
_AROUND = 1.2  # of a face on each side: what it is looked at again in
_PIXELS = 40_000_000
_HEAD = 0.88  # of a face, from the eyes to above the hair
_Pixels = NDArray[np.uint8]


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


def find(event: Event, recording: Recording, spoken: Transcript, ctx: Context) -> Portraits:
    """A portrait of each of the event's speakers who has a photo, or who is seen alone and large enough while speaking."""
    detector = Detector()
    made: dict[str, Portrait] = {}
    sought: list[str] = []
    for who in event.speakers:
        ctx.check()
        photo = _from_photo(ctx.store.path(who.photo), detector) if who.photo else None
        if photo:
            made[who.name] = photo
        else:
            sought.append(who.name)
    if sought and not recording.title_card:
        made |= _from_recording(sought, recording, spoken, detector, ctx)
    return Portraits(
        items=tuple(
            PortraitOf(name=who.name, image=_kept(made[who.name].image, ctx.store), face=made[who.name].face)
            for who in event.speakers
            if who.name in made
        )
    )


def opened(portraits: Portraits, store: Store) -> dict[str, Portrait]:
    """Name -> portrait."""
    found = {}
    for one in portraits.items:
        with Image.open(store.path(one.image), formats=("JPEG",)) as image:
            found[one.name] = Portrait(image.convert("RGB"), one.face)
    return found


def _kept(image: Image.Image, store: Store) -> Blob:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, subsampling=0)
    return store.put_bytes(out.getvalue(), ".jpg")


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
    faces, scale = _faces(np.ascontiguousarray(np.asarray(flat)[..., ::-1]), detector)
    if faces:
        return Portrait(flat, faces[0].box.scaled(1 / scale))
    side = min(flat.size)
    return Portrait(flat, Box(x=flat.width / 2 - side / 5, y=side * 0.2, width=side * 0.4, height=side * 0.45))


def _from_recording(
    names: Sequence[str], recording: Recording, spoken: Transcript, detector: Detector, ctx: Context
) -> dict[str, Portrait]:
    """Of each, the frame, of some in which they speak, that is sharp and has open eyes; nobody who is never seen alone."""
    path = ctx.store.path(recording.media)
    found: dict[str, list[Portrait]] = {}
    for name in names:
        said = [Span(start=s.start, end=s.end) for s in spoken.sentences if s.speaker == name and s.length >= _LONG]
        cheap = islice((frame for _, frame in keys_within(path, spread(said, _TRIED))), LOOKED_AT)
        pictures = [_seen(frame, detector, ctx) for frame in cheap]
        if len(pictures) < _FEW:
            pictures += [
                _seen(still(path, (span.start + span.end) // 2), detector, ctx) for span in spread(said, _BETWEEN)
            ]
        if best := sorted((one for one in pictures if one), key=lambda one: -one[0]):
            found[name] = [portrait for _, portrait in best[:_SIGHTINGS]]
    return _framed(found)


def spread(spans: Sequence[Span], many: int) -> list[Span]:
    """At most `many` of them, evenly over their order, the first and the last among them."""
    if len(spans) <= many:
        return list(spans)
    return [spans[round(k * (len(spans) - 1) / (many - 1))] for k in range(many)]


def _seen(frame: Frame, detector: Detector, ctx: Context) -> tuple[float, Portrait] | None:
    ctx.check()
    return _portrait_in(frame.image, detector)


def _portrait_in(image: _Pixels, detector: Detector) -> tuple[float, Portrait] | None:
    """How good a portrait this frame makes, and the portrait; None where no face is alone and large enough."""
    faces, scale = _faces(image, detector)
    if not faces or (len(faces) > 1 and faces[0].box.height < _ALONE * faces[1].box.height):
        return None
    near = faces[0].box.scaled(1 / scale)
    if near.height < 0.8 * FACE_LEAST:
        return None
    top, bottom = round(max(0.0, near.y - _AROUND * near.height)), round(near.y + (1 + _AROUND) * near.height)
    left, right = round(max(0.0, near.x - _AROUND * near.width)), round(near.x + (1 + _AROUND) * near.width)
    part = np.ascontiguousarray(image[top:bottom, left:right])
    again, closer = _faces(part, detector)
    if not again:
        return None
    face = again[0].box.scaled(1 / closer)
    if face.height < FACE_LEAST:
        return None
    small = _shrunk(part, closer)
    worth = _worth(small, again[0]) * face.height
    there = Box(x=face.x + left, y=face.y + top, width=face.width, height=face.height)
    return worth, Portrait(Image.fromarray(np.ascontiguousarray(image[..., ::-1])), there)


def _framed(found: Mapping[str, Sequence[Portrait]]) -> dict[str, Portrait]:
    """The first of each, cut to the camera's own picture where the recording shows it in a frame: no slide beside a guest.

    All of them have a say in where that is: on a light wall a frame is not always seen.
    """
    sightings = []
    for one in (one for portraits in found.values() for one in portraits):
        scale = min(1.0, _FRAMED / one.image.width)
        face = Face(box=one.face.scaled(scale), score=1.0)
        whole = np.ascontiguousarray(np.asarray(one.image)[..., ::-1])
        sides = frame_around(_shrunk(whole, scale), face.box)
        seen = sides and Box(x=sides[0], y=sides[1], width=sides[2] - sides[0], height=sides[3] - sides[1])
        sightings.append((face, seen))
    framed = iter(agreed(sightings, _FRAMED))
    frames = {name: [next(framed).frame for _ in portraits] for name, portraits in found.items()}
    return {name: _cut_to(frames[name][0], portraits[0]) for name, portraits in found.items()}


def _cut_to(frame: Box | None, portrait: Portrait) -> Portrait:
    """The portrait without what lies outside of the frame, which is given in pixels of the copy it was looked for in."""
    if frame is None:
        return portrait
    box = frame.scaled(1 / min(1.0, _FRAMED / portrait.image.width))
    left, top = math.ceil(box.x), math.ceil(box.y)
    part = portrait.image.crop((left, top, int(box.x + box.width), int(box.y + box.height)))
    near = portrait.face
    return Portrait(part, Box(x=near.x - left, y=near.y - top, width=near.width, height=near.height))


def _faces(image: _Pixels, detector: Detector) -> tuple[list[Found], float]:
    """The faces in a small copy of the picture, and the copy's scale."""
    scale = min(1.0, _SMALL / max(image.shape[:2]))
    return detector.find(_shrunk(image, scale)), scale


def _shrunk(image: _Pixels, scale: float) -> _Pixels:
    if scale == 1.0:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _worth(image: _Pixels, found: Found) -> float:
    """How good a portrait it makes: sharp, eyes open, surely a face."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    box = found.box
    face = grey[max(0, int(box.y)) : int(box.y + box.height), max(0, int(box.x)) : int(box.x + box.width)]
    sharp = float(np.log1p(cv2.Laplacian(face, cv2.CV_64F).var())) if face.size else 0.0
    return sharp * (0.3 + 0.7 * openness(grey, found.right, found.left)) * found.score


def _behind(image: Image.Image) -> str:
    """What a cut-out stands on: a light grey."""
    return "#E6EAF1" if int(np.asarray(image.getchannel("A")).min()) < 255 else "#FFFFFF"
