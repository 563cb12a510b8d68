"""What Whisper calls words -> our words: whole in Latin script, pieces of 1-4 characters in Chinese, marks attached."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from repurpose.models import Ms, Word
from repurpose.text.phrases import pieces_of
from repurpose.text.script import simplify
from repurpose.text.signs import CJK, CLOSING, OPENING, is_cjk, is_mark, wraps_by_sign

LONGEST = 4  # characters in a Chinese piece
_wide_marks = {",": "，", "?": "？", "!": "！", ":": "：", ";": "；", ".": "。"}
# A narrow mark that touches Chinese on either side becomes a wide one, in place: positions stay.
_narrow = re.compile(rf"(?<=[{CJK}])[,?!:;]|(?<=[{CJK}])\.(?=\s|$|[{CJK}])|[,?!;](?=\s*[{CJK}])")


class _Sign(NamedTuple):
    text: str
    start: Ms
    end: Ms
    confidence: float


def spell(heard: Sequence[Word], language: str, terms: Sequence[str] = ()) -> list[Word]:
    """The words in order, without spaces around them, Chinese in Simplified; times as they were heard."""
    if not wraps_by_sign(language):
        return _latin(heard)
    signs = [sign for word in heard for sign in _signs(word)]
    text = "".join(sign.text for sign in signs)
    text = _narrow.sub(lambda match: _wide_marks[match[0]], text)
    if language in {"zh", "yue"}:
        folded = simplify(text)
        text = folded if len(folded) == len(text) else "".join(_folded(sign) for sign in text)
    words: list[Word] = []
    at = 0
    for piece in _short(pieces_of(text, terms)):
        part = signs[at : at + len(piece)]
        at += len(piece)
        if piece.strip():
            words.append(_word(piece.strip(), part))
    return _attached(words)


def _signs(word: Word) -> list[_Sign]:
    """One entry a character; marks and spaces take no time."""
    spoken = sum(sign.isalnum() for sign in word.text) or 1
    passed = 0
    signs = []
    for sign in word.text:
        start = word.start + word.length * passed // spoken
        passed = min(spoken, passed + sign.isalnum())
        signs.append(_Sign(sign, start, word.start + word.length * passed // spoken, word.confidence))
    return signs


def _folded(sign: str) -> str:
    folded = simplify(sign)
    return folded if len(folded) == 1 else sign


def _short(pieces: Sequence[str]) -> list[str]:
    """Long Chinese words in equal parts of at most four characters."""
    short: list[str] = []
    for piece in pieces:
        if len(piece) <= LONGEST or not all(is_cjk(sign) for sign in piece):
            short.append(piece)
            continue
        parts = -(-len(piece) // LONGEST)
        edges = [len(piece) * part // parts for part in range(parts + 1)]
        short += [piece[edges[part] : edges[part + 1]] for part in range(parts)]
    return short


def _word(text: str, signs: Sequence[_Sign]) -> Word:
    start = signs[0].start
    confidence = sum(sign.confidence for sign in signs) / len(signs)
    return Word(start=start, end=max(start + 1, signs[-1].end), text=text, confidence=confidence)


def _latin(heard: Sequence[Word]) -> list[Word]:
    """A token without a space before it belongs to the word before: `twenty` `-five`."""
    words: list[Word] = []
    for word in heard:
        text = word.text.strip()
        if not text:
            continue
        if words and not word.text[0].isspace() and not is_cjk(text[0]):
            last = words[-1]
            words[-1] = last.model_copy(update={"text": last.text + text, "end": max(last.end, word.end)})
        else:
            words.append(word.model_copy(update={"text": text}))
    return _attached(words)


def _attached(words: Sequence[Word]) -> list[Word]:
    """Marks on their own join a neighbour: opening ones the next word, all others the one before."""
    joined: list[Word] = []
    opening = ""
    for word in words:
        if all(is_mark(sign) for sign in word.text):
            if all(sign in OPENING for sign in word.text):
                opening += word.text
            elif joined and (word.text[0] in CLOSING or word.text[0] in "-—"):
                joined[-1] = joined[-1].model_copy(update={"text": joined[-1].text + word.text})
            continue
        joined.append(word.model_copy(update={"text": opening + word.text}))
        opening = ""
    return joined
