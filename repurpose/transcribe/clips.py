"""Which stretches of a window are listened to, packed into clips of at most 30 s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repurpose.models import Ms, Span
from repurpose.transcribe.backend import CLIP, RATE, Samples

LATE: Ms = 120  # a word must reach this far into a piece to have been said there


@dataclass(frozen=True)
class Clip:
    """Stretches of a window laid end to end, the silence between them left out; `pieces` count from the window's start."""

    pieces: tuple[Span, ...]

    @property
    def length(self) -> Ms:
        return sum(piece.length for piece in self.pieces)

    def samples(self, window: Samples) -> Samples:
        return np.concatenate([window[piece.start * RATE // 1000 : piece.end * RATE // 1000] for piece in self.pieces])

    def in_window(self, span: Span) -> tuple[Ms, Ms]:
        """Where a stretch of the clip lies in the window: in the piece it ends in, kept inside it. (Whisper gives the
        silence before a word to the word, so a word across two pieces was said in the later one.)"""
        point = max(span.start, span.end - LATE)
        before = 0
        for piece in self.pieces:
            if point < before + piece.length or piece is self.pieces[-1]:
                shift = piece.start - before
                start = min(max(span.start + shift, piece.start), piece.end - 1)
                return start, max(start + 1, min(span.end + shift, piece.end))
            before += piece.length
        raise AssertionError("a clip has at least one piece")


def speech_in(window: Samples) -> list[Span]:
    """Where somebody speaks, each stretch at most 30 s: Silero's voice activity, with the margins Whisper wants."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(max_speech_duration_s=CLIP / 1000, min_silence_duration_ms=160)
    found = get_speech_timestamps(window, options)
    spans = ((part["start"] * 1000 // RATE, min(part["end"], len(window)) * 1000 // RATE) for part in found)
    return [Span(start=start, end=end) for start, end in spans if start < end]


def pack(speech: Sequence[Span]) -> list[Clip]:
    """The stretches in order, as many to a clip as 30 s hold: fewer clips, less to compute."""
    clips: list[list[Span]] = []
    filled: Ms = CLIP
    for span in speech:
        if filled + span.length > CLIP:
            clips.append([])
            filled = 0
        clips[-1].append(span)
        filled += span.length
    return [Clip(tuple(_joined(pieces))) for pieces in clips]


def _joined(pieces: Sequence[Span]) -> list[Span]:
    """Pieces that touch, as one: a word may run across where they meet."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and joined[-1].end >= piece.start:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return joined
