"""The sound of a drawn file: the voice between its bumpers, the brand's music under it, a sting at either end, at level.

The voice stays float32 from first to last. pydub holds what a brand brings: it trims, fades and loops the music and cuts the
stings; how far the music steps back for the voice is an array of our own.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.media import soundcut
from repurpose.media.heard import after_aac, peak_of
from repurpose.media.limiter import RATE, Curve, Samples
from repurpose.media.loudness import Meter, gain_to, integrated
from repurpose.media.soundcut import Level
from repurpose.models import Ms, Span
from repurpose.presets import RenderPreset
from repurpose.render.bed import looped, stung

# How far the music lies below the voice (LU). Under speech WCAG 2.2, 1.4.7 asks for 20.
UNDER_SPEECH, OPEN = 20.0, 10.0
STING = 6.0  # and a sting
RAMP: Ms = 250  # to step back or to come up
BREATH: Ms = 1500  # a shorter gap between words is no reason to come up
BED_IN: Ms = 300
BED_OUT: Ms = 1200
FINE = 0.1  # of the highest sample: peaks below are not measured finely, but taken for what they could be at most
SPARE_DB = 0.1  # left below the ceiling: another build of the encoder rounds otherwise
_TRIES = 5  # to get the peaks under it; one is enough for most speech
_FULL = (1 << 23) - 1  # of a 24-bit sample

Sound = Callable[[int, int], Samples]  # first sample, count -> [count, channels]


@dataclass(frozen=True)
class Mixed:
    """What was made: `path` holds 48 kHz, 24 bit."""

    path: Path
    loudness: float | None  # LUFS of the whole file; None when it is silent
    gain_db: float  # what the voice was raised by
    note: str  # "" when there is nothing to say


def mix(
    voice: Path,
    channels: int,
    target: Path,
    *,
    speech: Sequence[Span],
    intro: int,
    outro: int,
    music: Path | None,
    sting: Path | None,
    render: RenderPreset,
    ctx: Context,
) -> Mixed:
    """Write the file's sound as a wav of exactly `intro` samples, the voice, and `outro` samples, at 48 kHz.

    `voice` is raw float32, `channels` interleaved, faded at its joints, before any gain. `speech` is when someone speaks, on
    the file's clock. The whole comes to `render.loudness` (ITU-R BS.1770-4, gated), by 30 dB at most, and its true peak stays
    at or below `render.true_peak` once it is AAC: it is encoded and heard to make sure. Without music and sting the bumpers
    are silent.
    """
    spoken = voice.stat().st_size // (4 * channels)
    total = intro + spoken + outro
    kept, mixed = ctx.scratch / "levelled.f32", ctx.scratch / "mixed.f32"
    try:
        # The voice comes to level first, peaks and all: what is laid under it is measured against what will be heard.
        highest = max((float(np.abs(block).max()) for block in _read(voice, channels)), default=0.0)
        measured = soundcut.keep(_read(voice, channels), kept, highest * FINE, ctx.check)
        first = _settled(measured, render, render.true_peak)
        said, _ = soundcut.levelled(kept, channels, first, render.true_peak)
        base = render.loudness if first.loudness is None else first.loudness
        bed = None
        if music is not None and total:
            bed = _Bed(_levelled(looped(music, channels), base), _curve(speech, round(total * 1000 / RATE)), total)
        sounds = [(intro, spoken, said)]
        for at, room in ((0, intro), (total - outro, outro)):
            if sting is not None and room >= RATE // 4:  # no sting in a moment
                sounds.append(_placed(at, _levelled(stung(sting, channels, room), base - STING)))
        loud = FINE * 10 ** (render.true_peak / 20)
        measured = soundcut.keep(_together(sounds, bed, total, channels), mixed, loud, ctx.check)
        found, sound = _under(measured, mixed, total, channels, render, ctx)
        _write(target, (sound(at, min(RATE, total - at)) for at in range(0, total, RATE)), channels)
    finally:
        kept.unlink(missing_ok=True)
        mixed.unlink(missing_ok=True)
    notes = dict.fromkeys(note for note in (first.note, found.note) if note)
    return Mixed(target, found.loudness, first.gain_db + found.gain_db, "; ".join(notes))


def _settled(measured: tuple[Curve, Curve, Curve], render: RenderPreset, ceiling_db: float) -> Level:
    """The gain that brings what was measured to the render's loudness, by 30 dB at most."""
    _, _, loudness = measured
    wanted = gain_to(render.loudness, integrated([float(value) for value in loudness]))
    return soundcut.settle(*measured, wanted, ceiling_db)


