"""Several AAC encoders leave no seam: the same packets in the same places, and no more error where one takes over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose.media import aac
from tests.matrix import quick_first
from tests.media import RATE

Samples = NDArray[np.float32]


def voiced(seconds: float, channels: int) -> Samples:
    """Something like speech: gliding tones that swell and fall, over a little noise."""
    at = np.arange(round(seconds * RATE)) / RATE
    pitch = 2 * np.pi * np.cumsum(150 + 60 * np.sin(1.3 * at)) / RATE
    tones = sum(np.sin(k * pitch) / k for k in range(1, 12)) * (0.5 + 0.5 * np.sin(5 * at)) ** 2
    noise = np.random.default_rng(1).normal(0, 0.003, len(at))
    mono = (0.12 * tones + noise).astype(np.float32)
    return np.stack([mono, 0.5 * mono], 1)[:, :channels]


def written(samples: Samples, path: Path, workers: int) -> list[Any]:
    """The packets' times, of a file made by so many encoders at once."""
    times = []
    with av.open(str(path), "w", "mp4") as output:
        stream = aac.add_stream(output, samples.shape[1])
        output.start_encoding()
        sound = lambda first, count: samples[first : first + count]  # noqa: E731
        for packets in aac.encoded(sound, len(samples), stream, samples.shape[1], workers):
            for packet in packets:
                times.append(packet.pts)
                output.mux(packet)
    return times


def heard(path: Path) -> Samples:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])


@pytest.mark.parametrize(("seconds", "channels"), quick_first([(0.01, 1), (65.53, 2), (100.0, 1)]))
def test_no_seam_where_one_encoder_takes_over(
    tmp_path: Path, seconds: float, channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = voiced(seconds, channels)
    times = written(samples, tmp_path / "several.mp4", 2)
    assert times == [-aac.FRAME + k * aac.FRAME for k in range(len(times))]
    ours = errors(heard(tmp_path / "several.mp4"), samples)
    monkeypatch.setattr(aac, "STRETCH", 1 << 40)
    assert written(samples, tmp_path / "one.mp4", 1) == times
    its = errors(heard(tmp_path / "one.mp4"), samples)
    seams = range(3072, len(ours), 3072)
    assert len(seams) == (seconds == 100)
    for seam in seams:
        assert ours[seam - 4 : seam + 16].max() <= np.quantile(its, 0.99)
    assert ours.sum() <= 1.1 * its.sum()


def errors(found: Samples, wanted: Samples) -> Samples:
    """Mean square error of each frame."""
    whole = len(wanted) // aac.FRAME * aac.FRAME
    assert len(found) >= len(wanted)
    return np.asarray(((found[: len(wanted)] - wanted)[:whole].reshape(-1, aac.FRAME * wanted.shape[1]) ** 2).mean(1))
