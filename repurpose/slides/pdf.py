"""Pages as a PDF: the pictures as they are, under each a line with its time, over each its text, unseen but searchable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repurpose.slides.deck import Cover, Sheet

WIDE = 960.0  # points; with a 16:9 picture the size of a page of slides
STRIP = 30.0  # points under the picture, for the time
_MARGIN, _SMALL = 16.0, 11.0
_GREY = 0.35  # 7:1 on white
_UNSEEN = 3  # text rendering mode: neither filled nor stroked (ISO 32000-1, 9.3.6)
_REST = 0.22  # share of a line's box below its base line


def pdf_of(sheets: Sequence[Sheet], cover: Cover) -> bytes:
    """The file; equal pages give equal bytes. Its outline names each page by its time and its title."""
    from reportlab import rl_config
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # pictures as they are, not in letters: a fifth smaller, and much less work
    out = BytesIO()
    high = WIDE * cover.height / cover.width
    canvas = Canvas(out, pagesize=(WIDE, high + STRIP), invariant=1, pageCompression=1)
    canvas.setTitle(cover.title)
    canvas.setAuthor(cover.author)
    canvas.setSubject(cover.title)
    canvas.setCreator("Repurpose")
    font = _unseen(line.text for sheet in sheets for line in sheet.lines)
    for number, sheet in enumerate(sheets, 1):
        canvas.drawImage(ImageReader(BytesIO(sheet.image)), 0, STRIP, WIDE, high)
        canvas.setFillGray(_GREY)
        canvas.setFont("Helvetica", _SMALL)
        canvas.drawString(_MARGIN, STRIP / 2 - _SMALL / 3, f"{number} / {len(sheets)}")
        canvas.drawRightString(WIDE - _MARGIN, STRIP / 2 - _SMALL / 3, sheet.times)
        for line in sheet.lines:
            width, height = (line.right - line.left) * WIDE, (line.bottom - line.top) * high
            size = min(height, width)  # what stands on end has a high, narrow box
            said = _sayable(line.text)
            if size < 1 or not said:
                continue
            text = canvas.beginText(line.left * WIDE, STRIP + (1 - line.bottom) * high + _REST * size)
            text.setFont(font, size)
            text.setTextRenderMode(_UNSEEN)
            text.setHorizScale(100 * width / canvas.stringWidth(said, font, size))
            text.textOut(said)
            canvas.drawText(text)
        key = f"page-{number}"
        canvas.bookmarkPage(key)
        first = sheet.times.partition("–")[0]
        canvas.addOutlineEntry(f"{first}  {sheet.page.title}".rstrip(), key)
        canvas.showPage()
    canvas.showOutline()
    canvas.save()
    return out.getvalue()


def _sayable(text: str) -> str:
    """The text without the rare signs beyond the first plane, which the library writes as something else."""
    return "".join(sign for sign in text if ord(sign) <= 0xFFFF).strip()


def _unseen(texts: Iterable[str]) -> str:
    """The name of a registered font that has every sign of the texts and draws nothing.

    A real one would put half a megabyte of shapes into the file that nobody sees. A wide sign is one em, another a half,
    so that marking a word in a reader marks its place.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    signs = sorted({" ", *(sign for text in texts for sign in _sayable(text))})
    name = f"Unseen-{hashlib.sha256(''.join(signs).encode()).hexdigest()[:12]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, BytesIO(_blank(name, signs))))
    return name


def _blank(name: str, signs: Iterable[str]) -> bytes:
    """A TrueType font of two empty glyphs, one em and half an em wide, for these signs."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    build: Any = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder([".notdef", "half", "whole"])
    build.setupCharacterMap({ord(sign): "whole" if ord(sign) > 0x2E7F else "half" for sign in signs})
    build.setupGlyf({glyph: Glyph() for glyph in (".notdef", "half", "whole")})
    build.setupHorizontalMetrics({".notdef": (500, 0), "half": (500, 0), "whole": (1000, 0)})
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    build.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    build.setupPost()
    build.setupHead(unitsPerEm=1000, created=0, modified=0)
    out = BytesIO()
    build.save(out)
    return out.getvalue()
