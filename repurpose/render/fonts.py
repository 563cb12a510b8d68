"""Small static fonts for one script: the glyphs it uses, in the weights it uses, named so that libass finds them.

libass takes a font by its family name and scales it by the heights its OS/2 table claims. So every weight is a family of
its own (`Repurpose 700`), and claims exactly one em: a size in the script is then the height of a Chinese square in pixels.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont, TTLibError, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib import instancer

from repurpose.errors import UserError
from repurpose.text.noto import packaged
from repurpose.text.signs import shown

NAME = "Repurpose"
WEIGHTS = (400, 700)
ASCENT, DESCENT = 0.88, 0.12  # of an em: what the fonts made here claim; the square of a Chinese character
BACKSLASH = "\ue05c"  # a private sign drawn as a backslash: a script cannot hold a real one before N, n, h or a brace
_ALWAYS = (
    "".join(map(chr, range(0x20, 0x7F))) + "，。、；：？！…—～·％“”‘’（）《》【】「」『』" + "–•€£¥°±×"
)  # what is always there, where the font has it: digits, ASCII, punctuation
_SHOWN_MISSING = 12  # that many missing signs are named


@dataclass(frozen=True)
class Family:
    """Fonts in a folder, one of each weight, with how wide their signs are."""

    name: str
    folder: Path
    files: Mapping[int, Path]
    wide: Mapping[int, Mapping[str, float]] = field(repr=False)  # of each weight, how wide each sign is, in ems

    def face(self, weight: int) -> str:
        """The family name under which libass knows this weight."""
        return f"{self.name} {weight}"

    def width(self, text: str, size: float, weight: int) -> float:
        """How many pixels a line of `text` is wide at `size`, without kerning."""
        widths = self.wide[weight]
        return size * sum(widths.get(sign, 1.0) for sign in text)


def fonts_for(text: str, own: Path | None, folder: Path, weights: Iterable[int] = WEIGHTS) -> Family:
    """The fonts to draw `text` with, written into `folder`: Noto Sans CJK SC as packaged, or a brand's `own` file.

    A font without a weight axis is used as it is for every weight. Raises UserError naming the signs the font does not
    have, and for a file that is no font.
    """
    source = own if own is not None else packaged()
    try:
        with source.open("rb") as file:
            small = _subset(file, shown(text), source, own)
    except (OSError, TTLibError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        cure = "Name a ttf, otf or ttc file as the brand's font" if own else "Install manimgx-fonts-cjk again"
        raise UserError(f"{source}: cannot be read as a font ({said}). {cure}.") from None
    folder.mkdir(parents=True, exist_ok=True)
    files, wide = {}, {}
    for weight in sorted(set(weights)):
        files[weight], wide[weight] = _write(small, weight, folder)
    return Family(NAME, folder, files, wide)


def _subset(file: BinaryIO, text: str, source: Path, own: Path | None) -> bytes:
    """The font in the file with no more than the signs of `text` and those that are always there."""
    font = _opened(file)
    # Two shortcuts that halve the time: glyphs by number instead of by what their signs are called, one map of signs.
    font.setGlyphOrder([".notdef", *(f"glyph{at:05d}" for at in range(1, font["maxp"].numGlyphs))])
    best = font["cmap"].getBestCmap()
    missing = sorted({sign for sign in text if ord(sign) not in best})
    if missing:
        raise UserError(_without(missing, source, own))
    for table in ("name", "GSUB", "VVAR", "vhea", "vmtx", "VORG", "BASE", "STAT", "DSIG", "GDEF", "MVAR", "meta"):
        if table in font:  # regional and vertical forms: the face chosen has the Simplified ones as its plain glyphs
            del font[table]
    signs = {*map(ord, text + _ALWAYS)} & set(best)
    font["cmap"].tables = [_map_of({code: best[code] for code in signs})]
    options = subset.Options(layout_features=["kern"], notdef_outline=True, glyph_names=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(font)
    small = io.BytesIO()
    font.save(small)
    return small.getvalue()


def _map_of(glyphs: dict[int, str]) -> Any:
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, glyphs
    return table


def _opened(file: BinaryIO) -> TTFont:
    """The font in the file; of a collection the face for Simplified Chinese, else the first."""
    many = file.read(4) == b"ttcf"
    file.seek(0)
    if not many:
        return TTFont(file, lazy=True, recalcBBoxes=False)
    faces = TTCollection(file, lazy=True).fonts
    place = next((at for at, face in enumerate(faces) if str(face["name"].getDebugName(1)).endswith(" SC")), 0)
    return faces[place]


def _write(small: bytes, weight: int, folder: Path) -> tuple[Path, dict[str, float]]:
    """One weight of the font as a file of its own, and how wide its signs are in ems."""
    font = TTFont(io.BytesIO(small), recalcBBoxes=False)
    _rename(font, f"{NAME} {weight}")
    if "fvar" in font:
        at = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        for axis in font["fvar"].axes:
            if axis.axisTag == "wght":
                at["wght"] = min(max(weight, axis.minValue), axis.maxValue)
        instancer.instantiateVariableFont(font, at, inplace=True)
    _claim_one_em(font)
    for table in font["cmap"].tables:
        if ord("\\") in table.cmap:
            table.cmap[ord(BACKSLASH)] = table.cmap[ord("\\")]
    target = folder / f"repurpose-{weight}{'.otf' if 'CFF ' in font or 'CFF2' in font else '.ttf'}"
    font.save(target)
    em, advances = font["head"].unitsPerEm, font["hmtx"].metrics
    return target, {chr(code): advances[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def _rename(font: Any, family: str) -> None:
    """A regular face of a family of its own: libass then takes it by name and thickens nothing."""
    names = font["name"] = newTable("name")
    names.names = []
    for name, text in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
        names.setName(text, name, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = 0x40
    font["head"].macStyle = 0
    if "CFF " in font:
        font["CFF "].cff.fontNames = [family.replace(" ", "")]


def _claim_one_em(font: Any) -> None:
    em = font["head"].unitsPerEm
    up, down = round(em * ASCENT), round(em * DESCENT)
    os2, across = font["OS/2"], font["hhea"]
    os2.usWinAscent, os2.usWinDescent = up, down
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = up, -down, 0
    across.ascent, across.descent, across.lineGap = up, -down, 0


def _without(missing: list[str], source: Path, own: Path | None) -> str:
    named = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing[:_SHOWN_MISSING])
    more = f" and {len(missing) - _SHOWN_MISSING} more" if len(missing) > _SHOWN_MISSING else ""
    cure = "Give the brand a font that has them, or none to use Noto Sans CJK SC" if own else "Write them otherwise"
    return f"{source.name} has no glyph for {named}{more}. {cure}."