def _under(
    measured: tuple[Curve, Curve, Curve], mixed: Path, total: int, channels: int, render: RenderPreset, ctx: Context
) -> tuple[Level, Sound]:
    """The level, and the sound at it, whose peaks stay under the render's once it is AAC."""
    limit, ceiling = 10 ** ((render.true_peak - SPARE_DB) / 20), render.true_peak
    for tried in range(_TRIES):
        ctx.check()
        level = _settled(measured, render, ceiling)
        sound, _ = soundcut.levelled(mixed, channels, level, ceiling)
        peak = peak_of(after_aac(_whole(sound), total, channels), limit)  # as the file will hold it, to the last bit
        if peak <= limit:
            break
        ceiling -= 20 * float(np.log10(peak / limit)) + 0.1 * tried
    return level, sound


@dataclass(frozen=True)
class _Bed:
    """Music that goes round, its gain in dB at moments (ms), and how many samples it is heard."""

    loop: Samples
    gain: tuple[NDArray[np.float64], NDArray[np.float64]]
    total: int

    def between(self, first: int, end: int) -> Samples:
        at = np.arange(first, end)
        gain = 10 ** (np.interp((at + 0.5) * (1000 / RATE), *self.gain) / 20)
        edges = np.minimum(at / (BED_IN * RATE / 1000), (self.total - at) / (BED_OUT * RATE / 1000))
        gain *= 0.5 - 0.5 * np.cos(np.pi * np.clip(edges, 0, 1))
        return np.asarray(self.loop[at % len(self.loop)] * gain[:, None], np.float32)


def _curve(speech: Sequence[Span], length: Ms) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Moments (ms, rising) and the music's gain in dB at each, against the voice: down when someone speaks, up between."""
    points: list[tuple[float, float]] = [(-2.0 * RAMP, -OPEN)]
    for start, end in _talk(speech):
        points += [(start - RAMP, -OPEN), (start, -UNDER_SPEECH), (end, -UNDER_SPEECH), (end + RAMP, -OPEN)]
    points.append((max(length, points[-1][0]) + 1.0, -OPEN))
    return np.array([at for at, _ in points]), np.array([gain for _, gain in points])


def _talk(speech: Sequence[Span]) -> list[tuple[Ms, Ms]]:
    """When the music is down: the speech, and gaps too short to come up in."""
    found: list[tuple[Ms, Ms]] = []
    for span in sorted(speech, key=lambda one: one.start):
        if found and span.start - found[-1][1] < max(BREATH, 2 * RAMP):
            found[-1] = (found[-1][0], max(found[-1][1], span.end))
        else:
            found.append((span.start, span.end))
    return found


def _placed(at: int, samples: Samples) -> tuple[int, int, Sound]:
    return at, len(samples), lambda first, count: samples[first : first + count]


def _together(
    sounds: Sequence[tuple[int, int, Sound]], bed: _Bed | None, total: int, channels: int
) -> Iterator[Samples]:
    """The file in blocks of a second: each sound (where it begins, how long it is) and the bed, added up."""
    for first in range(0, total, RATE):
        end = min(total, first + RATE)
        block = np.zeros((end - first, channels), np.float32) if bed is None else bed.between(first, end)
        for at, length, sound in sounds:
            low, high = max(first, at), min(end, at + length)
            if low < high:
                block[low - first : high - first] += sound(low - at, high - low)
        yield block


def _read(voice: Path, channels: int) -> Iterator[Samples]:
    with voice.open("rb") as file:
        while len(block := np.fromfile(file, np.float32, RATE * channels)):
            yield block.reshape(-1, channels)


def _levelled(sound: Samples, loudness: float) -> Samples:
    """The sound at `loudness` LUFS; silence stays silence."""
    there = _loudness(iter([sound]))
    return sound if there is None else sound * np.float32(10 ** ((loudness - there) / 20))


def _loudness(blocks: Iterator[Samples]) -> float | None:
    meter: Meter | None = None
    for block in blocks:
        meter = meter or Meter(block.shape[1])
        meter.push(block)
    return integrated(meter.finish()) if meter else None


def _write(target: Path, blocks: Iterator[Samples], channels: int) -> None:
    with wave.open(str(target), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(3)
        file.setframerate(RATE)
        for block in blocks:
            file.writeframes(_steps(block).reshape(-1, 1).view(np.uint8)[:, :3].tobytes())


def _whole(sound: Sound) -> Sound:
    """The sound as a reader of the file has it."""
    return lambda first, count: np.asarray(_steps(sound(first, count)) / np.float64(_FULL + 1), np.float32)


def _steps(block: Samples) -> NDArray[np.int32]:
    return np.rint(np.clip(block, -1, 1) * _FULL).astype("<i4")
