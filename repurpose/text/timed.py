"""Sentences -> atoms: the smallest pieces a caption may be broken into, each with its time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from repurpose.models import Ms, Sentence
from repurpose.text.phrases import breaks_of, phrases_of
from repurpose.text.signs import CLOSING, STOPS, is_mark, is_wide


@dataclass(frozen=True)
class Atom:
    """A piece that stays whole. `cost` is what a break behind it costs: 0 at a sentence's end, 1 inside a phrase."""

    text: str  # with the space that follows it, if any
    start: Ms
    end: Ms
    cost: float


def atoms_of(sentence: Sentence, language: str, terms: Sequence[str] = ()) -> list[Atom]:
    """The sentence in order; the texts joined are its text, with a space behind it where the language wants one."""
    text = sentence.text
    begins, ends = _clocks(sentence)
    edges = [0, *breaks_of(text, language, terms), len(text)]
    phrase_ends: set[int] = set()
    at = 0
    for phrase in phrases_of(text, language, terms):
        at += len(phrase)
        phrase_ends.add(at)
    atoms = []
    for start, end in itertools.pairwise(edges):
        piece = text[start:end]
        atoms.append(
            Atom(
                piece,
                begins[start],
                max(begins[start] + 1, ends[_last(piece, start)]),
                _cost(piece, end in phrase_ends),
            )
        )
    last = atoms[-1]
    space = "" if is_wide(text[-1]) and is_mark(text[-1]) else " "
    atoms[-1] = Atom(last.text + space, last.start, last.end, 0.0)
    return atoms


def _cost(piece: str, phrase_end: bool) -> float:
    sign = piece.rstrip()[-1:]
    if sign in STOPS or (sign in ".;；" and piece.endswith(" ")):
        return 0.05
    if sign in CLOSING:
        return 0.15
    return 0.5 if phrase_end else 1.0


def _last(piece: str, start: int) -> int:
    return start + max(0, len(piece.rstrip()) - 1)


def _clocks(sentence: Sentence) -> tuple[list[Ms], list[Ms]]:
    """When each sign of the text begins and ends: from its word, by its share of the word's length."""
    text = sentence.text
    begins, ends = [sentence.start] * len(text), [sentence.end] * len(text)
    spans: list[tuple[int, int, Ms, Ms]] = []
    at = 0
    for word in sentence.words:
        found = text.find(word.text.strip(), at)
        if found < 0:
            continue  # text and words disagree here: the neighbours' times fill in
        spans.append((found, found + len(word.text.strip()), word.start, word.end))
        at = spans[-1][1]
    if not spans:
        spans = [(0, len(text), sentence.start, sentence.end)]
    for first, stop, start, end in spans:
        for place in range(first, stop):
            begins[place] = start + (end - start) * (place - first) // (stop - first)
            ends[place] = start + (end - start) * (place - first + 1) // (stop - first)
    _fill(begins, ends, spans, sentence)
    return begins, ends


def _fill(begins: list[Ms], ends: list[Ms], spans: list[tuple[int, int, Ms, Ms]], sentence: Sentence) -> None:
    """Signs between two words lie between their times."""
    edges = [(0, sentence.start), *[(stop, end) for _, stop, _, end in spans]]
    starts = [*[(first, start) for first, _, start, _ in spans], (len(begins), sentence.end)]
    for (first, low), (stop, high) in zip(edges, starts, strict=True):
        for place in range(first, stop):
            begins[place] = low + (high - low) * (place - first) // (stop - first)
            ends[place] = low + (high - low) * (place - first + 1) // (stop - first)
