"""Where nobody speaks, from the level of each 10 ms. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from repurpose.models import Ms, Span

FRAME_MS: Ms = 10
SHORTEST: Ms = 120
SILENCE_DB = -90.0
_AROUND = 1500  # frames (15 s) to either side that decide what is loud and what is quiet here
_EVERY = 500  # frames between two looks around
_SHARE = 0.32  # of the way from the room's noise up to the speech
_LEAST_DB, _MOST_DB = (
    5.0,
    18.0,
)  # the threshold is at least this far above the noise, and this far below the speech at most
_CLICK = 2  # frames: a sound this short inside a pause is a click


def pauses_of(levels: NDArray[np.float32], duration: Ms) -> tuple[Span, ...]:
    """Stretches of at least 120 ms without speech energy, in order, up to `duration`.

    `levels` are dB of consecutive 10 ms frames, best with the lows taken off so that a soft consonant counts and hum does
    not. The threshold follows the recording: it lies between the room's noise and the speech of the 30 s around.
    """
    if duration <= 0:
        return ()
    frames = -(-duration // FRAME_MS)
    padded = np.full(frames, SILENCE_DB, np.float32)
    padded[: min(frames, len(levels))] = np.maximum(levels[:frames], SILENCE_DB)
    quiet = padded < _threshold(padded)
    quiet = _without_clicks(quiet)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(np.int8)))
    spans = [(int(a) * FRAME_MS, min(int(b) * FRAME_MS, duration)) for a, b in edges.reshape(-1, 2)]
    return tuple(Span(start=start, end=end) for start, end in spans if end - start >= min(SHORTEST, duration))


def _threshold(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    at = np.arange(0, len(levels), _EVERY)
    found = np.empty(len(at), np.float32)
    top = float(np.percentile(levels, 95))
    for n, middle in enumerate(at):
        around = levels[max(0, middle - _AROUND) : middle + _AROUND]
        heard = around[around > SILENCE_DB]  # digital silence says nothing about the room
        if not len(heard):
            found[n] = SILENCE_DB + 1
            continue
        noise, speech = np.percentile(heard, (8, 90))
        speech = max(float(speech), top - 30)  # half a minute of silence has no speech to measure by
        middle_db = noise + _SHARE * (speech - noise)
        found[n] = max(min(max(middle_db, noise + _LEAST_DB), speech - _MOST_DB), SILENCE_DB + 1)
    return np.interp(np.arange(len(levels)), at, found).astype(np.float32)


def _without_clicks(quiet: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same with sounds of one or two frames between quiet frames taken for quiet."""
    filled = quiet.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[True], quiet, [True]]).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        if end - start <= _CLICK and start > 0 and end < len(quiet):
            filled[start:end] = True
    return filled
