"""Speech -> what the speaker model reads: log energies in 80 bands, a hundred times a second."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
BANDS = 80
_FRAME, _STEP, _FFT = 400, 160, 512  # samples: 25 ms every 10 ms
_LOWEST_HZ = 20.0
_FLOOR = np.float32(np.finfo(np.float32).eps)

Floats = NDArray[np.float32]


def fbank(samples: Floats) -> Floats:
    """Mono samples in -1..1 at 16 kHz -> [frames, 80], less the mean of each band.

    As Kaldi's compute-fbank-feats does by default, without dither: whole frames only, each without its mean, pre-emphasis
    0.97, Povey window, power spectrum, triangles even on the mel scale 1127 ln(1 + f / 700) from 20 Hz to 8 kHz, natural
    logarithm. Fewer than 400 samples give no frame.
    """
    if len(samples) < _FRAME:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_STEP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - np.float32(0.97) * before) * _window(), _FFT)
    power = (np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32)
    bands = np.log(np.maximum(power[:, : _FFT // 2] @ _triangles(), _FLOOR))
    return np.asarray(bands - bands.mean(axis=0), np.float32)


@cache
def _window() -> Floats:
    """Povey's: a Hann window to the power of 0.85."""
    return np.asarray(np.hanning(_FRAME) ** 0.85, np.float32)


@cache
def _triangles() -> Floats:
    """[256, 80]: how much of each line of the spectrum goes into each band."""
    low, high = _mel(np.array([_LOWEST_HZ, RATE / 2]))
    edges = np.linspace(low, high, BANDS + 2)
    lines = _mel(np.arange(_FFT // 2) * RATE / _FFT)[:, None]
    rising = (lines - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - lines) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)), np.float32)


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(hertz / 700.0))
