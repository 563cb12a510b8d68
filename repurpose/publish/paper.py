"""What stands on a page of paper: text, tables and drawings, in the two fonts `report-400` and `report-700`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

PAGE = (595.3, 841.9)  # A4 in points
EDGE = 42.0
WIDE = PAGE[0] - 2 * EDGE
INK, QUIET, LINE, MIST, SIGNAL, WARM, DARK = "#0e1525", "#566074", "#d9dee8", "#eef1f6", "#2457f5", "#ff6a3d", "#0b1020"


def drawing(high: float, draw: Callable[[Any], None], wide: float = WIDE) -> Any:
    """Something of this height that is drawn by hand."""
    from reportlab.platypus import Flowable

    class Drawn(Flowable):  # type: ignore[misc]
        """A place on the page with a drawing in it."""

        def wrap(self, *_: float) -> tuple[float, float]:
            return wide, high

        def draw(self) -> None:
            draw(self.canv)

    return Drawn()


def line(text: str, size: float, *, bold: bool = False, colour: str = INK) -> Any:
    """Text that runs over lines."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    font = "report-700" if bold else "report-400"
    return Paragraph(
        escape(text),
        ParagraphStyle("x", fontName=font, fontSize=size, leading=size * 1.5, textColor=colour, wordWrap="CJK"),
    )


def quiet(text: str) -> Any:
    """The same in grey and small."""
    return line(text, 9, colour=QUIET)


def gap(high: float) -> Any:
    """Empty height."""
    from reportlab.platypus import Spacer

    return Spacer(1, high)


def head(text: str) -> Any:
    """The head of a section; it stays with what follows."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "h", fontName="report-700", fontSize=15, leading=22, textColor=INK, spaceBefore=20, spaceAfter=6, keepWithNext=1
    )  # fmt: skip
    return Paragraph(escape(text), style)


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    headed: bool = False,
    bold: bool = False,
    middle: bool = False,
) -> Any:
    """Text in columns: the first runs over lines, the last stands at the right."""
    from reportlab.platypus import Table, TableStyle

    last = len(widths) - 1
    cells = [
        [
            line(text, 9.5, bold=bold, colour=QUIET if headed and not number else INK)
            if at < last and len(text) > 12
            else text
            for at, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    if middle:
        cells = [[row[0], row[1], line(rows[at][2], 8, colour=QUIET)] for at, row in enumerate(cells)]
    style = [
        ("FONT", (0, 0), (-1, -1), "report-700" if bold else "report-400", 9.5), ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("ALIGN", (1, 0), (-1, -1), "RIGHT" if not middle else "LEFT"),
    ]  # fmt: skip
    if headed:
        style.append(("TEXTCOLOR", (0, 0), (-1, 0), QUIET))
    if len(widths) == 3 and not middle and not headed:
        style.append(("ALIGN", (1, 0), (1, -1), "LEFT"))
    return Table(cells, colWidths=list(widths), style=TableStyle(style), repeatRows=int(headed))
