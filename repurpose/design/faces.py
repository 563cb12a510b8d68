"""Type faces: the packaged Noto Sans in every weight, its serif sister, or a brand's own file; and which signs they have."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

from repurpose.errors import UserError
from repurpose.text.noto import SIMPLIFIED, packaged, serif

Font = ImageFont.FreeTypeFont
REFERENCE = 200  # pixels at which widths are measured; the outlines are not hinted, so widths grow evenly
_TRIED = 24  # pixels at which a sign is looked for
_NOWHERE = "\u0378"  # a code that stands for nothing: what a font draws for it, it draws for all it lacks
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}  # signs without a picture


class Face(NamedTuple):
    """Which type: a weight of Noto Sans, the serif, or a file of one's own."""

    weight: int = 400
    serif: bool = False
    own: Path | None = None


@lru_cache(maxsize=256)
def font_of(face: Face, size: int) -> Font:
    """The face at `size` pixels. Raises UserError for a file that is no font."""
    if face.own is None and not face.serif:
        font = ImageFont.truetype(str(packaged()), size, index=SIMPLIFIED)
        font.set_variation_by_axes([face.weight])
        return font
    path = face.own or serif()
    try:
        font = ImageFont.truetype(str(path), size)
    except OSError as error:
        raise UserError(f"{path}: cannot be read as a font ({error}). Name a ttf, otf or ttc file.") from None
    try:
        axes = font.get_variation_axes()
    except (OSError, NotImplementedError):  # it has one weight
        return font
    font.set_variation_by_axes([_setting(axis, face.weight) for axis in axes])
    return font


def shown(text: str) -> str:
    """`text` as it can be drawn: every run of white space is one space, signs without a picture are gone."""
    spaced = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    drawn = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSEEN and not _selects(sign))
    return " ".join(drawn.split())


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


def _selects(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f"


def _setting(axis: object, weight: int) -> float:
    values = dict(axis)  # type: ignore[call-overload]
    if values.get("name") in (b"Weight", "Weight"):
        return float(min(max(weight, values["minimum"]), values["maximum"]))
    return float(values["default"])
