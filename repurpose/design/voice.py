"""A guest's voice over one quote: where it is cut, how it comes to level, how loud it is from moment to moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from repurpose.context import Context
from repurpose.errors import NothingFits
from repurpose.media import soundcut
from repurpose.media.audio import pcm_from
from repurpose.media.heard import after_aac, peak_of
from repurpose.media.limiter import RATE, Curve, Samples
from repurpose.media.loudness import gain_to, integrated
from repurpose.media.soundcut import Stretch, channels_of
from repurpose.models import Ms, Quote, Sentence, Transcript
from repurpose.presets import MotionPreset
from repurpose.text.signs import OPENING, bare

BEFORE, AFTER = 160, 320  # milliseconds heard before the first word and after the last, where nobody else speaks
_SPARE_DB = 0.1  # left below the ceiling: another build of the encoder rounds otherwise
_TRIES = 3  # to get the peaks under it
_EVEN = 0.6  # power that makes soft syllables seen beside loud ones
_FINE = 0.1  # of the highest sample: peaks below are not measured finely


@dataclass(frozen=True)
class Voice:
    """A quote as it is heard: `start` and `end` on the recording's clock, `samples` [n, channels] at 48 kHz."""

    start: Ms
    end: Ms
    samples: Samples

    @property
    def length(self) -> Ms:
        return self.end - self.start


def heard_from(quote: Quote, spoken: Transcript, duration: Ms) -> tuple[Ms, Ms]:
    """From when to when the quote is heard: a breath before and after it, but nothing of what others say. Pure."""
    before = max((one.end for one in spoken.sentences if one.end <= quote.start), default=0)
    after = min((one.start for one in spoken.sentences if one.start >= quote.end), default=duration)
    start = max(quote.start - BEFORE, (before + quote.start) // 2)
    return start, min(quote.end + AFTER, (quote.end + after + 1) // 2, max(duration, quote.end))


def moments(text: str, said: Sequence[Sentence], origin: Ms) -> list[Ms]:
    """For each sign of `text` that is no space, when it is said, in milliseconds after `origin`. Pure.

    The signs of a word come with it, marks with the word they close or open. Where sentences have no words, and where the
    words say a little else than the text, the time in between is shared out evenly.
    """
    spoken = [at - origin for sentence in said for at in _signs(sentence)]
    signs = [sign for sign in text if not sign.isspace()]
    sounding = [bool(bare(sign)) for sign in signs]
    many, found, passed = sum(sounding), [], 0
    for sign, sounds in zip(signs, sounding, strict=True):
        place = passed if sounds or sign in OPENING else max(0, passed - 1)
        place = min(place, max(0, many - 1))
        found.append(spoken[place * len(spoken) // many] if spoken and many else 0)
        passed += sounds
    return found


def _signs(sentence: Sentence) -> list[Ms]:
    """When each sounding sign of a sentence is said."""
    if sentence.words:
        return [word.start for word in sentence.words for _ in bare(word.text)]
    many = len(bare(sentence.text))
    return [sentence.start + sentence.length * number // many for number in range(many)]


def voice_of(path: Path, start: Ms, end: Ms, preset: MotionPreset, ctx: Context) -> Voice:
    """The recording's sound from `start` to `end`, faded at both ends, at the preset's loudness and under its peak.

    Raises NothingFits where nothing is heard.
    """
    channels = channels_of(path)
    first, count = start * RATE // 1000, (end - start) * RATE // 1000
    begins, blocks = pcm_from(path, RATE, channels, first)
    kept = ctx.scratch / "voice.f32"
    cut = list(soundcut.taken(blocks, [Stretch(first - begins, count)], channels, preset.fade * RATE // 1000))
    highest = max((float(np.abs(block).max(initial=0)) for block in cut), default=0.0)
    try:
        measured = soundcut.keep(iter(cut), kept, highest * _FINE, ctx.check)
        there = integrated([float(value) for value in measured[2]])
        if there is None:
            raise NothingFits(f"nothing is heard from {start} to {end} ms")
        samples = _under(measured, kept, channels, gain_to(preset.loudness, there), preset)
    finally:
        kept.unlink(missing_ok=True)
    return Voice(start, end, samples)


def _under(
    measured: tuple[Curve, Curve, Curve], kept: Path, channels: int, gain: float,
    preset: MotionPreset,
) -> Samples:  # fmt: skip
    """The sound at its level, its peaks under the preset's once it is AAC."""
    ceiling = preset.true_peak
    limit = 10 ** ((ceiling - _SPARE_DB) / 20)
    for tried in range(_TRIES):
        level = soundcut.settle(*measured, gain, ceiling)
        sound, total = soundcut.levelled(kept, channels, level, ceiling)
        peak = peak_of(after_aac(sound, total, channels), limit)
        if peak <= limit:
            break
        ceiling -= 20 * float(np.log10(peak / limit)) + 0.1 * tried
    return sound(0, total)


def wave_of(samples: Samples, bars: int) -> tuple[float, ...]:
    """How loud each of `bars` equal parts is, the loudest 1. Pure."""
    parts = np.array_split(np.square(samples.astype(np.float64)).mean(axis=1), bars)
    power = np.array([float(part.mean()) if len(part) else 0.0 for part in parts])
    level = np.sqrt(power / max(float(power.max()), 1e-12)) ** _EVEN
    return tuple(round(float(value), 3) for value in level)


def padded(samples: Samples, length: Ms) -> Samples:
    """The samples with silence after them, `length` long."""
    missing = length * RATE // 1000 - len(samples)
    return np.concatenate([samples, np.zeros((missing, samples.shape[1]), np.float32)]) if missing > 0 else samples
