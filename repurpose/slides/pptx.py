"""Pages as a PPTX: one picture a page with a line of its time, and in the notes what was said on it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from repurpose.slides.deck import Cover, Sheet

WIDE = 12_192_000  # EMU: 13.33 inches, what a 16:9 page is wide in every program
STRIP = 381_000  # EMU under the picture, for the time
_MARGIN = 203_200
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip file knows
_TITLE_ONLY = 5  # among the layouts of the library's own template


def pptx_of(sheets: Sequence[Sheet], cover: Cover) -> bytes:
    """The file; equal pages give equal bytes. Titles stand outside the picture: outlines and screen readers find them."""
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    high = round(WIDE * cover.height / cover.width)
    deck.slide_width, deck.slide_height = Emu(WIDE), Emu(high + STRIP)
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = cover.title, cover.author, "Repurpose"
    about.created = about.modified = datetime.datetime(*_EPOCH)
    for number, sheet in enumerate(sheets, 1):
        page = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
        title = page.shapes.title
        first = sheet.times.partition("–")[0]
        title.text = f"{first}  {sheet.page.title}".rstrip()
        title.left, title.top, title.width, title.height = Emu(0), Emu(-STRIP * 2), Emu(WIDE), Emu(STRIP)
        picture = page.shapes.add_picture(BytesIO(sheet.image), Emu(0), Emu(0), Emu(WIDE), Emu(high))
        picture.name = f"{number}"
        described = picture._element.nvPicPr.cNvPr  # the library has no name for alternative text
        described.set("descr", "\n".join(line.text for line in sheet.lines) or sheet.page.title or sheet.times)
        _strip(page, f"{number} / {len(sheets)}", high, to_right=False)
        _strip(page, sheet.times, high, to_right=True)
        page.notes_slide.notes_text_frame.text = f"{sheet.times}\n{sheet.page.notes}".rstrip()
    out = BytesIO()
    deck.save(out)
    return _undated(out)


def _strip(page: Any, text: str, top: int, *, to_right: bool) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Emu, Pt

    half = WIDE // 2
    box = page.shapes.add_textbox(
        Emu(half if to_right else _MARGIN), Emu(top), Emu(half - _MARGIN), Emu(STRIP)
    ).text_frame
    box.margin_left = box.margin_right = box.margin_top = box.margin_bottom = 0
    box.vertical_anchor, box.word_wrap = MSO_ANCHOR.MIDDLE, True
    line = box.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if to_right else PP_ALIGN.LEFT
    run = line.add_run()
    run.text, run.font.size = text, Pt(12)
    colour: Any = RGBColor  # the library says no types here
    run.font.color.rgb = colour(0x59, 0x59, 0x59)


def _undated(saved: BytesIO) -> bytes:
    """The same zip without the hour it was written at."""
    out = BytesIO()
    with ZipFile(saved) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            stored = ZipInfo(name, _EPOCH)
            stored.compress_type = ZIP_STORED if name.endswith(".jpg") else ZIP_DEFLATED
            target.writestr(stored, source.read(name))
    return out.getvalue()
