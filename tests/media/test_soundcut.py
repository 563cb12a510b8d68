"""The sound of a cut: to the sample, without clicks, at the loudness and below the peak that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from repurpose.media import limiter
from repurpose.media.smartcut import smart_cut
from repurpose.media.soundcut import Stretch, taken
from repurpose.models import EditDecisionList, Span
from repurpose.presets import RenderPreset
from tests.matrix import quick_first
from tests.media import RATE, context, make_clock, recording_of

Samples = NDArray[np.float32]


def in_blocks(samples: Samples, sizes: list[int]) -> Iterator[Samples]:
    at = 0
    while at < len(samples):
        size = sizes[at % len(sizes)]
        yield samples[at : at + size]
        at += size


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 900)), min_size=1, max_size=8),
    st.lists(st.integers(1, 700), min_size=1, max_size=5),
)
def test_exactly_the_wanted_samples(gaps: list[tuple[int, int]], sizes: list[int]) -> None:
    samples = np.arange(1, 5001, dtype=np.float32)[:, None]
    wanted, at = [], 0
    for skip, count in gaps:
        wanted.append(Stretch(at + skip, count))
        at += skip + count
    got = np.concatenate(list(taken(in_blocks(samples, sizes), wanted, 1, 0)))[:, 0]
    longer = np.concatenate([samples[:, 0], np.zeros(20_000, np.float32)])
    assert got.tolist() == [value for one in wanted for value in longer[one.first : one.first + one.count]]


def test_joints_fade_and_lengths_stay() -> None:
    samples = np.ones((10_000, 2), np.float32)
    wanted = [Stretch(100, 4000), Stretch(6000, 900), Stretch(8000, 3)]
    got = np.concatenate(list(taken(in_blocks(samples, [333]), wanted, 2, 480)))
    assert got.shape == (4903, 2)
    assert np.abs(np.diff(got[:4900], axis=0)).max() < 0.01  # no step, so no click
    assert got[2000].tolist() == [1, 1]
    assert got[[0, 3999, 4000, 4899]].max() < 0.001


def peak_db(samples: Samples) -> float:
    """True peak, measured another way than ours: fourfold by padding the spectrum, whole seconds with room around."""
    highest = 0.0
    for channel in samples.T:
        for at in range(0, len(channel), RATE):
            part = channel[max(0, at - 2000) : at + RATE + 2000]
            spectrum = np.fft.rfft(part * np.hanning(len(part)) if len(part) < 100 else part)
            finer = np.fft.irfft(spectrum, len(part) * 4) * 4
            highest = max(highest, float(np.abs(finer[4000:-4000]).max(initial=0)))
    return 20 * np.log10(highest)


def decoded(path: Path) -> Samples:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)]).astype(np.float32)


def speech(seconds: int, seed: int) -> Samples:
    """Something as uneven as talk: filtered noise in syllables with sharp beginnings, words apart."""
    dice = np.random.default_rng(seed)
    noise = dice.standard_normal(seconds * RATE)
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE)
    spectrum *= 1 / (1 + (hertz / 900) ** 2) * (hertz > 90)
    noise = np.fft.irfft(spectrum, len(noise))
    at = np.arange(len(noise)) / RATE
    syllable = np.exp(-((at * 4.3) % 1) * 5) * (0.3 + 0.7 * (np.sin(at * 2.1) > -0.2))
    voice = noise * syllable
    return (voice / np.abs(voice).max()).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "channels"), quick_first([(0.012, 2), (0.9, 1), (0.05, 1)]), ids=["very-quiet-stereo", "loud", "quiet"]
)
def test_the_file_is_as_loud_as_asked_and_never_above_its_peak(tmp_path: Path, level: float, channels: int) -> None:
    voice = speech(14, seed=3) * level
    source = make_clock(tmp_path / "in.mp4", 350, gop=50, channels=channels, sound_of=voice)
    ctx = context(tmp_path)
    recording = recording_of(source, ctx)
    spans = (Span(start=1000, end=5000), Span(start=5480, end=9000), Span(start=9520, end=13_520))
    kept = np.concatenate([decoded(source)[span.start * 48 : span.end * 48] for span in spans])
    gain = -16.0 - pyloudnorm.Meter(RATE).integrated_loudness(kept)
    cut = smart_cut(
        recording,
        EditDecisionList(cut="x", spans=spans),
        tmp_path / "cut.mp4",
        gain_db=gain,
        render=RenderPreset(name="landscape"),
        ctx=ctx,
    )
    heard = decoded(tmp_path / "cut.mp4")
    assert heard.shape[1] == channels
    assert pyloudnorm.Meter(RATE).integrated_loudness(heard) == pytest.approx(-16, abs=1)
    assert cut.loudness == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(heard), abs=0.5)
    assert peak_db(heard) <= -1.5


@settings(deadline=None)
@given(st.lists(st.floats(0, 8, width=32), min_size=1, max_size=400), st.floats(0.1, 1.0))
def test_the_limiter_never_lets_a_peak_through(heights: list[float], ceiling: float) -> None:
    high = np.array(heights, np.float32)
    curve = limiter.gains(high, ceiling)
    assert len(curve) == len(high)
    assert (curve <= 1.0001).all()
    spread = limiter.spread(curve, 0, len(high) * limiter.HOP).reshape(len(high), -1).max(axis=1)
    assert (spread * high <= ceiling * 1.0001).all()


def test_peaks_between_samples_are_seen() -> None:
    """A quarter-rate sine, sampled at 45 degrees: its samples reach 0.707 of its peak (BS.1770-4 annex 2)."""
    at = np.arange(limiter.HOP * 100 + 2 * limiter.CONTEXT)
    wave = np.sin(np.pi / 2 * at + np.pi / 4).astype(np.float32)[:, None]
    assert np.abs(wave).max() < 0.71
    assert limiter.peaks(wave, 0.5) == pytest.approx(1.0, abs=0.02)


def test_silence_stays_silence(tmp_path: Path) -> None:
    source = make_clock(tmp_path / "in.mp4", 100, Fraction(25), loudness=0.0)
    ctx = context(tmp_path)
    cut = smart_cut(
        recording_of(source, ctx),
        EditDecisionList(cut="x", spans=(Span(start=0, end=3000),)),
        tmp_path / "cut.mp4",
        gain_db=30.0,
        render=RenderPreset(name="landscape"),
        ctx=ctx,
    )
    assert cut.loudness is None
    assert "silent" in cut.note
    assert np.abs(decoded(tmp_path / "cut.mp4")).max() < 0.001
