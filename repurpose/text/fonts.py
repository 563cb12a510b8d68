"""Fonts to draw pictures with: the packaged Noto Sans or a file of one's own, at a size and in a weight."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from repurpose.errors import UserError
from repurpose.text.noto import SIMPLIFIED, packaged

Font = ImageFont.FreeTypeFont


@lru_cache(maxsize=256)
def font_of(own: Path | None, size: float, weight: int) -> Font:
    """A font of `size` pixels, rounded; a variable one takes the weight nearest to `weight` that it has.

    `own` None is Noto Sans with the forms of Simplified Chinese. Raises UserError for a file that is no font.
    """
    path = packaged() if own is None else own
    try:
        font = ImageFont.truetype(str(path), round(size), index=SIMPLIFIED if own is None else 0)
    except OSError as error:
        raise UserError(f"{path}: cannot be read as a font ({error}). Name a ttf, otf or ttc file.") from None
    try:
        axes = font.get_variation_axes()
    except (OSError, NotImplementedError):  # it has one weight
        return font
    font.set_variation_by_axes([_setting(axis, weight) for axis in axes])
    return font


def _setting(axis: object, weight: int) -> float:
    values = dict(axis)  # type: ignore[call-overload]
    if values.get("name") in (b"Weight", "Weight"):
        return float(min(max(weight, values["minimum"]), values["maximum"]))
    return float(values["default"])
