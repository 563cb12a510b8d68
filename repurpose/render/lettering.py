"""Type for pictures: the packaged Noto Sans CJK or a brand's own font, in weights, broken into lines as a reader would.

What moves or is burned in with the captions is libass's; this draws what PIL puts on bumpers and cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw

from repurpose.text.fill import clipped, filled, language_of, wide
from repurpose.text.fonts import Font, font_of
from repurpose.text.phrases import breaks_of, phrases_of

_ENDS, _PAUSES = frozenset("，。：；？！—…,.:;?!"), frozenset("、·/|")  # good ends of a line, and fair ones
_HALF_EMPTY = frozenset("，。：；、！？）》」』】")  # the right half of their square is blank
_SMALLER = 0.12  # what a size smaller weighs against a bad end
_BROKEN = 9.0
_MOST_LINES = 12  # more are set line by line


def lines_of(text: str, font: Font, room: int, most: int = 0) -> list[str]:
    """`text` in as few lines as fit into `room` pixels, broken where a reader would; cut with an ellipsis after `most`."""
    lines, _ = _set(" ".join(text.split()), font, room)
    if most and len(lines) > most:
        return [*lines[: most - 1], clipped(lines[most - 1], font.getlength, room)]
    return lines


def fitted(
    text: str, own: Path | None, weight: int, sizes: Sequence[float], room: int, most: int
) -> tuple[list[str], Font]:
    """The text at one of `sizes` (falling) at which it takes at most `most` lines; cut at the last of them.

    The largest, unless a smaller one lets the lines end where the sense does.
    """
    text = " ".join(text.split())
    best: tuple[float, list[str], Font] | None = None
    for number, size in enumerate(sizes):
        font = font_of(own, size, weight)
        lines, cost = _set(text, font, room)
        if len(lines) <= most and (best is None or cost + _SMALLER * number < best[0]):
            best = cost + _SMALLER * number, lines, font
    if best is not None and best[0] < _BROKEN:
        return best[1:]
    font = font_of(own, sizes[-1], weight)
    return lines_of(text, font, room, most), font


def step_of(lines: Sequence[str], font: Font, *, text: bool = False) -> int:
    """Pixels from one line to the next: display type is set tighter than text, Latin tighter than Chinese."""
    chinese = any(map(wide, lines))
    leading = (1.6 if chinese else 1.45) if text else (1.34 if chinese else 1.16)
    return round(font.size * leading)


def edge_of(font: Font) -> int:
    """Pixels that `lettered` leaves around its lines."""
    return round(font.size * 0.2)


def lettered(
    lines: Sequence[str], font: Font, colour: str, step: int, align: Literal["left", "centre"] = "left"
) -> Image.Image:
    """The lines on nothing: RGBA, `edge_of` wider on every side, so that no stroke is cut."""
    edge = edge_of(font)
    across = max((round(font.getlength(line)) for line in lines), default=0) + 2 * edge
    image = Image.new("RGBA", (max(1, across), max(1, step * len(lines) + 2 * edge)), colour + "00")
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        hang = font.size / 4 if line[-1:] in _HALF_EMPTY else 0  # centred by what is seen of its last sign
        at, anchor = (edge, "lm") if align == "left" else (across / 2 + hang, "mm")
        draw.text((at, edge + row * step + step / 2), line, colour, font, anchor=anchor)
    return image


def trimmed(image: Image.Image) -> Image.Image:
    """The picture without the empty rows above and below: what is stacked is spaced by what is seen."""
    box = image.getchannel("A").getbbox()
    return image.crop((0, box[1], image.width, box[3])) if box else image


def stacked(parts: Sequence[Image.Image], gap: int) -> int:
    """How high the pictures are, one below the other with `gap` pixels between them."""
    return sum(part.height for part in parts) + gap * max(0, len(parts) - 1)


def _set(text: str, font: Font, room: int) -> tuple[list[str], float]:
    """The best lines, and what is wrong with them: 0 for one line, BROKEN where a word had to be parted.

    As few lines as possible; of the ways to set so many, the one with the least sum of bad ends and unequal lengths.
    """
    places = _places(text)
    if any(font.getlength(text[start:end].rstrip()) > room for (start, _), (end, _) in pairwise(places)):
        return filled(text, font.getlength, room), _BROKEN
    full = filled(text, font.getlength, room)
    if len(full) > _MOST_LINES:
        return full, _BROKEN
    # best[k][n]: the cost and the lines of the text from place k on, in n lines
    best: list[dict[int, tuple[float, list[str]]]] = [{} for _ in places]
    best[-1][0] = (0.0, [])
    for first in range(len(places) - 2, -1, -1):
        left = font.getlength(text[places[first][0] :])
        for last in range(first + 1, len(places)):
            line = text[places[first][0] : places[last][0]].rstrip()
            width = font.getlength(line)
            if width > room:
                break
            for count, (cost, rest) in best[last].items():
                # and how far it is from an even share of what is still to be set
                found = cost + places[last][1] + (width * (count + 1) / max(1.0, left) - 1) ** 2
                if count < len(full) and (count + 1 not in best[first] or found < best[first][count + 1][0]):
                    best[first][count + 1] = (found, [line, *rest])
    cost, lines = best[0].get(min(best[0], default=0), (0.0, []))
    return lines, cost


def _places(text: str) -> list[tuple[int, float]]:
    """Where a line may begin, 0 and the end included, and how bad it is to end one there."""
    language = language_of(text)
    phrases = set(accumulate(len(phrase) for phrase in phrases_of(text, language)))
    found, word = [(0, 0.0)], 0.8 if language == "zh" else 0.3
    for place in breaks_of(text, language):
        before = text[:place].rstrip()[-1:]
        bad = 0.0 if before in _ENDS else 0.12 if before in _PAUSES else 0.2 if place in phrases else word
        found.append((place, bad))
    return [*found, (len(text), 0.0)]
