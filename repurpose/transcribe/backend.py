"""What every listening backend offers: the types, the protocol, the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from repurpose.models import Ms, Word
from repurpose.presets import TranscribePreset

Samples = NDArray[np.float32]  # mono
RATE = 16_000
CLIP: Ms = 30_000  # what Whisper hears at once


@dataclass(frozen=True)
class Heard:
    """What was heard in a clip, or a part of it; the words' times count from the clip's start."""

    words: tuple[Word, ...]
    silent: float  # 0..1, how likely nobody speaks
    sure: float  # mean log probability of a token
    packed: float  # how often the text repeats itself: its length over its compressed length


class Backend(Protocol):
    """Listens to clips of at most 30 s."""

    name: str  # library and model, with versions

    def language_of(self, clips: Sequence[Samples]) -> str:
        """The Whisper code of the language most of the clips are in."""
        ...

    def listen(self, clips: Sequence[Samples], language: str, expect: str) -> Iterator[tuple[Heard, ...]]:
        """For each clip in order what was heard in it, as fast as the backend can; `expect` names words that may come up."""
        ...

    def listen_again(self, clip: Samples, language: str) -> tuple[Heard, ...]:
        """The same for one clip, slower and more carefully, for where `listen` failed."""
        ...


BACKENDS = {
    "faster_whisper": "repurpose.transcribe.faster_whisper",
    "openai_whisper": "repurpose.transcribe.openai_whisper",
}


def open_backend(preset: TranscribePreset, threads: int) -> Backend:
    """The backend a preset names, its model loaded. Raises UserError when the library or the weights are not there."""
    load: Callable[[TranscribePreset, int], Backend] = import_module(BACKENDS[preset.backend]).load
    return load(preset, threads)
