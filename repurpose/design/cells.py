"""Text -> cells: what is set as one, how wide it is, and what happens to it at the ends of a line.

Widths are in ems, so that one measuring serves every size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from repurpose.design.faces import REFERENCE, Face, face_for, font_of
from repurpose.text.signs import CJK, is_wide

GAP = 0.25  # ems between a Chinese character and a Latin sign
_OPENING = frozenset("“‘（《【〔｛〈「『〖")
_HALVES = frozenset("，。、；：）》】〕｝〉」』〗”’")  # their ink lies in the left half of the square
_cjk = re.compile(f"[{CJK}]")
_latin_gap = re.compile(r"[A-Za-z0-9$€£¥@#+%‰℃]")
_CLOSE_TO = frozenset("%‰℃°")  # these stand close to what is before them


@dataclass(frozen=True)
class Cell:
    """One sign of Chinese, one Latin word or one space."""

    text: str
    at: int  # offset in the text
    face: Face
    width: float  # ems
    features: tuple[str, ...] = ()  # OpenType features it is drawn with
    gap: float = 0.0  # ems before it, unless it begins a line
    last: float = 0.0  # ems it counts for when it ends a line
    hung: bool = False  # at the beginning of a line it stands in the margin

    @property
    def blank(self) -> bool:
        return self.text == " "


def cells_of(text: str, face: Face) -> list[Cell]:
    """The text in cells, in order; spaces beside Chinese are gaps. Raises UserError for a sign no font here has."""
    chinese = _cjk.search(text) is not None
    found: list[Cell] = []
    gap = 0.0
    for match in re.finditer(r"\s+|.", text) if chinese else re.finditer(r"\s+|\S+", text):
        piece = match.group()
        if piece.isspace():
            if chinese and (_beside_wide(text, match.start(), match.end())):
                gap = GAP
            else:
                found.append(_measured(" ", match.start(), face, ()))
            continue
        if chinese and found and gap == 0.0 and _joins(found[-1], piece):
            found[-1] = _measured(found[-1].text + piece, found[-1].at, face, found[-1].features, found[-1].gap)
            continue
        features = () if chinese and not _narrow_mark(text, match.start()) else ("pwid",)
        before = found[-1].text[-1] if found else ""
        if _spaced(before, piece[0]):
            gap = GAP
        found += _split(piece, match.start(), face, features, gap if found else 0.0)
        gap = 0.0
    return _squeezed(found)


def _split(piece: str, at: int, face: Face, features: tuple[str, ...], gap: float) -> list[Cell]:
    """A piece in as many cells as it needs faces: a rare sign may be in another font."""
    runs: list[tuple[Face, str]] = []
    for sign in piece:
        one = face_for(sign, face)
        if runs and runs[-1][0] == one:
            runs[-1] = one, runs[-1][1] + sign
        else:
            runs.append((one, sign))
    cells = []
    for one, run in runs:
        cells.append(_measured(run, at, one, features, gap))
        at, gap = at + len(run), 0.0
    return cells


def _measured(text: str, at: int, face: Face, features: tuple[str, ...], gap: float = 0.0) -> Cell:
    if text != " ":
        face = face_for(text[0], face)
    width = _width(text, face, features)
    return Cell(text, at, face, width, features, gap, width, text[0] in _OPENING and len(text) == 1)


def _squeezed(cells: list[Cell]) -> list[Cell]:
    """Full-width marks beside each other lose the empty half between them; at a line's end they always do."""
    out: list[Cell] = []
    for place, cell in enumerate(cells):
        follows = cells[place + 1] if place + 1 < len(cells) else None
        half = _half(cell)
        if half is not None and cell.text in _HALVES:
            meets = follows is not None and (follows.text in _HALVES or follows.text in _OPENING)
            cell = half if meets else replace(cell, last=half.width)
        elif half is not None and cell.text in _OPENING and out and out[-1].text in _OPENING:
            cell = half
        out.append(cell)
    return out


def first_of_line(cell: Cell) -> Cell:
    """An opening mark as it begins a line: without the empty half before it."""
    return (_half(cell) or cell) if cell.text in _OPENING else cell


def _half(cell: Cell) -> Cell | None:
    if len(cell.text) != 1 or cell.features or not is_wide(cell.text):
        return None
    width = _width(cell.text, cell.face, ("halt",))
    return replace(cell, width=width, last=width, features=("halt",)) if width < cell.width else None


def _joins(before: Cell, piece: str) -> bool:
    """Is this the next letter of the Latin word before it?"""
    if before.blank or (is_wide(before.text[-1]) and not before.features):
        return False
    return not is_wide(piece) or (piece in "’" and before.text[-1].isascii() and before.text[-1].isalpha())


def _narrow_mark(text: str, at: int) -> bool:
    """A Latin sign or an apostrophe between Latin letters: not set as a full square."""
    sign = text[at]
    return not is_wide(sign) or (sign == "’" and text[at - 1 : at].isascii() and text[at + 1 : at + 2].isalpha())


def _beside_wide(text: str, start: int, end: int) -> bool:
    return (start > 0 and is_wide(text[start - 1])) or (end < len(text) and is_wide(text[end]))


def _spaced(before: str, after: str) -> bool:
    """Does a quarter of an em belong between these two?"""
    if not before or after in _CLOSE_TO:
        return False
    return bool((_cjk.match(before) and _latin_gap.match(after)) or (_latin_gap.match(before) and _cjk.match(after)))


@lru_cache(maxsize=16384)
def _width(text: str, face: Face, features: tuple[str, ...]) -> float:
    return font_of(face, REFERENCE).getlength(text, features=list(features) or None) / REFERENCE
