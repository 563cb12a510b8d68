"""The sound of a cut: taken to the sample from one continuous decode, faded at joints, brought to level, encoded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repurpose.media import limiter
from repurpose.media.audio import pcm_from
from repurpose.media.denoise import denoised
from repurpose.media.limiter import HOP, RATE, Curve, Samples
from repurpose.media.loudness import K_STAGES, integrated
from repurpose.media.open import open_media, sound_of
from repurpose.media.plan import Run
from repurpose.presets import RenderPreset

CHUNK = RATE  # samples worked on at once: one second
BLOCK = RATE // 10  # samples of a loudness block
# AAC gives back waves that rise above what went in; at these rates by up to 0.9 dB on speech and music tried.
CODEC_MARGIN_DB = 1.0
MOST_MAKEUP_DB = 12.0  # how much level may be added to make up for what the limiter takes
CLOSE_DB = 0.15
_ROUNDS = 6


@dataclass(frozen=True)
class Stretch:
    """`count` samples of the recording from sample `first` on."""

    first: int
    count: int


@dataclass(frozen=True)
class Level:
    """What was found out about the cut's sound before it is encoded."""

    gain_db: float
    heights: Curve  # true peak of each HOP, before the gain
    loudness: float | None  # LUFS after gain and limiter; None when silent
    note: str = ""


def stretches(runs: Sequence[Run], rate: Fraction) -> list[Stretch]:
    """The samples that go with runs of frames: the picture's frame k and the sound's sample 48000 k / rate start
    together in the cut, however many runs there are."""
    found, shown = [], 0
    for run in runs:
        start, end = round(shown * RATE / rate), round((shown + run.length) * RATE / rate)
        found.append(Stretch(round(run.first * RATE / rate), end - start))
        shown += run.length
    return found


def channels_of(path: Path) -> int:
    """How many channels the cut's sound gets: 2 where the recording has two or more, else 1."""
    with open_media(path) as container:
        stream: Any = sound_of(container)
        return 2 if stream is not None and stream.codec_context.layout.nb_channels > 1 else 1


def taken(blocks: Iterator[Samples], wanted: Sequence[Stretch], channels: int, fade: int) -> Iterator[Samples]:
    """The wanted stretches of `blocks`, one after the other, each faded in and out over `fade` samples.

    A raised cosine at every joint, and no sample more or less than wanted: where the sound ends early there is silence.
    """
    here, block = 0, np.zeros((0, channels), np.float32)  # `block` begins at sample `here`
    for stretch in wanted:
        at = 0
        while at < stretch.count:
            need = stretch.first + at
            while here + len(block) <= need:
                here += len(block)
                following = next(blocks, None)
                block = np.zeros((need - here + CHUNK, channels), np.float32) if following is None else following
            piece = block[need - here : need - here + stretch.count - at]
            yield _faded(piece, at, stretch.count, fade)
            at += len(piece)


