"""The packaged font as TrueType: what writes PDFs takes no other outlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from repurpose.render.fonts import ASCENT, DESCENT, fonts_for
from repurpose.text.noto import SIMPLIFIED, packaged

ERROR = 0.001  # of an em: how far a curve may lie from the one it stands for


def printable(text: str) -> str:
    """The signs of a text that the packaged font has, each once; an emoji in a name is left out."""
    with packaged().open("rb") as file:
        there = TTCollection(file, lazy=True).fonts[SIMPLIFIED].getBestCmap()
    return "".join(sorted(sign for sign in set(text) if ord(sign) in there))


def truetype(text: str, folder: Path, weights: Iterable[int]) -> Mapping[int, Path]:
    """A TrueType file for each weight, with the signs of `text` and what is always there; made in `folder`."""
    made = {}
    for weight, file in fonts_for(text, None, folder, weights).files.items():
        made[weight] = file.with_suffix(".ttf")
        _turned(TTFont(file), f"Repurpose{weight}").save(made[weight])
    return made


def _turned(font: Any, name: str) -> Any:
    """The same font with quadratic curves."""
    em, order, shapes = font["head"].unitsPerEm, font.getGlyphOrder(), font.getGlyphSet()
    outlines = {}
    for glyph in order:
        pen = TTGlyphPen(None)
        shapes[glyph].draw(Cu2QuPen(pen, ERROR * em, reverse_direction=True))
        outlines[glyph] = pen.glyph()
    build: Any = FontBuilder(em, isTTF=True)
    build.setupGlyphOrder(order)
    build.setupCharacterMap(font.getBestCmap())
    build.setupGlyf(outlines)
    build.setupHorizontalMetrics({glyph: (font["hmtx"].metrics[glyph][0], 0) for glyph in order})
    build.setupHorizontalHeader(ascent=round(ASCENT * em), descent=-round(DESCENT * em))
    build.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    build.setupOS2(sTypoAscender=round(ASCENT * em), sTypoDescender=-round(DESCENT * em))
    build.setupPost()
    return build.font
