"""What a brand brings to hear, as pydub holds it: music that goes round without a seam, and stings cut to their bumper."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from repurpose.media.audio import Samples, pcm
from repurpose.media.limiter import RATE
from repurpose.models import Ms

CROSS: Ms = 1500  # the music's end runs into its beginning for so long
LONGEST_S = 600  # of the music is held; a longer piece goes round earlier
SILENCE_DB = -50.0  # quieter at its ends is cut away
LEAST: Ms = 400  # of a sound that is left
STING_OUT: Ms = 250
_FULL = float(1 << 30)  # of a sample; half of what there is room for, as loud music goes over when it is decoded


def looped(path: Path, channels: int) -> Samples:
    """The music [n, channels] so that its last sample leads into its first."""
    piece = _trimmed(_segment(path, channels))
    cross = min(CROSS, len(piece) // 3)
    return _samples(piece[cross:].append(piece[:cross], crossfade=cross), channels)


def stung(path: Path, channels: int, room: int) -> Samples:
    """The sting [n, channels], at most `room` samples of it, gone softly by then."""
    piece = _trimmed(_segment(path, channels), end=False)[: room * 1000 // RATE]
    return _samples(piece.fade_in(5).fade_out(min(STING_OUT, len(piece) // 2)), channels)


def _segment(path: Path, channels: int) -> Any:
    blocks, length = [], 0
    for block in pcm(path, RATE, channels):
        blocks.append(block)
        length += len(block)
        if length >= LONGEST_S * RATE:
            break
    sound = np.concatenate(blocks) if blocks else np.zeros((RATE, channels), np.float32)
    whole = np.rint(np.clip(sound, -1.99, 1.99) * _FULL).astype("<i4")
    return _pydub().AudioSegment(data=whole.tobytes(), sample_width=4, frame_rate=RATE, channels=channels)


def _trimmed(piece: Any, *, end: bool = True) -> Any:
    """Without the silence at its beginning and its end."""
    silence = _pydub().silence
    first = silence.detect_leading_silence(piece, SILENCE_DB, chunk_size=10)
    last = silence.detect_leading_silence(piece.reverse(), SILENCE_DB, chunk_size=10) if end else 0
    return piece[first : len(piece) - last] if len(piece) - first - last >= LEAST else piece


def _samples(piece: Any, channels: int) -> Samples:
    whole = np.frombuffer(piece.raw_data, "<i4").reshape(-1, channels)
    return np.asarray(whole / np.float32(_FULL), np.float32)


@cache
def _pydub() -> Any:
    """pydub, which looks for an ffmpeg to open files with and warns: we hand it samples, it opens nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pydub
        import pydub.silence
    return pydub
