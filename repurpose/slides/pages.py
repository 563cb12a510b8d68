"""The pages of a recording: a picture of each at its fullest, and what is written on it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.media.glance import Glance, packets
from repurpose.models import Blob, Ms, Recording, Shots, Slide, Slides, TextLine
from repurpose.presets import SlidesPreset
from repurpose.slides.layout import furniture_of, ordered, title_of
from repurpose.slides.ocr import Line, Reader
from repurpose.store import digest_of

_SAME = 0.75  # share of a page's lines that read the same on the next: the rest may be misread
_QUALITY = 90  # of 100: print stays sharp, a page is some 150 kB


def read_pages(recording: Recording, shots: Shots, preset: SlidesPreset, ctx: Context) -> Slides:
    """Each page shown, in order of time, as a JPEG in full size with its title and its text in reading order.

    A page that was shown before is neither pictured nor read again. Without `preset.ocr` titles and texts are "".
    """
    shown = [index for index, shot in enumerate(shots.spans) if shot.page]
    fresh = [index for index in shown if shots.spans[index].again is None]
    if not shown:
        return Slides()
    path = ctx.store.path(recording.media)
    reader = Reader(max(1, ctx.threads // 2))  # its threads spin, and the listener has work for every core
    pictures: dict[int, Blob] = {}
    texts: dict[int, list[Line]] = {}
    with Glance(path, packets(path), ctx.threads, exact=True) as glance:
        for done, index in enumerate(fresh):
            ctx.beat(done / len(fresh))
            image = glance.still(shots.spans[index].best).image
            pictures[index] = _picture(image, ctx)
            texts[index] = ordered(reader.lines(image)) if preset.ocr else []
    furniture = furniture_of(list(texts.values()))
    pages = []
    for index in shown:
        shot = shots.spans[index]
        source = index if shot.again is None else shot.again
        lines = texts[source]
        pages.append(
            Slide(
                start=shot.start,
                end=shot.end,
                image=pictures[source],
                title=title_of(lines, furniture),
                text="\n".join(line.text for line in lines),
                lines=tuple(_placed(line) for line in lines),
            )
        )
    kept = joined(pages, 2 * preset.stable)
    for digest in {page.image.digest for page in kept}:
        ctx.store.put_file(ctx.scratch / f"{digest}.jpg")
    return Slides(pages=tuple(kept))


def _picture(image: NDArray[np.uint8], ctx: Context) -> Blob:
    """The page as a JPEG in scratch, named as the store will name it: pages that are joined to others never enter there."""
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
    blob = Blob(digest=digest_of(data), suffix=".jpg", size=len(data))
    (ctx.scratch / f"{blob.digest}.jpg").write_bytes(data)
    return blob


def _placed(line: Line) -> TextLine:
    """The line as an artifact keeps it: a ten-thousandth of the picture is a fifth of a pixel."""
    box = (min(1.0, max(0.0, round(edge, 4))) for edge in (line.left, line.top, line.right, line.bottom))
    left, top, right, bottom = box
    return TextLine(left=left, top=top, right=right, bottom=bottom, text=line.text)


def joined(pages: Sequence[Slide], bridge: Ms) -> list[Slide]:
    """The pages, with neighbours that say the same as one: of a page that was built up, the fullest stands for it.

    A speaker's picture or a ring around it can change the look of a page but not what is written on it. Pure.
    """
    kept: list[Slide] = []
    for page in pages:
        if kept and page.start - kept[-1].end <= bridge and _says_the_same(kept[-1], page):
            before = kept.pop()
            fuller = page if len(page.text) >= len(before.text) else before
            page = fuller.model_copy(update={"start": before.start, "end": page.end})
        kept.append(page)
    return kept


def _says_the_same(before: Slide, after: Slide) -> bool:
    """Under one title, are the lines of the one found on the other?"""
    fewer, more = sorted((set(before.text.splitlines()), set(after.text.splitlines())), key=len)
    return bool(before.title) and before.title == after.title and len(fewer & more) >= _SAME * len(fewer)
