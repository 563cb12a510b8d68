"""Text -> lines of pixels: as full as they get, whatever says how wide a text is. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

from repurpose.text.phrases import breaks_of

_ELLIPSIS = "…"


def wide(text: str) -> bool:
    """Is it set like Chinese: line by line of square signs?"""
    return any("\u3400" <= sign <= "\u9fff" for sign in text)


def language_of(text: str) -> str:
    """The language whose rules say where a line of `text` may end: `zh` where it is set like Chinese, else `en`."""
    return "zh" if wide(text) else "en"


def filled(text: str, width: Callable[[str], float], room: float) -> list[str]:
    """Lines no wider than `room`, broken where a reader would; inside a word only when it alone is too wide.

    `width` says how wide a text is, in the unit of `room`. Every run of white space counts as one space.
    """
    text = " ".join(text.split())
    lines, line = [], ""
    for start, end in pairwise([0, *breaks_of(text, language_of(text)), len(text)]):
        piece = text[start:end]
        if line and width((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while width(line.rstrip()) > room and len(line) > 1:
            fits = 1 + bisect_right(range(2, len(line)), room, key=lambda end: width(line[:end]))
            while fits > 1 and width(line[:fits]) > room:  # kerning: a longer text may be a hair narrower
                fits -= 1
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() else lines


def clipped(text: str, width: Callable[[str], float], room: float) -> str:
    """`text` with an ellipsis at its end, shortened before that until it fits."""
    text += _ELLIPSIS
    while len(text) > 2 and width(text) > room:
        text = text[:-2].rstrip() + _ELLIPSIS
    return text
