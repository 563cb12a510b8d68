"""Text -> a setting: lines with their places at the best size that fits a box. Pure, apart from the widths of the fonts.

Lines break where a reader would (budoux and jieba; names, numbers and terms whole), never before a closing mark nor after an
opening one; full-width marks are squeezed, opening marks hang in the margin, Chinese and Latin stand a quarter of an em
apart, and the lines are of even length without an orphan at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw

from repurpose.design.cells import Cell, cells_of, first_of_line
from repurpose.design.faces import Face, font_of
from repurpose.errors import NothingFits
from repurpose.models import Sentence
from repurpose.text.clings import STUMBLE, clinging
from repurpose.text.fill import language_of
from repurpose.text.headline import shortened, width
from repurpose.text.signs import is_cjk, shown
from repurpose.text.timed import atoms_of

Align = Literal["left", "centre", "right"]
UP = 0.88  # ems from the top of a Chinese square to the baseline
DISPLAY, TEXT = {"zh": 1.34, "en": 1.16}, {"zh": 1.6, "en": 1.45}  # line to line, in ems
_SMALLER = 0.16  # what a size smaller weighs against bad ends
_LINE = 0.12  # and one more line
_STUMBLES = 0.8  # a Chinese line that begins with 的, or ends with 在
_ORPHAN, _SHORT = 4.0, 1.5  # a last line of a sign or two, and one under a third of the longest
_LEAST_LAST = 3.0  # ems of Chinese a last line has at least


@dataclass(frozen=True)
class Run:
    """Signs drawn in one go: where they begin from the left of the setting, in pixels, and in which face."""

    text: str
    x: float
    face: Face
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line: its runs, its baseline from the top of the setting, and how wide its ink is."""

    text: str
    runs: tuple[Run, ...]
    baseline: float
    x: float  # where the ink begins; below 0 for a mark that hangs in the margin
    width: float


@dataclass(frozen=True)
class Setting:
    """Lines of one size. `width` is the longest, `height` goes from the top of the first square to the foot of the last."""

    lines: tuple[Line, ...]
    size: int
    step: float
    width: float
    height: float


@dataclass(frozen=True)
class _Broken:
    """Lines as ranges of cells, and what is wrong with them."""

    edges: tuple[tuple[int, int], ...]
    cost: float


def fitted(
    text: str, room: float, height: float, sizes: Sequence[int], weight: int = 400, language: str = "",
    leading: float = 0.0, keep: Sequence[str] = (), *, serif: bool = False, font: Path | None = None, align: Align = "left",
    most: int = 0,
) -> Setting:  # fmt: skip
    """The text at one of `sizes` (falling, pixels) at which it fits `room` x `height` pixels in at most `most` lines (0: any).

    The largest, unless a smaller one breaks better. `keep` are names and terms that stay whole; `leading` is line to line in
    ems (0: as display type of the language). Raises NothingFits, and UserError naming a sign that no font has.
    """
    text = shown(text)
    face = Face(weight, serif, font)
    language = language or language_of(text)
    leading = leading or DISPLAY["zh" if language_of(text) == "zh" else "en"]
    cells = cells_of(text, face)
    costs = _costs(text, cells, language, keep)
    best: tuple[float, int, _Broken] | None = None
    for number, size in enumerate(sizes):
        rows = int((height / size - 1) / leading + 1e-6) + 1 if height >= size else 0
        rows = min(rows, most) if most else rows
        if best is not None and best[0] <= _SMALLER * number:
            break  # no smaller size can be better
        if broken := _break(cells, costs, room / size, rows):
            cost = broken.cost + _SMALLER * number
            if best is None or cost < best[0]:
                best = cost, size, broken
    if best is None:
        raise NothingFits(f"{text!r} does not fit into {room:.0f} x {height:.0f} pixels at a size of {sizes[-1]}.")
    return _placed(text, cells, best[2], best[1], leading, room, align)


def one_line(
    text: str, room: float, sizes: Sequence[int], weight: int = 400, *, serif: bool = False, font: Path | None = None,
    align: Align = "left",
) -> Setting:  # fmt: skip
    """One line at the largest of `sizes` that fits `room` pixels; else cut after a word, with an ellipsis, at the smallest."""
    text = shown(text)
    face = Face(weight, serif, font)
    for size in sizes:
        cells = cells_of(text, face)
        if _wide(cells, 0, len(cells)) * size <= room:
            return _placed(text, cells, _Broken(((0, len(cells)),), 0.0), size, 1.0, room, align)
    for signs in range(int(width(text)), 0, -1):
        cut = shortened(text, signs).rstrip(" ·") + "…"
        cells = cells_of(cut, face)
        if _wide(cells, 0, len(cells)) * sizes[-1] <= room:
            return _placed(cut, cells, _Broken(((0, len(cells)),), 0.0), sizes[-1], 1.0, room, align)
    raise NothingFits(f"{text!r} does not fit into {room:.0f} pixels at a size of {sizes[-1]}.")


def paint(image: Image.Image, setting: Setting, x: float, y: float, fill: str) -> None:
    """Draw the setting with its top left corner at x, y."""
    draw = ImageDraw.Draw(image)
    for line in setting.lines:
        for run in line.runs:
            font = font_of(run.face, setting.size)
            place = (x + run.x, y + line.baseline)
            draw.text(place, run.text, fill, font, anchor="ls", features=list(run.features) or None)


