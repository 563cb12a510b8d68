"""The title card: the picture of a source that has sound only. Left-aligned on a dark ground; text never leaves it."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from repurpose.models import TitleCard
from repurpose.text.phrases import breaks_of

GROUND = ((0x0B, 0x10, 0x20), (0x16, 0x21, 0x3E))  # from the upper left to the lower right, at 155 degrees
SIGNAL, MAIN, SECOND = (0x24, 0x57, 0xF5), (0xF5, 0xF7, 0xFC), (0xB9, 0xC3, 0xD9)
# Sizes are those of a picture 1080 high.
MARGIN = 132
BAR = (8, 96)
TITLE_SIZES = (120, 104, 88, 76, 68, 60, 52)
TITLE_LINES = 3
LINE_SIZE = 44  # nothing smaller can be read in a video
BAR_GAP, LINES_GAP = 48, 40
_SIMPLIFIED = 2  # the face of the collection with the forms of Simplified Chinese


def draw_card(card: TitleCard, width: int, height: int, target: Path) -> None:
    """Write the card as a PNG of `width` x `height` pixels."""
    scale = height / 1080
    image = _ground(width, height)
    draw = ImageDraw.Draw(image)
    left, room = round(MARGIN * scale), width - 2 * round(MARGIN * scale)
    title, size = _title(card.title, room, scale)
    below = [
        line for text in card.lines if text.strip() for line in _wrapped(text, _font(LINE_SIZE * scale, 400), room)
    ]
    title_step, line_step = round(size * _leading(title, 1.34, 1.18)), round(LINE_SIZE * scale * 1.6)
    bar_gap, lines_gap = round(BAR_GAP * scale), round(LINES_GAP * scale)
    head = round(BAR[1] * scale) + bar_gap + len(title) * title_step
    fits = max(0, (height - 2 * left - head - lines_gap) // line_step)
    if len(below) > fits:
        below = below[:fits]
        if below:
            below[-1] = _clipped(below[-1] + "…", _font(LINE_SIZE * scale, 400), room)
    tall = head + (lines_gap + len(below) * line_step if below else 0)
    top = max(left, round((height - tall) * 0.46))  # a little above the middle, where the eye looks first
    draw.rectangle((left, top, left + round(BAR[0] * scale) - 1, top + round(BAR[1] * scale) - 1), fill=SIGNAL)
    top += round(BAR[1] * scale) + bar_gap
    for line in title:
        draw.text((left, top + title_step // 2), line, MAIN, _font(size, 800), anchor="lm")
        top += title_step
    top += lines_gap
    for line in below:
        draw.text((left, top + line_step // 2), line, SECOND, _font(LINE_SIZE * scale, 400), anchor="lm")
        top += line_step
    image.save(target)


def _title(text: str, room: int, scale: float) -> tuple[list[str], float]:
    """The title in at most three lines at the largest size that fits; cut with an ellipsis when none does."""
    for size in TITLE_SIZES:
        lines = _wrapped(text, _font(size * scale, 800), room)
        if len(lines) <= TITLE_LINES:
            return lines, size * scale
    font = _font(TITLE_SIZES[-1] * scale, 800)
    lines = _wrapped(text, font, room)[:TITLE_LINES]
    return [*lines[:-1], _clipped(lines[-1] + "…", font, room)], TITLE_SIZES[-1] * scale


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """Lines no wider than `room`, broken where a reader would; inside a word only when it alone is too wide."""
    text = " ".join(text.split())
    language = "zh" if any("\u3400" <= sign <= "\u9fff" for sign in text) else "en"
    places = [0, *breaks_of(text, language), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places) if start < end]
    lines, line = [], ""
    for piece in pieces:
        if line and font.getlength((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while font.getlength(line.rstrip()) > room:
            fits = _fitting(line, font, room)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _fitting(text: str, font: ImageFont.FreeTypeFont, room: int) -> int:
    """How many leading characters fit; at least one."""
    return next((n for n in range(len(text), 1, -1) if font.getlength(text[:n]) <= room), 1)


def _clipped(text: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """`text` ending in an ellipsis, shortened until it fits."""
    while len(text) > 2 and font.getlength(text) > room:
        text = text[:-2].rstrip() + "…"
    return text


def _leading(lines: Sequence[str], wide: float, narrow: float) -> float:
    return wide if any("\u3400" <= sign <= "\u9fff" for line in lines for sign in line) else narrow


def _ground(width: int, height: int) -> Image.Image:
    """The dark ground, graded at 155 degrees (clockwise from upward), as CSS draws it."""
    angle = np.deg2rad(155)
    across, down = np.sin(angle), -np.cos(angle)
    length = abs(width * across) + abs(height * down)
    x, y = np.arange(width) - width / 2, (np.arange(height) - height / 2)[:, None]
    share = np.clip((x * across + y * down) / length + 0.5, 0, 1)[..., None]
    shade = np.asarray(GROUND[0]) * (1 - share) + np.asarray(GROUND[1]) * share
    return Image.fromarray(np.rint(shade).astype(np.uint8))


@functools.lru_cache(maxsize=32)
def _font(size: float, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_face()), round(size), index=_SIMPLIFIED)
    font.set_variation_by_axes([weight])
    return font


def _face() -> Path:
    spec = importlib.util.find_spec("manimgx_fonts_cjk")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "NotoSansCJK-VF.otf.ttc"