def _faded(piece: Samples, at: int, count: int, fade: int) -> Samples:
    fade = min(fade, count // 2)
    if not fade or (at >= fade and at + len(piece) <= count - fade):
        return piece
    places = np.arange(at, at + len(piece)) + 0.5
    near = np.clip(np.minimum(places, count - places) / fade, 0, 1)
    return np.asarray(piece * (0.5 - 0.5 * np.cos(np.pi * near))[:, None], np.float32)


def keep(sound: Iterator[Samples], target: Path, loud: float, check: Callable[[], None]) -> tuple[Curve, Curve, Curve]:
    """Write the cut's sound to `target` as raw float32, and measure it on the way.

    Returns the true peak and the energy of each HOP, and the K-weighted loudness (LUFS) of each 100 ms. Peaks far below
    `loud` are only sampled.
    """
    peaks = limiter.Peaks(loud)
    heights: list[Curve] = []
    energies: list[Curve] = []
    loudness: list[Curve] = []
    with target.open("wb") as file:
        for chunk in limiter.chunks(sound, CHUNK):
            check()
            chunk.tofile(file)
            steps = _padded(chunk, HOP).reshape(-1, HOP * chunk.shape[1])
            energies.append(np.einsum("ij,ij->i", steps, steps))
            loudness.append(_loudness(_padded(chunk, BLOCK)))
            heights.append(peaks.push(chunk))
    heights.append(peaks.finish())
    energy = _joined(energies)
    return _joined(heights)[: len(energy)], energy, _joined(loudness)


def settle(heights: Curve, energies: Curve, loudness: Curve, gain_db: float, ceiling_db: float) -> Level:
    """The gain that, with the limiter after it, gives the loudness `gain_db` alone would have given. Pure.

    Where the limiter takes little that is `gain_db` itself. Else a line between two gains on either side is followed to
    where the loudness should be, again and again (the Illinois form of regula falsi).
    """
    before = integrated([float(value) for value in loudness])
    if before is None:
        return Level(0.0, heights, None, "the sound is silent")

    def missing(level: float) -> float:
        """How much louder than asked for the sound is at this gain, in dB; below 0 when it is too quiet."""
        curve = limiter.gains(heights * 10 ** (level / 20), 10 ** ((ceiling_db - CODEC_MARGIN_DB) / 20))
        after = integrated([float(value) for value in loudness + level + _change(curve, energies, len(loudness))])
        return (-70.0 if after is None else after) - (before + gain_db)

    low, high = gain_db, gain_db + MOST_MAKEUP_DB
    level, off = low, missing(low)
    taken = -off
    if off < -CLOSE_DB:
        off_low, (level, off) = off, (high, missing(high))
        off_high = off
        for _ in range(_ROUNDS):
            if abs(off) <= CLOSE_DB or off_high <= 0:
                break
            level = (low * off_high - high * off_low) / (off_high - off_low)
            off = missing(level)
            if off > 0:
                high, off_high, off_low = level, off, off_low / 2
            else:
                low, off_low, off_high = level, off, off_high / 2
    note = f"the limiter takes {taken:.1f} dB, {'made up for' if abs(off) < 0.5 else 'not all made up for'}"
    return Level(level, heights, round(before + gain_db + off, 2), note if taken >= 0.5 else "")


def levelled(kept: Path, channels: int, level: Level, ceiling_db: float) -> tuple[Callable[[int, int], Samples], int]:
    """The kept sound with the gain and the limiter applied, as a function of first sample and count; and its length."""
    gain = 10 ** (level.gain_db / 20)
    curve = limiter.gains(level.heights * gain, 10 ** ((ceiling_db - CODEC_MARGIN_DB) / 20))
    total = kept.stat().st_size // (4 * channels)

    def sound(first: int, count: int) -> Samples:
        data = np.fromfile(kept, np.float32, count * channels, offset=first * channels * 4).reshape(-1, channels)
        return data * (limiter.spread(curve, first, len(data)) * np.float32(gain))[:, None]

    return sound, total


def sound_for(
    path: Path, runs: Sequence[Run], rate: Fraction, channels: int, render: RenderPreset
) -> Iterator[Samples]:
    """The sound that goes with runs of frames, faded at its joints, without the room's noise where `render` says so."""
    wanted = stretches(runs, rate)
    begin, blocks = pcm_from(path, RATE, channels, wanted[0].first)
    later = [Stretch(one.first - begin, one.count) for one in wanted]
    sound = taken(blocks, later, channels, render.fade * RATE // 1000)
    return denoised(sound, channels) if render.denoise else sound


def _padded(chunk: Samples, step: int) -> Samples:
    rest = -len(chunk) % step
    return np.concatenate([chunk, np.zeros((rest, chunk.shape[1]), np.float32)]) if rest else chunk


def _joined(parts: list[Curve]) -> Curve:
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _change(curve: Curve, energies: Curve, blocks: int) -> NDArray[np.float64]:
    """What a gain per step does to the loudness of each 100 ms, in dB."""
    steps = BLOCK // HOP
    rest = blocks * steps - len(curve)
    gain = np.pad(curve.astype(np.float64), (0, rest), constant_values=1.0).reshape(blocks, steps)
    energy = np.pad(energies.astype(np.float64), (0, rest)).reshape(blocks, steps) + 1e-12
    return np.asarray(10 * np.log10((gain**2 * energy).sum(axis=1) / energy.sum(axis=1)), np.float64)


def _loudness(chunk: Samples) -> Curve:
    """LUFS of each 100 ms, by the power spectrum under the K weighting of BS.1770-4."""
    spectrum = np.fft.rfft(chunk.reshape(-1, BLOCK, chunk.shape[1]), axis=1)
    power = ((spectrum.real**2 + spectrum.imag**2).sum(axis=2) @ _k_weight()) * 2 / BLOCK**2
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)), np.float32)


@cache
def _k_weight() -> Curve:
    """Squared gain of the two filters of the K weighting at each bin of a block's spectrum."""
    z = np.exp(-2j * np.pi * np.arange(BLOCK // 2 + 1) / BLOCK)
    gain = [(b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2) for b0, b1, b2, a1, a2 in K_STAGES]
    return np.asarray(np.abs(np.prod(gain, axis=0)) ** 2, np.float32)
