"""The recording's sound, decoded once: a track to listen to, its loudness, its pauses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.ingest.pauses import SILENCE_DB, pauses_of
from repurpose.media.audio import Resampler, Samples, channels_of, pcm
from repurpose.media.flac import FlacWriter, scaled
from repurpose.media.loudness import Meter, integrated
from repurpose.media.normalise import lay_sound
from repurpose.models import Recording, Sound, Span

HEARD_HZ = 16_000  # what speech recognition takes
_FRAME = HEARD_HZ // 100
GOOD_LUFS = (-30.0, -10.0)  # recognition does well here; outside, the track is brought to AIM_LUFS
AIM_LUFS = -20.0
MOST_GAIN_DB = 40.0
JUDGED_BLOCKS = 600  # the first minute tells how loud a source is, so that its track is written once
MISJUDGED_DB = 8.0


def listen(recording: Recording, ctx: Context) -> Sound:
    """The speech track (16 kHz mono flac), LUFS of each 100 ms, of the whole, and the pauses.

    Without sound: an empty `Sound`. With nothing but digital silence: no speech track, one long pause.
    """
    if not recording.has_audio:
        return Sound(speech=None)
    path = ctx.store.path(recording.media)
    meter, levels = Meter(min(2, channels_of(path))), _Levels()
    draft = ctx.scratch / "speech.flac"
    with FlacWriter(draft, HEARD_HZ, 1) as speech:
        waiting: list[Samples] = []  # until enough was heard to know how loud the source is
        gain: float | None = None
        for block in _heard(path, meter, recording.duration, ctx):
            levels.push(block)
            waiting.append(block)
            if gain is None and len(meter.blocks) >= JUDGED_BLOCKS:
                gain = _gain(integrated(meter.blocks))
            if gain is not None:
                for louder in scaled(iter(waiting), gain):
                    speech.write(louder)
                waiting = []
        blocks = meter.finish()
        whole = integrated(blocks)
        gain = _gain(whole) if gain is None else gain
        for louder in scaled(iter(waiting), gain):
            speech.write(louder)
    if levels.peak == 0.0:
        quiet = (Span(start=0, end=recording.duration),)
        return Sound(speech=None, loudness=blocks, integrated=None, pauses=quiet if blocks else ())
    if abs(_gain(whole) - gain) > MISJUDGED_DB:  # the beginning was not like the rest: once more, from the source
        lay_sound(path, draft, HEARD_HZ, 1, recording.duration, _gain(whole))
    pauses = pauses_of(levels.done(), recording.duration)
    return Sound(speech=ctx.store.take_file(draft), loudness=blocks, integrated=whole, pauses=pauses)


def _gain(loudness: float | None) -> float:
    """dB that bring a source of this loudness to where recognition works; 0 where it does already."""
    if loudness is None or GOOD_LUFS[0] <= loudness <= GOOD_LUFS[1]:
        return 0.0
    return min(AIM_LUFS - loudness, MOST_GAIN_DB)


def _heard(path: Path, meter: Meter, duration: int, ctx: Context) -> Iterator[Samples]:
    """Mono blocks at 16 kHz of a sound that is decoded once; the meter sees it at 48 kHz on the way."""
    down = Resampler(Meter.RATE, HEARD_HZ)
    left = round(duration * Meter.RATE / 1000)
    total = max(1, left)
    for number, block in enumerate(pcm(path, Meter.RATE, meter.channels)):
        block = block[:left]
        left -= len(block)
        meter.push(block)
        yield from down.push(block.mean(axis=1, keepdims=True))
        if number % 64 == 0:
            ctx.beat(1 - left / total)
        if left <= 0:
            break
    yield from down.flush()


class _Levels:
    """dB of each 10 ms, with the lows taken off (a first difference), so that hum is quiet and an `s` is not."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._found: list[NDArray[np.float32]] = []
        self._left: NDArray[np.float32] = np.zeros(0, np.float32)
        self._before = np.float32(0)

    def push(self, block: Samples) -> None:
        samples = block[:, 0]
        if not len(samples):
            return
        self.peak = max(self.peak, float(np.abs(samples).max()))
        sharp = np.diff(samples, prepend=self._before)
        self._before = samples[-1]
        sharp = np.concatenate([self._left, sharp])
        whole = len(sharp) // _FRAME
        power = np.square(sharp[: whole * _FRAME]).reshape(whole, _FRAME).mean(axis=1)
        self._found.append((10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))).astype(np.float32))
        self._left = sharp[whole * _FRAME :]

    def done(self) -> NDArray[np.float32]:
        return np.concatenate(self._found) if self._found else np.zeros(0, np.float32)
