"""Text -> lines of type as they are drawn: the gap between Chinese and Latin, marks at line ends, lines that fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repurpose.models import Sentence
from repurpose.render.fonts import Family
from repurpose.text.clings import clinging
from repurpose.text.headline import shortened, width
from repurpose.text.lines import lay
from repurpose.text.signs import CJK, is_cjk
from repurpose.text.timed import atoms_of

UP, DOWN = 0.88, 0.285  # ems above and below the baseline that type takes; the vertical bar hangs lowest
LEADING = {True: 1.24, False: 1.15}  # line to line in ems: of Chinese, of Latin
SMALLEST = 44  # pixels; nothing smaller can be read in a video

_gap = re.compile(rf"(?<=[{CJK}])(?=[A-Za-z0-9$€£¥@#+])|(?<=[A-Za-z0-9%‰℃+])(?=[{CJK}])")
_dot = re.compile(rf"(?<=[{CJK}])\s*·\s*(?=[{CJK}])")  # it takes a full square in a Chinese font: air enough
_HUNG = "，。、；："  # a line may end without them: the break says as much, and the line stays centred


def gaps_of(text: str) -> set[int]:
    """The offsets where a quarter of an em belongs between a Chinese character and a Latin sign."""
    return {match.start() for match in _gap.finditer(text)}


def bare_end(text: str) -> int:
    """Where a line ends when the full-width comma or stop behind it is left out; never before its first sign."""
    return len(text.rstrip(_HUNG + " ")) or len(text)


def typeset(text: str) -> str:
    """A line as it is drawn. A space of the font is about a quarter of an em, so it serves as the gap."""
    return _dot.sub("·", _gap.sub(" ", text[: bare_end(text)]))


def language_of(text: str) -> str:
    """`zh` for text with Chinese in it, else `en`: by which rules its lines break."""
    return "zh" if any(map(is_cjk, text)) else "en"


def set_lines(
    text: str, family: Family, weight: int, sizes: Sequence[int], room: float, terms: Sequence[str] = ()
) -> tuple[tuple[str, ...], int]:
    """At most two balanced lines at the largest of `sizes` at which they are no wider than `room` pixels.

    Where even the smallest is too large, the text is cut after a word and ends in an ellipsis.
    """
    for size in sizes:
        if lines := _fitted(text, family, weight, size, room, terms):
            return lines, size
    for most in range(int(width(text)), 3, -1):
        if lines := _fitted(shortened(text, most) + "…", family, weight, sizes[-1], room, terms):
            return lines, sizes[-1]
    return ("…",), sizes[-1]


def clipped(text: str, family: Family, weight: int, size: float, room: float) -> str:
    """One line no wider than `room` pixels; shortened with an ellipsis where it must be."""
    line = typeset(text)
    for most in range(int(width(text)) + 1, 0, -1):
        if family.width(line, size, weight) <= room:
            return line
        line = typeset(shortened(text, most)) + "…"
    return line


def _fitted(
    text: str, family: Family, weight: int, size: int, room: float, terms: Sequence[str]
) -> tuple[str, ...] | None:
    language = language_of(text)
    atoms = clinging(atoms_of(Sentence(start=0, end=1, text=text), language, terms))
    found = lay(atoms, room, narrow=language != "zh", measure=lambda line: family.width(typeset(line), size, weight))
    return tuple(map(typeset, found.texts)) if found else None
