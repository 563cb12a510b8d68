"""Short talks for the tests, from lists of sentences."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose import presets
from repurpose.highlights.talk import Talk, contents
from repurpose.models import Blob, Sentence, Slide, Transcript, Word

PRESET = presets.load().highlights


def transcript(texts: Sequence[str], language: str = "zh", each: int = 5_000, gap: int = 500) -> Transcript:
    sentences = []
    for i, text in enumerate(texts):
        start = i * (each + gap)
        word = Word(start=start, end=start + each, text=text)
        sentences.append(Sentence(start=start, end=start + each, text=text, words=(word,)))
    return Transcript(language=language, sentences=tuple(sentences))


def talk(texts: Sequence[str], language: str = "zh") -> Talk:
    said = transcript(texts, language)
    return Talk(said.sentences, language, contents(said), PRESET)


def page(start: int, end: int, title: str) -> Slide:
    return Slide(start=start, end=end, title=title, image=Blob(digest="0" * 64, suffix=".jpg", size=1))
