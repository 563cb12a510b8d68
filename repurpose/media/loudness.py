"""Programme loudness (ITU-R BS.1770-4) from the loudness of 100 ms blocks, so that nothing is measured twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.models import Sound, Span

FLOOR = -70.0  # LUFS; also the absolute gate of BS.1770
MOST_GAIN_DB = 30.0  # above this the room's noise is all that gets louder
BLOCK_MS = 100
# The K weighting, ITU-R BS.1770-4, tables 1 and 2: (b0, b1, b2, a1, a2) at 48 kHz of the head's shelf, then of the revised
# low-frequency B curve.
K_STAGES = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621),
)
_WINDOW = 4  # blocks: gating blocks are 400 ms, 75 % overlapping
_SAMPLES = 4800  # of a block at 48 kHz


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


def gain_to(wanted: float, loudness: float | None) -> float:
    """The gain in dB that brings what has `loudness` to `wanted` (LUFS); none for silence, at most 30 up or down."""
    return 0.0 if loudness is None else max(-MOST_GAIN_DB, min(MOST_GAIN_DB, wanted - loudness))


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


class Meter:
    """Loudness of each 100 ms of a stream of 48 kHz blocks, K-weighted."""

    RATE = 48_000

    def __init__(self, channels: int) -> None:
        self.blocks: list[float] = []
        self.channels = channels
        self._left: NDArray[np.float32] = np.zeros((0, channels), np.float32)
        self._graph = self._weighting()
        self._fed = 0

    def push(self, block: NDArray[np.float32]) -> None:
        """Measure the next samples [n, channels]."""
        if not len(block):
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout=self._layout)
        frame.sample_rate, frame.pts = self.RATE, self._fed
        self._fed += len(block)
        self._graph.push(frame)
        self._measure(self._weighted())

    def finish(self) -> tuple[float, ...]:
        """All blocks; the last one counts as if silence filled it up."""
        if len(self._left):
            self._measure(np.zeros((_SAMPLES - len(self._left), self.channels), np.float32))
        return tuple(self.blocks)

    @property
    def _layout(self) -> str:
        return "mono" if self.channels == 1 else "stereo"

    def _weighting(self) -> Any:
        graph = av.filter.Graph()
        chain = [graph.add_abuffer(sample_rate=self.RATE, format="fltp", layout=self._layout)]
        for b0, b1, b2, a1, a2 in K_STAGES:
            chain.append(graph.add("biquad", f"a0=1:a1={a1}:a2={a2}:b0={b0}:b1={b1}:b2={b2}:precision=f64"))
        chain.append(graph.add("abuffersink"))
        graph.link_nodes(*chain).configure()
        return graph

    def _weighted(self) -> NDArray[np.float32]:
        found = []
        while True:
            try:
                found.append(self._graph.pull().to_ndarray())
            except (BlockingIOError, EOFError):
                break
        return np.concatenate(found, axis=1).T.astype(np.float32) if found else self._left[:0]

    def _measure(self, samples: NDArray[np.float32]) -> None:
        samples = np.concatenate([self._left, samples]) if len(self._left) else samples
        whole = len(samples) // _SAMPLES
        cut = samples[: whole * _SAMPLES].reshape(whole, _SAMPLES, self.channels)
        power = np.einsum("bsc,bsc->b", cut, cut, dtype=np.float64) / _SAMPLES
        self.blocks += [round(float(value), 2) for value in _lufs(power)]
        self._left = samples[whole * _SAMPLES :]
