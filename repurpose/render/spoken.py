"""Sentences -> captions with the clock of every word in them: what lights up, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from repurpose.models import Ms, Sentence
from repurpose.render.typeset import bare_end, gaps_of
from repurpose.text.cues import Page, cues_of

LINGER: Ms = 400  # a word stays lit until the next one when that comes this soon
CLOSED: Ms = 300  # captions this close to each other follow without a gap: a short one flickers


@dataclass(frozen=True)
class Piece:
    """A piece of a line that is said in one go; `start` and `end` are None where no word's time is known."""

    text: str
    start: Ms | None = None
    end: Ms | None = None


@dataclass(frozen=True)
class Caption:
    """One or two lines, each in pieces, in the order they are said."""

    start: Ms
    end: Ms
    lines: tuple[tuple[Piece, ...], ...]

    def texts(self) -> tuple[str, ...]:
        """Each line in one piece, as it is drawn."""
        return tuple("".join(piece.text for piece in line) for line in self.lines)


def captions_of(
    sentences: Sequence[Sentence], language: str, terms: Sequence[str], until: Ms, page: Page
) -> list[Caption]:
    """The captions in order, none over the next, none after `until`; their lines as they are drawn."""
    told = _told(sentences)
    at = 0
    found: list[Caption] = []
    for cue in cues_of(sentences, language, terms, until, page):
        lines: list[tuple[Piece, ...]] = []
        for text in cue.lines:
            words: list[_Clock | None] = []
            for sign in text:
                blank = sign.isspace()
                words.append(words[-1] if blank and words else told[at][1])
                at += not blank
            lines.append(_pieces(text, words))
        found.append(Caption(cue.start, cue.end, tuple(lines)))
    return _closed(found)


@dataclass(frozen=True)
class _Clock:
    start: Ms
    end: Ms


def _told(sentences: Sequence[Sentence]) -> list[tuple[str, _Clock | None]]:
    """Every sign that is no space, in order, with the clock of its word. Captions hold the same signs in the same order."""
    told: list[tuple[str, _Clock | None]] = []
    for sentence in sentences:
        clocks: list[_Clock | None] = [None] * len(sentence.text)
        at = 0
        for word, following in zip(sentence.words, [*sentence.words[1:], None], strict=False):
            text = word.text.strip()
            place = sentence.text.find(text, at)
            if place < 0:
                continue  # text and words disagree here: these signs light up with no word
            at = place + len(text)
            soon = following is not None and following.start - word.end <= LINGER
            end = max(word.end, following.start) if soon and following is not None else word.end
            clocks[place:at] = [_Clock(word.start, end)] * len(text)
        told += [(sign, clock) for sign, clock in zip(sentence.text, clocks, strict=True) if not sign.isspace()]
    return told


def _pieces(text: str, words: Sequence[_Clock | None]) -> tuple[Piece, ...]:
    gaps = gaps_of(text)
    pieces: list[Piece] = []
    for clock, group in groupby(range(bare_end(text)), key=lambda place: words[place]):
        drawn = "".join(" " * (place in gaps) + text[place] for place in group)
        pieces.append(Piece(drawn, clock.start, clock.end) if clock else Piece(drawn))
    return tuple(pieces)


def _closed(captions: Sequence[Caption]) -> list[Caption]:
    held = [
        replace(caption, end=following.start) if 0 < following.start - caption.end <= CLOSED else caption
        for caption, following in pairwise(captions)
    ]
    return [*held, *captions[-1:]]
