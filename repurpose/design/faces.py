"""Type faces: the packaged Noto Sans in every weight, its serif sister, or a brand's own file; and which signs they have."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from repurpose.errors import UserError
from repurpose.text import fonts
from repurpose.text.noto import serif

REFERENCE = 200  # pixels at which widths are measured; the outlines are not hinted, so widths grow evenly
_TRIED = 24  # pixels at which a sign is looked for
_NOWHERE = "\u0378"  # a code that stands for nothing: what a font draws for it, it draws for all it lacks


class Face(NamedTuple):
    """Which type: a weight of Noto Sans, the serif, or a file of one's own."""

    weight: int = 400
    serif: bool = False
    own: Path | None = None


def font_of(face: Face, size: int) -> fonts.Font:
    """The face at `size` pixels. Raises UserError for a file that is no font."""
    return fonts.font_of(face.own or (serif() if face.serif else None), size, face.weight)


def face_for(sign: str, face: Face) -> Face:
    """The face itself where it has the sign, else the packaged Noto Sans of its weight.

    Raises UserError naming the sign when neither has it.
    """
    for one in (face, Face(400 if face.serif else face.weight)):
        if _has(sign, one):
            return one
    raise UserError(f"There is no glyph for {sign} (U+{ord(sign):04X}) in any font here. Write it otherwise.")


@lru_cache(maxsize=8192)
def _has(sign: str, face: Face) -> bool:
    return sign == " " or _picture(sign, face) != _missing(face)


@lru_cache(maxsize=64)
def _missing(face: Face) -> tuple[tuple[int, int], bytes]:
    return _picture(_NOWHERE, face)


def _picture(sign: str, face: Face) -> tuple[tuple[int, int], bytes]:
    mask = font_of(face, _TRIED).getmask(sign)
    return mask.size, bytes(mask)
