"""The stage: the recording's sound, or subtitles handed in -> what was said, with the time of every word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from repurpose.context import Context
from repurpose.models import Ms, Sound, Source, Transcript, Vocabulary, Word
from repurpose.presets import TranscribePreset
from repurpose.transcribe.backend import Backend, open_backend
from repurpose.transcribe.divide import divide
from repurpose.transcribe.edges import trim
from repurpose.transcribe.hear import Listener
from repurpose.transcribe.language import code_of, find_language
from repurpose.transcribe.pieces import spell
from repurpose.transcribe.stops import punctuate
from repurpose.transcribe.subtitles import imported
from repurpose.transcribe.windows import windows_of

EXPECTED = 120  # signs of names and terms told to the listener; more of them crowd out what is said
AGAIN = 10  # per cent of the recording that may be listened to twice
NOTES = 50


def transcribe(
    source: Source, sound: Sound, vocabulary: Vocabulary, preset: TranscribePreset, ctx: Context
) -> Transcript:
    """Everything that was said, in sentences, with the time of every word; empty when nobody speaks.

    Subtitles handed in are taken as they are. Raises UserError for a language or weights nobody knows.
    """
    language = code_of(vocabulary.language)
    if source.subtitles is not None:
        return imported(ctx.store.path(source.subtitles), language)
    if sound.speech is None or sound.integrated is None:
        return Transcript(language="")
    backend = open_backend(preset, ctx.threads)
    return listen(backend, ctx.store.path(sound.speech), sound, language, vocabulary.words, preset.window, ctx)


def listen(
    backend: Backend,
    speech: Path,
    sound: Sound,
    language: str,
    terms: Sequence[str],
    window_length: Ms,
    ctx: Context,
) -> Transcript:
    """What `backend` hears in the speech track, window by window, as sentences; `language` "" lets it find out."""
    duration: Ms = max(1, len(sound.loudness) * 100)
    language = language or find_language(backend, speech, sound.pauses, duration)
    if not language:
        return Transcript(language="", backend=backend.name)
    listener = Listener(backend, language, expected(terms), sound.pauses, again=duration * AGAIN // 100 + 60_000)
    words: list[Word] = []
    for window in windows_of(speech, sound.pauses, window_length):
        heard = listener.hear(window, lambda at: ctx.beat(min(1.0, at / duration)))
        words += spell(heard, language, terms)
    words = trim(words, sound.pauses)
    if language in {"zh", "yue"}:
        words = punctuate(words, sound.pauses)
    sentences = divide(words, sound.pauses, language)
    notes = listener.notes
    if len(notes) > NOTES:
        notes = [*notes[:NOTES], f"and {len(notes) - NOTES} more"]
    return Transcript(
        language=language if sentences else "",
        sentences=tuple(sentences),
        backend=backend.name,
        notes=tuple(notes),
    )


def expected(terms: Sequence[str]) -> str:
    """As many of the terms as the listener can be told beforehand, in the order given."""
    told = ""
    for term in dict.fromkeys(term.strip() for term in terms if term.strip()):
        if len(told) + len(term) > EXPECTED:
            break
        told = f"{told}, {term}" if told else term
    return told
