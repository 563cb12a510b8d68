"""Less of a room's noise: what stays the same in each band of the spectrum is turned down wherever nothing rises above it.

Frames of 40 ms, half over each other, under the root of a Hann window both before and after the transform, add up to the
sound they were taken from. A gain for each band of each frame is all that is changed, so nothing moves and no edge appears.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from repurpose.media.limiter import RATE, Curve, Samples, chunks

HOP = RATE // 50  # samples: 20 ms
FRAME = 2 * HOP
CHUNK = 50 * HOP  # samples worked on at once: a second
DEPTH_DB = 15.0  # what noise is turned down by; where more is taken, voices sound as if in a pipe
RUMBLE_HZ = 70.0  # below is no voice, but air conditioning and tables
AROUND_S = 4  # the noise of a moment is learnt from so many seconds before and after
QUIET = 0.2  # share of the time in which a band has nothing but noise, at least
BIAS = 1.29  # the noise's mean over that quantile of it, for means of SPREAD frames and bands: found with white noise
OVER = 2.0  # times the noise is taken off, as it is not the same in any two frames (Berouti 1979)
SPREAD = 5  # frames, and bands, of which power is the mean: one alone of pure noise may stand 10 dB above it
_EDGE = SPREAD // 2
_ALMOST_NOTHING = 1e-20

Powers = NDArray[np.float32]  # [frames, bands]


@dataclass(frozen=True)
class _Second:
    """Fifty frames, or fewer at the end."""

    spectra: NDArray[np.complex64]  # [frames, bands, channels]
    power: Powers  # of all channels, mean of neighbouring bands
    slow: Powers  # and of SPREAD frames


def denoised(sound: Iterator[Samples], channels: int) -> Iterator[Samples]:
    """The same sound [n, channels] at 48 kHz with its steady noise DEPTH_DB lower, in blocks.

    Not a sample more or less, and none at another time. All channels get the same gain, so nothing changes its place
    between them. Nothing happens to silence, or where nothing is steady.
    """
    held: list[_Second] = []
    at = total = 0  # `held[at]` is cleaned next
    before = np.zeros((HOP, channels), np.float32)
    tail = np.zeros((HOP, channels), np.float32)
    skip = HOP  # the first frame begins before the sound does
    for chunk in _whole(chunks(sound, CHUNK), channels):
        total += chunk.count
        held.append(_heard(np.concatenate([before, chunk.samples])))
        before = chunk.samples[-HOP:]
        while len(held) > at + (0 if chunk.last else AROUND_S):
            made = _added(_turned_down(held, at), tail)
            ready, tail = made[:-HOP], made[-HOP:]
            out, skip = ready[skip:][:total], max(0, skip - len(ready))
            total -= len(out)
            yield out
            at += 1
            if at > AROUND_S + 1:
                held.pop(0)
                at -= 1


@dataclass(frozen=True)
class _Chunk:
    samples: Samples  # whole HOPs
    count: int  # of them, before what was filled up
    last: bool


def _whole(blocks: Iterator[Samples], channels: int) -> Iterator[_Chunk]:
    """The chunks, the last with silence up to a HOP and one more, in which the sound's last samples have their second frame."""
    block = next(blocks, None)
    while block is not None:
        following = next(blocks, None)
        last = following is None
        fill = np.zeros((-len(block) % HOP + HOP if last else 0, channels), np.float32)
        yield _Chunk(np.concatenate([block, fill]) if last else block, len(block), last)
        block = following


def _heard(samples: Samples) -> _Second:
    """The frames of `samples`, each a HOP after the one before."""
    steps = samples.reshape(-1, HOP, samples.shape[1])
    frames = np.concatenate([steps[:-1], steps[1:]], axis=1) * _window()[:, None]
    spectra = np.fft.rfft(frames, axis=1).astype(np.complex64)
    power = _mean((spectra.real**2 + spectra.imag**2).sum(axis=2).T).T
    whole = len(power) // SPREAD * SPREAD
    slow = power[:whole].reshape(-1, SPREAD, power.shape[1]).mean(axis=1)
    return _Second(spectra, power, slow)


def _turned_down(held: list[_Second], at: int) -> NDArray[np.complex64]:
    """The spectra of `held[at]` without the noise."""
    second = held[at]
    known = np.concatenate([each.slow for each in held[max(0, at - AROUND_S) : at + AROUND_S + 1]])
    if not len(known):  # a tenth of a second in all: there is nothing to learn from
        return second.spectra * _response()[:, None]
    rank = int(QUIET * (len(known) - 1))
    noise = np.partition(known, rank, axis=0)[rank] * BIAS
    ahead = held[at - 1].power[-_EDGE:] if at else second.power[:0]
    later = held[at + 1].power[:_EDGE] if at + 1 < len(held) else second.power[:0]
    power = _mean(np.concatenate([ahead, second.power, later]))[len(ahead) :][: len(second.power)]
    gain = np.maximum(1 - OVER * noise / np.maximum(power, _ALMOST_NOTHING), 10 ** (-DEPTH_DB / 20))
    return second.spectra * np.asarray(gain * _response(), np.float32)[:, :, None]


def _added(spectra: NDArray[np.complex64], tail: Samples) -> Samples:
    """The frames laid over each other, the first over `tail`; the last HOP still wants the frame after it."""
    frames = np.fft.irfft(spectra, FRAME, axis=1).astype(np.float32) * _window()[:, None]
    made = np.zeros((len(frames) + 1, HOP, frames.shape[2]), np.float32)
    made[:-1] = frames[:, :HOP]
    made[1:] += frames[:, HOP:]
    made[0] += tail
    return made.reshape(-1, frames.shape[2])


def _mean(values: Powers) -> Powers:
    """The mean of SPREAD neighbours along the first axis, of fewer at its ends."""
    sums = np.zeros((len(values) + 1, values.shape[1]), np.float64)
    np.cumsum(values, axis=0, out=sums[1:])
    places = np.arange(len(values))
    low, high = np.maximum(places - _EDGE, 0), np.minimum(places + _EDGE + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low)[:, None], np.float32)


@cache
def _window() -> Curve:
    return np.asarray(np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME), np.float32)


@cache
def _response() -> Curve:
    """Gain of each band: a high-pass of fourth order (Butterworth), without its delay."""
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    return np.asarray(hertz**4 / np.sqrt(hertz**8 + RUMBLE_HZ**8), np.float32)
