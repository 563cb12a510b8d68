"""Running text -> sentences."""

from __future__ import annotations

import itertools
import re

from repurpose.text.signs import wraps_by_sign

# A full stop of any width ends a Chinese sentence, with the closing quotes behind it; the dot of 3.5 or a URL does not.
_zh_end = re.compile(
    r"(?:[。！？!?]+|…{1,2}(?=\s|$|[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\.(?=\s|$))[”’」』）)\"]*\s*|\n+"
)


def sentences_of(text: str, language: str) -> list[str]:
    """The sentences in order, trimmed, none empty; `3.5`, `U.S.` and `Dr.` end none."""
    if wraps_by_sign(language):
        edges = [0, *(match.end() for match in _zh_end.finditer(text)), len(text)]
        found = [text[start:end] for start, end in itertools.pairwise(edges)]
    else:
        import sentencex

        found = [part for line in text.splitlines() for part in sentencex.segment(language or "en", line)]
    return [sentence.strip() for sentence in found if sentence.strip()]
