"""Which language a recording is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from repurpose.errors import UserError
from repurpose.models import Ms, Span
from repurpose.transcribe.backend import Backend, Samples
from repurpose.transcribe.clips import pack, speech_in
from repurpose.transcribe.windows import windows_of

SAMPLES = 3  # clips the language is told from
REACH: Ms = 60_000  # sound searched for speech around each


def code_of(language: str) -> str:
    """`zh-CN`, `ZH`, `en_US` as Whisper's code; "" stays "". Raises UserError for a language Whisper does not know."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    code = re.split("[-_]", language.strip().lower())[0]
    if code and code not in _LANGUAGE_CODES:
        raise UserError(
            f"language = {language!r}: Whisper does not know it. Write a code such as zh or en, or leave it out to let it be found."
        )
    return code


def find_language(backend: Backend, path: Path, pauses: Sequence[Span], duration: Ms) -> str:
    """The Whisper code most clips spread over the recording are in; "" when nobody speaks in any of them."""
    places = sorted({duration * (2 * number + 1) // (2 * SAMPLES) for number in range(SAMPLES)})
    clips: list[Samples] = []
    fallback: list[Samples] = []
    for window in windows_of(path, pauses, REACH):
        wanted = [place for place in places if window.start <= place < window.end]
        if not wanted and (clips or fallback):
            continue
        found = pack(speech_in(window.samples))
        if found:
            best = max(found, key=lambda clip: clip.length).samples(window.samples)
            (clips if wanted else fallback).append(best)
    heard = clips or fallback
    return backend.language_of(heard) if heard else ""
