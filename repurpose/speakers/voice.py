"""Stretches of speech -> what their voices are like: the CAM++ model, as numbers that are close for one voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from repurpose.context import Context
from repurpose.media.audio import pcm
from repurpose.presets import assets
from repurpose.speakers.fbank import RATE, Floats, fbank
from repurpose.speakers.windows import LONG, Window

MODEL = "campplus_zh_en_int8.onnx"
SIZE = 192
BATCH = 4  # all of one shape, so that the memory taken stays what it was for the first


def voices_in(path: Path, windows: Sequence[Window], ctx: Context) -> Floats:
    """[windows, 192], a unit vector for each window of the speech track (16 kHz mono), in the order given, which is the
    order of time. The cosine of two is high for one voice. The track is read once, memory stays flat."""
    if not windows:
        return np.zeros((0, SIZE), np.float32)
    session = _session(ctx.threads)
    found: list[Floats] = []
    batch: list[Floats] = []
    for number, samples in enumerate(_heard(path, windows), 1):
        batch.append(fbank(np.resize(samples, LONG * RATE // 1000)))  # a short stretch is said again and again
        if len(batch) == BATCH or number == len(windows):
            found.append(session.run(None, {"feats": np.stack(batch)})[0])
            batch = []
            ctx.beat(number / len(windows))
    vectors = np.concatenate(found)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def _session(threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that wait for work by spinning cost as much again where other stages want the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(assets() / "models" / MODEL), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _heard(path: Path, windows: Sequence[Window]) -> Iterator[Floats]:
    """The samples of each window; silence where the track has ended."""
    blocks = pcm(path, RATE)
    held, first = np.zeros(0, np.float32), 0  # the sound in memory, and the sample it begins with
    for window in windows:
        start, end = window.start * RATE // 1000, window.end * RATE // 1000
        while first + len(held) < end and (block := next(blocks, None)) is not None:
            held = np.concatenate([held, block[:, 0]])
            passed = min(len(held), max(0, start - first))
            held, first = held[passed:], first + passed
        piece = held[start - first : end - first]
        yield piece if len(piece) else np.zeros(end - start, np.float32)
