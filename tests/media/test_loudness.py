"""Loudness: against an independent meter, and for pieces as for files cut from them."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray

from repurpose.media.loudness import Meter, integrated, over
from repurpose.models import Sound, Span
from tests.matrix import quick_first


def speech_like(seconds: int, channels: int, seed: int = 1) -> NDArray[np.float32]:
    dice = np.random.default_rng(seed)
    swell = np.repeat(dice.uniform(0, 2, seconds * 5) * (dice.random(seconds * 5) > 0.3), 9600)[:, None]
    return (dice.standard_normal((seconds * 48_000, channels)) * 0.05 * swell).astype(np.float32)


def measured(sound: NDArray[np.float32], step: int = 7000) -> tuple[float, ...]:
    meter = Meter(sound.shape[1])
    for start in range(0, len(sound), step):
        meter.push(sound[start : start + step])
    return meter.finish()


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("gain", quick_first([1.0, 0.02]))
def test_agrees_with_pyloudnorm(channels: int, gain: float) -> None:
    sound = speech_like(30, channels) * np.float32(gain)
    found = integrated(measured(sound))
    assert found == pytest.approx(pyloudnorm.Meter(48_000).integrated_loudness(sound.astype(np.float64)), abs=0.3)


def test_a_full_scale_tone_is_minus_3() -> None:
    """BS.1770-4: a 997 Hz sine at full scale in one channel reads -3.01 LKFS."""
    tone = np.sin(np.arange(48_000 * 5) * 2 * np.pi * 997 / 48_000).astype(np.float32)[:, None]
    assert integrated(measured(tone)) == pytest.approx(-3.01, abs=0.05)


def test_blocks_do_not_depend_on_how_sound_comes() -> None:
    sound = speech_like(3, 1)
    assert measured(sound, 333) == measured(sound, 48_000)


def test_silence_has_no_loudness() -> None:
    blocks = measured(np.zeros((48_000, 1), np.float32))
    assert blocks == (-70.0,) * 10
    assert integrated(blocks) is None
    assert integrated(()) is None


@pytest.mark.parametrize("start", [0, 3000, 3050])
def test_over_is_what_a_cut_file_would_measure(start: int) -> None:
    sound = speech_like(30, 1)
    known = Sound(speech=None, loudness=measured(sound))
    spans = (Span(start=start, end=start + 6000), Span(start=20_000, end=25_020))
    cut = np.concatenate([sound[span.start * 48 : span.end * 48] for span in spans])
    assert over(known, spans) == pytest.approx(integrated(measured(cut)), abs=0.2)


def test_over_past_the_end_is_silence() -> None:
    assert over(Sound(speech=None, loudness=(-20.0,) * 10), (Span(start=5000, end=6000),)) is None
    assert over(Sound(speech=None), ()) is None
