"""openai-whisper: the reference implementation, slower, from the same weights. The extra `[openai-whisper]`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from repurpose.errors import UserError
from repurpose.models import Word
from repurpose.presets import TranscribePreset
from repurpose.transcribe.backend import RATE, Heard, Samples
from repurpose.transcribe.weights import resolve, version

if TYPE_CHECKING:
    import whisper

# The library's own fallback: warmer when a hearing repeats itself or is unsure.
WARMER = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def load(preset: TranscribePreset, threads: int) -> OpenaiWhisper:
    """The backend with its model in memory. Raises UserError when the library or the weights cannot be had."""
    try:
        import torch
        import whisper  # noqa: F401
    except ImportError as error:
        raise UserError(
            "backend = 'openai_whisper': openai-whisper is not installed. Run pip install openai-whisper,"
            " or use faster_whisper."
        ) from error
    from repurpose.transcribe.openai_weights import load as load_weights

    torch.set_num_threads(threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return OpenaiWhisper(load_weights(resolve(preset.model)).to(device), preset)


class OpenaiWhisper:
    """Listens to one clip after the other; listens again with beams and falling back."""

    def __init__(self, model: whisper.Whisper, preset: TranscribePreset) -> None:
        import whisper

        self.name = f"openai-whisper {whisper.__version__}, {version(preset.model)}"
        self._model = model
        self._preset = preset

    def language_of(self, clips: Sequence[Samples]) -> str:
        import whisper

        if not self._model.is_multilingual:
            return "en"
        votes: dict[str, float] = defaultdict(float)
        for clip in clips:
            mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(clip), self._model.dims.n_mels)
            for code, share in self._model.detect_language(mel.to(self._model.device))[1].items():
                votes[code] += share
        return max(votes, key=votes.__getitem__)

    def listen(self, clips: Sequence[Samples], language: str, expect: str) -> Iterator[tuple[Heard, ...]]:
        for clip in clips:
            beam = self._preset.beam if self._preset.beam > 1 else None
            yield self._hear(clip, language, expect, temperature=0.0, beam_size=beam)

    def listen_again(self, clip: Samples, language: str) -> tuple[Heard, ...]:
        return self._hear(clip, language, "", temperature=WARMER, beam_size=5)

    def _hear(self, clip: Samples, language: str, expect: str, **how: Any) -> tuple[Heard, ...]:
        found = self._model.transcribe(
            clip,
            language=language,
            initial_prompt=expect or None,
            word_timestamps=True,
            condition_on_previous_text=False,
            fp16=self._model.device.type == "cuda",
            verbose=None,
            **how,
        )
        return tuple(_heard(segment, len(clip) * 1000 // RATE) for segment in found["segments"])


def _heard(segment: dict[str, Any], length: int) -> Heard:
    words = []
    for word in segment["words"]:
        start = min(max(0, round(float(word["start"]) * 1000)), max(0, length - 1))
        end = min(max(start + 1, round(float(word["end"]) * 1000)), max(start + 1, length))
        if word["word"]:
            confidence = min(1.0, max(0.0, float(word["probability"])))
            words.append(Word(start=start, end=end, text=word["word"], confidence=confidence))
    return Heard(
        tuple(words),
        float(segment["no_speech_prob"]),
        float(segment["avg_logprob"]),
        float(segment["compression_ratio"]),
    )
