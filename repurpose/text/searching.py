"""Text as a search compares it: a Chinese character is a token, and so is a run of letters or digits.

What is searched for is cut into words (Chinese by jieba), and a word of several characters is looked for as characters that
stand side by side. So it is found however the text around it would have been cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from repurpose.text.jieba_words import cut
from repurpose.text.script import simplify
from repurpose.text.signs import CJK, is_cjk
from repurpose.text.topic_words import EMPTY

_token = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")
_run = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
MOST = 12  # words of one search that count


class Token(NamedTuple):
    """A token and where it stands in the text."""

    text: str
    start: int
    end: int


class Sought(NamedTuple):
    """A word searched for: tokens that stand side by side; `open`, when the last may go on (cost, costing)."""

    tokens: tuple[str, ...]
    open: bool


def tokens(text: str) -> list[Token]:
    """The text's tokens in order: Simplified, in lower case, full-width forms folded, English plurals without their s."""
    plain = simplify(text)
    if len(plain) != len(text):
        plain = text
    return [Token(_folded(found[0]), *found.span()) for found in _token.finditer(plain)]


def sought(words: str) -> tuple[Sought, ...]:
    """What a reader's words ask for, each word once, without those that carry nothing (the, 的) unless there are no others."""
    pieces: list[str] = []
    for run in _run.findall(simplify(words.strip()[:200])):
        pieces += cut(run) if is_cjk(run[0]) else [run]
    telling = [piece for piece in pieces if piece.lower() not in EMPTY] or pieces
    found = (Sought(tuple(token.text for token in tokens(piece)), _may_go_on(piece)) for piece in telling)
    return tuple(dict.fromkeys(one for one in found if one.tokens))[:MOST]


def marks(text: str, words: Sequence[Sought]) -> tuple[tuple[int, int], ...]:
    """Where in the text the words stand: [start, end) of its characters, in order, none overlapping."""
    inside = tokens(text)
    found = [
        (inside[at].start, inside[at + len(word.tokens) - 1].end)
        for word in words
        for at in range(len(inside) - len(word.tokens) + 1)
        if _is_at(inside, at, word)
    ]
    return tuple(_joined(found))


def _is_at(inside: Sequence[Token], at: int, word: Sought) -> bool:
    here = [token.text for token in inside[at : at + len(word.tokens)]]
    if len(here) < len(word.tokens) or here[:-1] != list(word.tokens[:-1]):
        return False
    return here[-1].startswith(word.tokens[-1]) if word.open else here[-1] == word.tokens[-1]


def _joined(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _may_go_on(piece: str) -> bool:
    return len(piece) >= 3 and not is_cjk(piece[-1]) and not piece.isdigit()


def _folded(token: str) -> str:
    plain = unicodedata.normalize("NFKC", token).casefold()
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain
