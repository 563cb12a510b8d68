"""A talk as the signals see it: sentences with their words, and everything known about the time they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from repurpose.models import Chapters, Live, Retention, Sentence, Slides, Sound, Transcript
from repurpose.presets import HighlightsPreset
from repurpose.text.topic_words import content


@dataclass(frozen=True)
class Talk:
    """What each signal may read. `words` are the meaning-bearing words of each sentence, in lower case."""

    sentences: tuple[Sentence, ...]
    language: str
    words: tuple[tuple[str, ...], ...]
    preset: HighlightsPreset
    sound: Sound = field(default_factory=lambda: Sound(speech=None))
    slides: Slides = field(default_factory=Slides)
    chapters: Chapters = field(default_factory=Chapters)
    live: Live = field(default_factory=Live)
    retention: Retention = field(default_factory=Retention)

    def phrases(self, lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The phrases of a preset list in this talk's language, in lower case."""
        return tuple(phrase.lower() for phrase in lists.get(self.language, ()))


def contents(transcript: Transcript) -> tuple[tuple[str, ...], ...]:
    """`content` of each sentence."""
    return tuple(content(sentence.text, transcript.language) for sentence in transcript.sentences)


def ranked(values: Sequence[float]) -> list[float]:
    """Each value's place among all, 0 for the least to 1 for the greatest; equal values share their middle place."""
    if len(values) < 2 or min(values) == max(values):
        return [0.5] * len(values)
    order = sorted(range(len(values)), key=values.__getitem__)
    out = [0.0] * len(values)
    k = 0
    while k < len(order):
        j = k
        while j + 1 < len(order) and values[order[j + 1]] == values[order[k]]:
            j += 1
        for i in order[k : j + 1]:
            out[i] = (k + j) / 2 / (len(values) - 1)
        k = j + 1
    return out
