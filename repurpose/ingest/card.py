"""The title card: the picture of a source that has sound only. Left-aligned on a dark ground; text never leaves it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from repurpose.media.gradient import graded
from repurpose.models import TitleCard
from repurpose.text.fill import clipped, filled, wide
from repurpose.text.fonts import font_of

GROUND = ((0x0B, 0x10, 0x20), (0x16, 0x21, 0x3E))  # from the upper left to the lower right
SIGNAL, MAIN, SECOND = (0x24, 0x57, 0xF5), (0xF5, 0xF7, 0xFC), (0xB9, 0xC3, 0xD9)
# Sizes are those of a picture 1080 high.
MARGIN = 132
BAR = (8, 96)
TITLE_SIZES = (120, 104, 88, 76, 68, 60, 52)
TITLE_LINES = 3
LINE_SIZE = 44  # nothing smaller can be read in a video
BAR_GAP, LINES_GAP = 48, 40


def draw_card(card: TitleCard, width: int, height: int, target: Path) -> None:
    """Write the card as a PNG of `width` x `height` pixels."""
    scale = height / 1080
    image = Image.fromarray(np.rint(graded(*GROUND, width, height)).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    left, room = round(MARGIN * scale), width - 2 * round(MARGIN * scale)
    title, size = _title(card.title, room, scale)
    small = font_of(None, LINE_SIZE * scale, 400)
    below = [line for text in card.lines for line in filled(text, small.getlength, room)]
    leading = 1.34 if any(map(wide, title)) else 1.18
    title_step, line_step = round(size * leading), round(LINE_SIZE * scale * 1.6)
    bar_gap, lines_gap = round(BAR_GAP * scale), round(LINES_GAP * scale)
    head = round(BAR[1] * scale) + bar_gap + len(title) * title_step
    fits = max(0, (height - 2 * left - head - lines_gap) // line_step)
    if len(below) > fits:
        below = below[:fits]
        if below:
            below[-1] = clipped(below[-1], small.getlength, room)
    tall = head + (lines_gap + len(below) * line_step if below else 0)
    top = max(left, round((height - tall) * 0.46))  # a little above the middle, where the eye looks first
    draw.rectangle((left, top, left + round(BAR[0] * scale) - 1, top + round(BAR[1] * scale) - 1), fill=SIGNAL)
    top += round(BAR[1] * scale) + bar_gap
    for line in title:
        draw.text((left, top + title_step // 2), line, MAIN, font_of(None, size, 800), anchor="lm")
        top += title_step
    top += lines_gap
    for line in below:
        draw.text((left, top + line_step // 2), line, SECOND, small, anchor="lm")
        top += line_step
    image.save(target)


def _title(text: str, room: int, scale: float) -> tuple[list[str], float]:
    """The title in at most three lines at the largest size that fits; cut with an ellipsis when none does."""
    for size in TITLE_SIZES:
        font = font_of(None, size * scale, 800)
        lines = filled(text, font.getlength, room)
        if len(lines) <= TITLE_LINES:
            return lines, size * scale
    lines = lines[:TITLE_LINES]  # at the last and smallest of them
    return [*lines[:-1], clipped(lines[-1], font.getlength, room)], TITLE_SIZES[-1] * scale
