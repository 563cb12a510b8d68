"""The stage: what was heard -> the transcript, its Chinese spelled as the slides show it and the event file names it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from repurpose.context import Context
from repurpose.models import Ms, Sentence, Slides, Transcript, Vocabulary, Word
from repurpose.text.homophones import Spellings, respell, spellings
from repurpose.text.join import join_words
from repurpose.transcribe import subtitles

NEAR: Ms = 5000  # a slide is spoken about a little before it comes and after it went
TOLD = 12  # changes that the note lists


def as_shown(heard: Transcript, slides: Slides, vocabulary: Vocabulary, ctx: Context) -> Transcript:
    """The transcript with words that sound like what is on the slide just then written as they are there.

    Mandarin only, and only what a listener wrote: subtitles that were handed in stay as they are. Times, words and their
    number stay; a note says what was changed.
    """
    if heard.language != "zh" or heard.backend == subtitles.NAME:
        return heard
    changes: dict[str, None] = {}
    sentences = []
    for number, sentence in enumerate(heard.sentences):
        near = [
            page.text for page in slides.pages if page.start - NEAR < sentence.end and page.end + NEAR > sentence.start
        ]
        words = _spelled(sentence.words, near, vocabulary.words, changes)
        sentences.append(sentence if words == sentence.words else _again(sentence, words, heard.language))
        ctx.beat((number + 1) / len(heard.sentences))
    if not changes:
        return heard
    listed = ", ".join(list(changes)[:TOLD]) + (f" and {len(changes) - TOLD} more" if len(changes) > TOLD else "")
    note = f"spelled as shown on the slides: {listed}"
    return heard.model_copy(update={"sentences": tuple(sentences), "notes": (*heard.notes, note)})


def _spelled(
    words: Sequence[Word], near: Sequence[str], terms: Sequence[str], changes: dict[str, None]
) -> tuple[Word, ...]:
    text = "".join(word.text for word in words)
    sure = [word.confidence for word in words for _ in word.text]
    written = respell(text, sure, _shown(tuple(near), tuple(terms)), terms)
    found, at = [], 0
    for word in words:
        spelled = written[at : at + len(word.text)]
        at += len(word.text)
        found.append(word if spelled == word.text else word.model_copy(update={"text": spelled}))
        if spelled != word.text:
            changes[f"{word.text} → {spelled}"] = None
    return tuple(found)


@lru_cache(maxsize=4)
def _shown(near: tuple[str, ...], terms: tuple[str, ...]) -> Spellings:
    """What is near one sentence is near the next."""
    return spellings(near, terms)


def _again(sentence: Sentence, words: tuple[Word, ...], language: str) -> Sentence:
    return sentence.model_copy(update={"words": words, "text": join_words([word.text for word in words], language)})
