"""How a page is read: the order of its lines, and which of them is the title. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from repurpose.slides.ocr import Line

_GUTTER = 0.025  # share of the width: emptiness this wide from top to bottom parts two columns
_TOP = 0.5  # a title begins in the upper half
_FOOT = 0.88  # what begins below is a footer


def ordered(lines: Sequence[Line]) -> list[Line]:
    """The lines as one reads them: block after block, in each column from top to bottom."""
    lines = sorted(lines, key=lambda line: (line.top, line.left))
    if len(lines) < 2:
        return list(lines)
    columns = _parted(lines, lambda line: (line.left, line.right), _GUTTER)
    if len(columns) > 1 and all(len(column) > 1 for column in columns):
        return [line for column in columns for line in ordered(column)]
    bands = _parted(lines, lambda line: (line.top, line.bottom), 0.0)
    if len(bands) > 1:
        # Cut at the widest gap only: what lies on either side may be in columns that a smaller gap would cut through.
        gaps = [min(b.top for b in below) - max(a.bottom for a in above) for above, below in pairwise(bands)]
        cut = gaps.index(max(gaps)) + 1
        return ordered([line for band in bands[:cut] for line in band]) + ordered(
            [line for band in bands[cut:] for line in band]
        )
    if len(columns) > 1:
        return [line for column in columns for line in ordered(column)]
    return sorted(lines, key=lambda line: (round(line.top / max(line.height, 0.01)), line.left))


def title_of(lines: Sequence[Line], furniture: frozenset[str] = frozenset()) -> str:
    """The largest text near the top, with a second line of its size; never the logo, the footer or the page number.

    `furniture`: texts that stand on most pages of the deck. "" when there is nothing that could be a title.
    """
    able = [
        line for line in lines if line.level and line.top < _FOOT and _wordy(line.text) and line.text not in furniture
    ]
    able = [
        line for line in able if not (line.left > 0.75 and line.right - line.left < 0.2 and line.top < 0.15)
    ] or able
    high = [line for line in able if line.top < _TOP] or able
    if not high:
        return ""
    tallest = max(line.height for line in high)
    first = min((line for line in high if line.height >= 0.85 * tallest), key=lambda line: (line.top, line.left))
    title, last = first.text, first
    for line in ordered(able):
        below = line.top >= last.top and line.top - last.bottom < 0.6 * last.height and line is not last
        beside = line.left < last.right and last.left < line.right
        if below and beside and 0.8 < line.height / first.height < 1.25 and len(title) + len(line.text) < 90:
            title += ("" if _wide(title[-1]) or _wide(line.text[0]) else " ") + line.text
            last = line
    return title


def furniture_of(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Texts that stand at the same place on more than half of the pages: logos, footers. Empty for fewer than four pages."""
    if len(pages) < 4:
        return frozenset()
    seen = Counter(
        key for lines in pages for key in {(line.text, round(line.left, 1), round(line.top, 1)) for line in lines}
    )
    return frozenset(text for (text, _, _), count in seen.items() if count > len(pages) / 2)


def _parted(lines: Sequence[Line], extent: Callable[[Line], tuple[float, float]], gap: float) -> list[list[Line]]:
    """The lines in groups with more than `gap` of emptiness between, along one axis."""
    groups: list[list[Line]] = []
    end = 0.0
    for line in sorted(lines, key=extent):
        low, high = extent(line)
        if groups and low - end <= gap:
            groups[-1].append(line)
        else:
            groups.append([line])
        end = max(end, high) if len(groups[-1]) > 1 else high
    return groups


def _wordy(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= 2


def _wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\uffef"
