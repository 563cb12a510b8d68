"""Tests of repurpose/media, and the media that tells the time which other tests use too."""

from tests.media.clock import (
    RATE,
    SHARED,
    context,
    decode_sound,
    luma,
    make_clock,
    offsets_ms,
    paint,
    read,
    read_clock,
    recording_of,
    sweeps,
)

__all__ = [
    "RATE",
    "SHARED",
    "context",
    "decode_sound",
    "luma",
    "make_clock",
    "offsets_ms",
    "paint",
    "read",
    "read_clock",
    "recording_of",
    "sweeps",
]
