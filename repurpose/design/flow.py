"""Pictures as blocks: columns, rows, grids, cards and timelines, measured and placed by the width they are given.

A block is laid at a width and comes back as marks: what is to be drawn, each with its place in pixels. Nothing is placed by
hand. Pure, apart from the widths of the fonts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

from repurpose.design.laid import Art, Cite, Fill, Laid, Mark, Type
from repurpose.design.typeset import UP, Align, Setting, fitted, one_line

_TALL = 100_000.0  # pixels; a text of its own takes as many lines as it needs
Stand = Literal["top", "middle", "bottom"]


@dataclass(frozen=True)
class Desk:
    """What type is set with: the language, a brand's own font, and what stays whole."""

    language: str
    font: Path | None = None
    keep: tuple[str, ...] = ()


class Block(Protocol):
    """Anything that can be laid."""

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        """The block `width` pixels wide, and at least `least` high where it can stretch."""


@dataclass(frozen=True)
class Text:
    """Lines of type, as many as it takes."""

    text: str
    sizes: tuple[int, ...]
    colour: str
    cite: Cite
    weight: int = 400
    leading: float = 0.0
    align: Align = "left"
    serif: bool = False
    single: bool = False  # on one line, cut with an ellipsis where it is too long

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        setting = _set(self, width, desk)
        return Laid(width, setting.height, (Type(0, 0, setting, self.colour, self.text, self.cite),))


@lru_cache(maxsize=1024)
def _set(text: Text, width: float, desk: Desk) -> Setting:
    """Remembered: rows are laid twice, and pages until they fit."""
    if text.single:
        return one_line(text.text, width, text.sizes, text.weight, serif=text.serif, font=desk.font, align=text.align)
    return fitted(
        text.text, width, _TALL, text.sizes, text.weight, desk.language, text.leading, desk.keep,
        serif=text.serif, font=desk.font, align=text.align,
    )  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A large number with its unit, smaller and light, on the same line; shrunk until both fit."""

    number: str
    unit: str
    sizes: tuple[int, ...]
    colour: str
    cite: Cite
    small: float = 0.45  # of the number's size
    least_unit: int = 26

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        for size in self.sizes:
            large = one_line(self.number, _TALL, (size,), 800, font=desk.font)
            if not self.unit:
                break
            unit = one_line(self.unit, _TALL, (max(self.least_unit, round(size * self.small)),), 400, font=desk.font)
            gap = size * 0.1
            if large.width + gap + unit.width <= width:
                drop = UP * (large.size - unit.size)
                marks = (
                    Type(0, 0, large, self.colour, self.number, self.cite),
                    Type(large.width + gap, drop, unit, self.colour, self.unit, self.cite),
                )
                return Laid(width, large.height, marks)
        sizes = self.sizes if not self.unit else self.sizes[-1:]
        whole = f"{self.number} {self.unit}".strip()
        large = one_line(whole, width, (*sizes, self.least_unit), 800, font=desk.font)
        return Laid(width, large.height, (Type(0, 0, large, self.colour, whole, self.cite),))


@dataclass(frozen=True)
class Image:
    """A picture as wide as it may be, or `wide` pixels, in its own shape."""

    name: str
    ratio: float  # width through height
    wide: float = 0.0  # pixels; 0: all there is
    radius: float = 0.0

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        wide = min(width, self.wide or width)
        high = wide / self.ratio
        return Laid(width, high, (Art(0, 0, wide, high, self.name, self.radius),))


@dataclass(frozen=True)
class Bar:
    """A rectangle of colour, `wide` (0: all there is) by `high` pixels."""

    high: float
    colour: str
    wide: float = 0.0
    radius: float = 0.0

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        wide = self.wide or width
        return Laid(width, self.high, (Fill(0, 0, wide, self.high, self.colour, self.radius),))


@dataclass(frozen=True)
class Column:
    """Blocks one below the other; with a colour, on a card or a band."""

    blocks: Sequence[Block]
    gap: float = 0.0
    pad: tuple[float, float, float, float] = (0, 0, 0, 0)  # top, right, bottom, left
    colour: str = ""
    radius: float = 0.0
    whole: bool = True  # its ground is not to be cut apart
    spread: bool = False  # height to spare goes between the blocks, else below them

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        top, right, bottom, left = self.pad
        laid = [block.lay(width - left - right, desk) for block in self.blocks]
        gaps = max(0, len(laid) - 1)
        natural = top + sum(each.height for each in laid) + self.gap * gaps + bottom
        height = max(natural, least)
        gap = self.gap + ((height - natural) / gaps if self.spread and gaps else 0.0)
        marks: list[Mark] = [Fill(0, 0, width, height, self.colour, self.radius, self.whole)] if self.colour else []
        y = top
        for each in laid:
            marks += each.at(left, y)
            y += each.height + gap
        return Laid(width, height, tuple(marks))


@dataclass(frozen=True)
class Row:
    """Blocks beside each other. A share over 1 is a width in pixels; the others share what is left."""

    blocks: Sequence[Block]
    shares: Sequence[float]
    gap: float = 0.0
    stand: Stand = "top"
    equal: bool = False  # all as high as the highest

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        fixed = sum(share for share in self.shares if share > 1) + self.gap * (len(self.blocks) - 1)
        parts = sum(share for share in self.shares if share <= 1) or 1.0
        widths = [share if share > 1 else (width - fixed) * share / parts for share in self.shares]
        laid = [block.lay(each, desk) for block, each in zip(self.blocks, widths, strict=True)]
        height = max((each.height for each in laid), default=0.0)
        if self.equal:
            height = max(height, least)
            laid = [block.lay(each, desk, height) for block, each in zip(self.blocks, widths, strict=True)]
        marks: list[Mark] = []
        x = 0.0
        for each in laid:
            down = {"top": 0.0, "middle": (height - each.height) / 2, "bottom": height - each.height}[self.stand]
            marks += each.at(x, down)
            x += each.width + self.gap
        return Laid(width, height, tuple(marks))


@dataclass(frozen=True)
class Grid:
    """Blocks in rows of `columns`, each as high as the highest of its row; a short last row is as wide as the others."""

    blocks: Sequence[Block]
    columns: int
    gap: float = 0.0

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        each = (width - self.gap * (self.columns - 1)) / self.columns
        rows = [self.blocks[at : at + self.columns] for at in range(0, len(self.blocks), self.columns)]
        lines = [Row(row, (each,) * len(row), self.gap, equal=True) for row in rows]
        return Column(lines, self.gap).lay(width, desk)


@dataclass(frozen=True)
class Timeline:
    """Blocks one below the other beside a rail, with a dot on it at the first line of each."""

    blocks: Sequence[Block]
    gap: float
    indent: float
    colour: str  # of the dots
    rail: str
    dot: float = 20.0
    first: float = 40.0  # height of a block's first line: the dot stands at its middle

    def lay(self, width: float, desk: Desk, least: float = 0.0) -> Laid:
        laid = [block.lay(width - self.indent, desk) for block in self.blocks]
        marks: list[Mark] = []
        y = 0.0
        for number, each in enumerate(laid):
            middle = y + self.first / 2
            if number < len(laid) - 1:
                marks.append(Fill((self.dot - 4) / 2, middle, 4, each.height + self.gap, self.rail, whole=False))
            marks.append(Fill(0, middle - self.dot / 2, self.dot, self.dot, self.colour, self.dot / 2))
            marks += each.at(self.indent, y)
            y += each.height + self.gap
        return Laid(width, max(0.0, y - self.gap), tuple(marks))
