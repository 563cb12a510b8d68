"""faster-whisper: CTranslate2 in batches, int8 on a CPU, float16 on CUDA. The default."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from repurpose.models import Word
from repurpose.presets import TranscribePreset
from repurpose.transcribe.backend import RATE, Heard, Samples
from repurpose.transcribe.weights import resolve, version

if TYPE_CHECKING:
    import faster_whisper


def load(preset: TranscribePreset, threads: int) -> FasterWhisper:
    """The backend with its model in memory. Raises UserError when the weights cannot be had."""
    import ctranslate2
    import faster_whisper

    cuda = ctranslate2.get_cuda_device_count() > 0
    model = faster_whisper.WhisperModel(
        str(resolve(preset.model)),
        device="cuda" if cuda else "cpu",
        compute_type="float16" if cuda else "int8",
        cpu_threads=threads,
    )
    return FasterWhisper(model, preset)


class FasterWhisper:
    """Listens through BatchedInferencePipeline; listens again one clip at a time, with beams and falling back."""

    def __init__(self, model: faster_whisper.WhisperModel, preset: TranscribePreset) -> None:
        import faster_whisper

        self.name = f"faster-whisper {faster_whisper.__version__}, {version(preset.model)}"
        self._model = model
        self._batched = faster_whisper.BatchedInferencePipeline(model)
        self._preset = preset

    def language_of(self, clips: Sequence[Samples]) -> str:
        if not self._model.model.is_multilingual:
            return "en"
        votes: dict[str, float] = defaultdict(float)
        for clip in clips:
            for code, share in self._model.detect_language(clip)[2]:
                votes[code] += share
        return max(votes, key=votes.__getitem__)

    def listen(self, clips: Sequence[Samples], language: str, expect: str) -> Iterator[tuple[Heard, ...]]:
        if not clips:
            return
        edges = np.cumsum([0, *(len(clip) for clip in clips)]) / RATE
        segments, _ = self._batched.transcribe(
            np.concatenate(clips),
            language=language,
            clip_timestamps=[{"start": float(start), "end": float(end)} for start, end in itertools.pairwise(edges)],
            batch_size=self._preset.batch,
            beam_size=self._preset.beam,
            word_timestamps=True,
            hotwords=expect or None,
        )
        at = 0
        heard: list[Heard] = []
        for segment in segments:
            # A clip may yield several segments; `seek` is the hundredth of a second the clip begins at, rounded down.
            while at + 1 < len(clips) and segment.seek > edges[at + 1] * 100 - 2:
                yield tuple(heard)
                heard = []
                at += 1
            heard.append(_heard(segment, float(edges[at]), len(clips[at])))
        yield tuple(heard)
        yield from ((),) * (len(clips) - at - 1)

    def listen_again(self, clip: Samples, language: str) -> tuple[Heard, ...]:
        segments, _ = self._model.transcribe(
            clip,
            language=language,
            beam_size=5,
            word_timestamps=True,
            condition_on_previous_text=False,
            without_timestamps=False,
        )
        return tuple(_heard(segment, 0.0, len(clip)) for segment in segments)


def _heard(segment: Any, offset: float, samples: int) -> Heard:
    length = samples * 1000 // RATE
    words = []
    for word in segment.words or ():
        start = min(max(0, round((float(word.start) - offset) * 1000)), max(0, length - 1))
        end = min(max(start + 1, round((float(word.end) - offset) * 1000)), max(start + 1, length))
        if word.word:
            words.append(
                Word(start=start, end=end, text=word.word, confidence=min(1.0, max(0.0, float(word.probability))))
            )
    return Heard(
        tuple(words), float(segment.no_speech_prob), float(segment.avg_logprob), float(segment.compression_ratio)
    )
