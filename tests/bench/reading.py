"""How much of a source slide can still be read in a film: OCR on both, line by line at the same place. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from repurpose.models import Box
from repurpose.slides.ocr import Line

_WORD = re.compile(r"[a-z0-9]+(?:[.,'][a-z0-9]+)*|[\u3400-\u9fff]")
_NEAR = 0.01  # share of the picture that two finds of one line may lie apart


def words_of(text: str) -> list[str]:
    """Latin words and numbers in lower case, Chinese characters one by one."""
    return _WORD.findall(text.lower())


def kept(source: Sequence[Line], film: Sequence[Line]) -> tuple[int, list[str]]:
    """How many words the source's lines have, and those that the film's text at the same place does not hold.

    Spaces count for nothing: OCR finds them or not as it pleases. Both give places as shares of the same picture.
    """
    count, lost = 0, []
    for line in source:
        there = "".join("".join(words_of(other.text)) for other in sorted(film, key=_left) if _meets(line, other))
        for word in words_of(line.text):
            count += 1
            at = there.find(word)
            if at < 0:
                lost.append(word)
            else:
                there = there[:at] + " " + there[at + len(word) :]  # each letter serves once
    return count, lost


def placed(lines: Sequence[Line], view: Box, width: int, height: int) -> list[Line]:
    """Lines found on a panel that shows `view` of a `width` x `height` picture, as shares of that picture."""
    return [
        replace(
            line,
            left=(view.x + line.left * view.width) / width,
            right=(view.x + line.right * view.width) / width,
            top=(view.y + line.top * view.height) / height,
            bottom=(view.y + line.bottom * view.height) / height,
        )
        for line in lines
    ]


def _left(line: Line) -> float:
    return line.left


def _meets(one: Line, other: Line) -> bool:
    """Do two lines share a place?"""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > -_NEAR and down > 0.3 * min(one.height, other.height)
