"""Sound written as FLAC: nothing is lost, and it costs a second for half an hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np

from repurpose.media.audio import Samples


def write_flac(blocks: Iterable[Samples], target: Path, rate: int, channels: int) -> int:
    """`blocks` [n, channels] of floats in -1..1 as a 16-bit FLAC file; how many samples (a channel) it holds."""
    with FlacWriter(target, rate, channels) as writer:
        for block in blocks:
            writer.write(block)
        return writer.samples


def scaled(blocks: Iterator[Samples], gain_db: float) -> Iterator[Samples]:
    """The blocks made louder by `gain_db`; peaks that would pass full scale are held there."""
    gain = np.float32(10 ** (gain_db / 20))
    for block in blocks:
        yield np.clip(block * gain, -1.0, 1.0)


class FlacWriter:
    """A FLAC file being written, block by block."""

    def __init__(self, target: Path, rate: int, channels: int) -> None:
        self.samples = 0
        self._rate, self._layout = rate, "mono" if channels == 1 else "stereo"
        self._file = av.open(str(target), "w", format="flac")
        self._stream = self._file.add_stream(
            "flac", rate=rate, layout=self._layout, format="s16", options={"compression_level": "2"}
        )

    def write(self, block: Samples) -> None:
        if not len(block):
            return
        whole = np.clip(np.rint(block * 32767), -32768, 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole.reshape(1, -1), format="s16", layout=self._layout)
        frame.sample_rate, frame.pts = self._rate, self.samples
        self.samples += len(block)
        self._file.mux(self._stream.encode(frame))

    def close(self) -> None:
        self._file.mux(self._stream.encode(None))
        self._file.close()

    def __enter__(self) -> FlacWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
