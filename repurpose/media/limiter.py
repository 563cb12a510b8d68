"""A true-peak limiter whose every decision is an array: peaks per millisecond in, a gain per millisecond out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Curve = NDArray[np.float32]

RATE = 48_000
HOP = 48  # samples a step: one millisecond
CONTEXT = 12  # input samples on either side that an interpolated one is made of
_TIMES = 4  # BS.1770-4 annex 2 asks for at least fourfold oversampling at 48 kHz
_RISE = 1.5  # how far sound may rise above its samples; 3 dB at a quarter of the rate, BS.1770-4 annex 2
_REACH = 10  # steps: how long before and after a peak the gain moves


@cache
def _interpolator() -> Samples:
    """[HOP + 2 CONTEXT, HOP * TIMES]: a stretch of samples times this is the same stretch at four times the rate.

    A windowed sinc (Kaiser, beta 8), as BS.1770-4 annex 2 allows; each phase sums to 1.
    """
    matrix = np.zeros((HOP + 2 * CONTEXT, HOP * _TIMES))
    for phase in range(_TIMES):
        at = np.arange(-CONTEXT + 1, CONTEXT + 1) - phase / _TIMES
        taps = np.sinc(at) * np.i0(8 * np.sqrt(np.maximum(0, 1 - (at / CONTEXT) ** 2))) / np.i0(8.0)
        taps /= taps.sum()
        for step in range(HOP):
            matrix[step + 1 : step + 1 + 2 * CONTEXT, step * _TIMES + phase] = taps
    return matrix.astype(np.float32)


def peaks(samples: Samples, floor: float) -> Curve:
    """The highest true peak of each HOP of `samples` [HOP * n + 2 CONTEXT, channels].

    Steps that stay well below `floor` are not oversampled: theirs is what it could be at most. The first and last CONTEXT
    samples are only looked at, for the steps beside them.
    """
    count = (len(samples) - 2 * CONTEXT) // HOP
    found = np.zeros(count, np.float32)
    for channel in samples.T:
        windows = sliding_window_view(np.ascontiguousarray(channel), HOP + 2 * CONTEXT)[::HOP][:count]
        highest = np.maximum(windows.max(axis=1), -windows.min(axis=1))
        bound = highest * _RISE
        loud = np.flatnonzero(bound > floor)
        if len(loud):
            between = windows[loud] @ _interpolator()
            bound[loud] = np.maximum(highest[loud], np.maximum(between.max(axis=1), -between.min(axis=1)))
        found = np.maximum(found, bound)
    return found


class Peaks:
    """The true peak of each HOP of a sound that comes in blocks. Steps well below `floor` are not measured finely."""

    def __init__(self, floor: float) -> None:
        self._floor = floor
        self._held: Samples | None = None  # what the next steps are made of, CONTEXT samples before them first

    def push(self, block: Samples) -> Curve:
        """Take the next samples [n, channels]; the peaks of the steps that are whole with what follows them."""
        if self._held is None:
            self._held = np.zeros((CONTEXT, block.shape[1]), np.float32)
        self._held = np.concatenate([self._held, block])
        found = peaks(self._held, self._floor)
        self._held = self._held[len(found) * HOP :]
        return found

    def finish(self) -> Curve:
        """The peaks of the steps that are left, as if silence followed."""
        if self._held is None:
            return np.zeros(0, np.float32)
        rest = np.zeros((HOP + CONTEXT, self._held.shape[1]), np.float32)
        return peaks(np.concatenate([self._held, rest]), self._floor)


def gains(heights: Curve, ceiling: float) -> Curve:
    """A smooth gain per step that brings every peak to `ceiling` or below, and is 1 away from peaks.

    The lowest gain needed within REACH steps, averaged over a raised cosine no longer than that: the average around a
    peak holds only values that are low enough for it.
    """
    needed = np.minimum(1.0, ceiling / np.maximum(heights, 1e-9))
    if needed.min() >= 1.0:
        return np.ones(len(heights), np.float32)
    lowest = _lowest(needed, _REACH)
    width = 2 * _REACH - 1  # one step less on either side: a sample lies between two steps
    window = np.hanning(width + 2)[1:-1]
    padded = np.concatenate([np.full(_REACH - 1, lowest[0]), lowest, np.full(_REACH - 1, lowest[-1])])
    return np.convolve(padded, window / window.sum(), "valid").astype(np.float32)


def _lowest(values: NDArray[np.floating], reach: int) -> NDArray[np.floating]:
    """The least value within `reach` places, by doubling windows."""
    width, span = 2 * reach + 1, 1
    padded = np.concatenate([np.ones(reach), values, np.ones(reach)])
    while span * 2 <= width:
        padded = np.minimum(padded[:-span], padded[span:])
        span *= 2
    rest = width - span
    return np.minimum(padded[: len(padded) - rest], padded[rest:]) if rest else padded


def spread(curve: Curve, first: int, count: int) -> Samples:
    """The gain of `count` samples from sample `first` on, between the middles of the steps."""
    at = (np.arange(first, first + count) + 0.5) / HOP - 0.5
    low = max(0, int(at[0]) - 1)
    part = curve[low : int(at[-1]) + 3]
    return np.interp(at - low, np.arange(len(part)), part).astype(np.float32)


def chunks(blocks: Iterator[Samples], size: int) -> Iterator[Samples]:
    """The same samples in blocks of exactly `size`, the last one shorter."""
    held: list[Samples] = []
    there = 0
    for block in blocks:
        held.append(block)
        there += len(block)
        if there < size:
            continue
        joined = np.concatenate(held)
        whole = there // size * size
        for at in range(0, whole, size):
            yield joined[at : at + size]
        held, there = [joined[whole:]], there - whole
    if there:
        yield np.concatenate(held)