def _costs(text: str, cells: Sequence[Cell], language: str, keep: Sequence[str]) -> dict[int, float]:
    """Cell -> what it costs to begin a line with it; cells that may not begin one are left out."""
    at = {cell.at: place for place, cell in enumerate(cells)}
    atoms = clinging(atoms_of(Sentence(start=0, end=1, text=text), language, keep))
    costs: dict[int, float] = {}
    chinese = language_of(text) == "zh"
    ends = accumulate(len(atom.text) for atom in atoms)
    for end, atom in zip(ends, atoms[:-1], strict=False):
        if end not in at:
            continue
        costs[at[end]] = 0.9 * atom.cost + (_STUMBLES if atom.cost >= STUMBLE and chinese else 0.0)
    return costs


def _break(cells: Sequence[Cell], costs: dict[int, float], room: float, rows: int) -> _Broken | None:
    """The best lines no wider than `room` ems, at most `rows` of them."""
    if not cells or rows < 1:
        return None
    starts = [0, *sorted(place for place in costs if place > 0), len(cells)]
    whole = _wide(cells, 0, len(cells))
    found = []
    fewest = 0
    for count in range(1, rows + 1):
        if whole > room * count + 0.5 * count:
            continue
        lines = _lines(cells, costs, starts, room, count)
        if lines is None:
            continue
        fewest = fewest or count
        edges, cost = lines
        cost += _LINE * (count - fewest) + _last_line(cells, edges)
        found.append(_Broken(edges, cost))
        if count >= fewest + 1:
            break
    return min(found, key=lambda broken: broken.cost, default=None)


def _lines(
    cells: Sequence[Cell], costs: dict[int, float], starts: Sequence[int], room: float, count: int
) -> tuple[tuple[tuple[int, int], ...], float] | None:
    """Exactly `count` lines with the least sum of bad ends and unequal lengths."""
    even = min(room, _wide(cells, 0, len(cells)) / count)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for row in range(count):
        after: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, edges) in best.items():
            for end in starts:
                if end <= start or (end == len(cells)) != (row == count - 1):
                    continue
                wide = _wide(cells, start, end)
                if wide > room:
                    break
                uneven = (wide / even - 1) ** 2 * (0.7 if row == count - 1 and wide < even else 1.0)
                sum_ = cost + uneven + costs.get(end, 0.0)
                if end not in after or sum_ < after[end][0]:
                    after[end] = sum_, (*edges, end)
        best = after
    if len(cells) not in best:
        return None
    cost, places = best[len(cells)]
    return tuple(pairwise(places)), cost / count if count > 1 else 0.0


def _last_line(cells: Sequence[Cell], edges: Sequence[tuple[int, int]]) -> float:
    """What is wrong with the last line: too little on it."""
    if len(edges) < 2:
        return 0.0
    widths = [_wide(cells, start, end) for start, end in edges]
    last = [cell for cell in cells[edges[-1][0] : edges[-1][1]] if not cell.blank]
    chinese = sum(is_cjk(cell.text[-1]) for cell in last)
    if (chinese and widths[-1] < _LEAST_LAST) or (not chinese and len(last) < 2):
        return _ORPHAN
    return _SHORT if widths[-1] < max(widths) / 3 else 0.0


def _trimmed(cells: Sequence[Cell], start: int, end: int) -> tuple[int, int]:
    while start < end and cells[start].blank:
        start += 1
    while end > start and cells[end - 1].blank:
        end -= 1
    return start, end


def _wide(cells: Sequence[Cell], start: int, end: int) -> float:
    """Ems of a line of these cells, without what hangs in the margin and without the empty half of its last mark."""
    start, end = _trimmed(cells, start, end)
    if start == end:
        return 0.0
    total = sum(cell.width + cell.gap for cell in cells[start : end - 1]) + cells[end - 1].gap + cells[end - 1].last
    first = cells[start]
    return total - first.gap - (first.width if first.hung and end - start > 1 else 0.0)


def _placed(
    text: str, cells: Sequence[Cell], broken: _Broken, size: int, leading: float, room: float, align: Align
) -> Setting:
    lines = []
    widths = [_wide(cells, start, end) * size for start, end in broken.edges]
    for row, (edges, wide) in enumerate(zip(broken.edges, widths, strict=True)):
        start, end = _trimmed(cells, *edges)
        shift = {"left": 0.0, "centre": (room - wide) / 2, "right": room - wide}[align]
        runs: list[Run] = []
        x = shift
        for place in range(start, end):
            cell = cells[place]
            if place == start:
                cell = first_of_line(cell)
                x -= cell.width * size if cell.hung and end - start > 1 else 0.0
            else:
                x += cell.gap * size
            if not cell.blank:
                runs.append(Run(cell.text, x, cell.face, cell.features))
            x += cell.width * size
        said = text[cells[start].at : cells[end - 1].at + len(cells[end - 1].text)]
        lines.append(Line(said, tuple(runs), UP * size + row * leading * size, runs[0].x if runs else shift, wide))
    height = size * (1 + leading * (len(lines) - 1))
    return Setting(tuple(lines), size, leading * size, max(widths, default=0.0), height)
