"""Short titles in the speaker's own words: what of a sentence may stand as one."""

from __future__ import annotations

import re

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CLAUSES = re.compile(r"(?<=[，,：:、—；;])")
_PIECES = re.compile(r"[A-Za-z0-9'’%.+&-]+\s*|.", re.S)
_EDGES = " \t\n，,。.；;：:、—-…!！"
MOST: int = 24  # Chinese characters
LATIN = 60  # so many Latin characters are as wide
_FEW = 6


def candidates(text: str, most: int = MOST) -> list[tuple[float, str]]:
    """Pieces of a sentence that may stand as a title, each with how well it does: whole, else its clauses, else its
    beginning, cut after a word.
    """
    whole = text.strip(_EDGES)
    if not whole:
        return []
    if width(whole) <= most:
        return [(1.0 if width(whole) >= _FEW else 0.4, whole)]
    clauses = [clause.strip(_EDGES) for clause in _CLAUSES.split(whole)]
    found = [(0.8 if width(clause) >= _FEW else 0.4, clause) for clause in clauses if clause and width(clause) <= most]
    cut = shortened(whole, most)
    return found or ([(0.2, cut)] if cut else [])


def shortened(text: str, most: int = MOST) -> str:
    """The beginning of `text`, cut after a word, that is at most `most` Chinese characters wide."""
    out = ""
    for piece in _PIECES.findall(" ".join(text.split())):
        if width((out + piece).strip()) > most:
            break
        out += piece
    return out.strip(_EDGES) or text.strip()[: most if _CJK.search(text) else most * LATIN // MOST]


def width(text: str) -> float:
    """In Chinese characters; a Latin one is 24/60 of it."""
    wide = len(_CJK.findall(text))
    return wide + (len(text) - wide) * MOST / LATIN
