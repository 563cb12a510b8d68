"""Programme loudness (ITU-R BS.1770-4) from the loudness of 100 ms blocks, so that nothing is measured twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from repurpose.models import Sound, Span

FLOOR = -70.0  # LUFS; also the absolute gate of BS.1770
BLOCK_MS = 100
_WINDOW = 4  # blocks: gating blocks are 400 ms, 75 % overlapping


def integrated(blocks: Sequence[float]) -> float | None:
    """Gated loudness in LUFS of consecutive 100 ms blocks (LUFS each); None when nothing is above the gate.

    BS.1770-4: windows of 400 ms every 100 ms, an absolute gate at -70 LUFS, a relative one 10 LU below what that leaves.
    Shorter than one window: the mean of what there is.
    """
    power = _power(np.asarray(blocks, np.float64))
    if not len(power):
        return None
    width = min(_WINDOW, len(power))
    windows = np.convolve(power, np.full(width, 1 / width), "valid")
    windows = windows[windows > _power(np.array([FLOOR]))[0]]
    if not len(windows):
        return None
    windows = windows[windows > windows.mean() / 10]
    return round(float(_lufs(windows.mean())), 2)


def over(sound: Sound, spans: Sequence[Span]) -> float | None:
    """The same for what an EDL keeps, from the recording's blocks; edges count by the share of the block inside."""
    power = _power(np.asarray(sound.loudness, np.float64))
    kept = [_within(power, span) for span in spans]
    joined = np.concatenate(kept) if kept else np.zeros(0)
    return integrated([float(value) for value in _lufs(joined)])


def _within(power: NDArray[np.float64], span: Span) -> NDArray[np.float64]:
    """Block powers of one span on a grid that starts at its first millisecond: each the mix of the two it straddles."""
    first, into = divmod(span.start, BLOCK_MS)
    count = max(1, round(span.length / BLOCK_MS))
    padded = np.zeros(count + 1)
    here = power[first : first + count + 1]
    padded[: len(here)] = here
    share = into / BLOCK_MS
    return padded[:-1] * (1 - share) + padded[1:] * share


def _power(lufs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(lufs <= FLOOR, 0.0, 10 ** ((lufs + 0.691) / 10))


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(FLOOR, -0.691 + 10 * np.log10(np.maximum(power, 1e-12)))
