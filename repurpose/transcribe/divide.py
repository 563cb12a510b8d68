"""Words -> sentences, none longer than a listener can hold where a pause or a comma allows to split."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from repurpose.models import Ms, Sentence, Span, Word
from repurpose.text.join import join_words
from repurpose.text.sentences import sentences_of
from repurpose.text.signs import CLOSING, wraps_by_sign
from repurpose.transcribe.edges import silence_between

LONG_WIDE = 60  # Chinese characters
LONG_LATIN = 40  # words
APART: Ms = 3000  # a silence this long ends a sentence whatever the marks say


def divide(words: Sequence[Word], pauses: Sequence[Span], language: str) -> list[Sentence]:
    """The words as sentences, in order; each one's text is its words joined."""
    if not words:
        return []
    silences = [silence_between(before, after, pauses) for before, after in pairwise(words)]
    ends = _ends(words, language) | {place for place, silence in enumerate(silences, 1) if silence >= APART}
    edges = sorted({0, *ends, len(words)})
    wide = wraps_by_sign(language)
    found: list[Sentence] = []
    for first, stop in pairwise(edges):
        inner = _split(words[first:stop], silences[first : stop - 1], language)
        found += [_sentence(_ended(part) if wide else part, language) for part in inner]
    return found


def _ends(words: Sequence[Word], language: str) -> set[int]:
    """After how many words a sentence ends, by the marks."""
    text = join_words([word.text for word in words], language)
    lengths: list[int] = []  # letters said before each word's end
    total = 0
    for word in words:
        total += _weight(word.text)
        lengths.append(total)
    ends: set[int] = set()
    said = place = 0
    for sentence in sentences_of(text, language):
        said += _weight(sentence)
        while place < len(words) and lengths[place] < said:
            place += 1
        ends.add(place + 1)
    return ends


def _weight(text: str) -> int:
    return sum(not sign.isspace() for sign in text)


def _split(words: Sequence[Word], silences: Sequence[Ms], language: str) -> list[Sequence[Word]]:
    """Halves of too long a sentence, again until short enough, at its longest pause or its most central comma."""
    wide = wraps_by_sign(language)
    size = sum(len(word.text) for word in words) if wide else len(words)
    longest = LONG_WIDE if wide else LONG_LATIN
    if size <= longest or len(words) < 6:
        return [words]
    best, at = 0.0, 0
    for place in range(3, len(words) - 2):
        silence = silences[place - 1]
        comma = words[place - 1].text[-1] in CLOSING
        if silence < 120 and not comma:
            continue
        central = 1.0 - abs(2 * place / len(words) - 1.0)
        worth = (min(silence, 800) / 400 + comma) * (0.2 + central)
        if worth > best:
            best, at = worth, place
    if not at:
        return [words]
    return [
        *_split(words[:at], silences[: at - 1], language),
        *_split(words[at:], silences[at:], language),
    ]


def _ended(words: Sequence[Word]) -> Sequence[Word]:
    """Our commas come from pauses; where a sentence is split at one, it was a stop."""
    last = words[-1]
    if last.text[-1] not in "，、；：":
        return words
    return [*words[:-1], last.model_copy(update={"text": last.text[:-1] + "。"})]


def _sentence(words: Sequence[Word], language: str) -> Sentence:
    return Sentence(
        start=words[0].start,
        end=words[-1].end,
        text=join_words([word.text for word in words], language),
        words=tuple(words),
    )
