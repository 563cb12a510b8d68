"""Decoded sound as a generator of blocks, on the recording's clock: sample 0 is millisecond 0."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.media.open import frames_of, heard_in, open_media, origin, packets_of, picture_of, sound_of

Samples = NDArray[np.float32]
BLOCK = 16384  # samples a block, so that an hour is a few thousand blocks and none is large
# Timestamps jitter: containers round them, wma dates a packet and not its samples. Those of a file are trusted once
# TRUSTED of them in a row came within STEADY_S of where they should; then a sudden step of STEP_S is a gap or an overlap.
TRUSTED, STEADY_S, STEP_S = 20, 0.002, 0.005
SLACK_S = (0.100, 0.020)  # further off than this is never jitter: before and after they are trusted
# A recorder whose sound clock runs wrong is followed by stretching the sound a little, by FOLLOW at most (7 cents,
# inaudible): from so far off until back within so much, before and after they are trusted.
FOLLOW = 0.004
FROM_S, UNTIL_S = (0.060, 0.004), (0.030, 0.001)
WORTH_S = 20  # sound that is skipped
WARM_S = 0.05  # and the resampler, which looks to both sides of a sample
RUN_IN_S = 0.5  # a decoder starts so much earlier: AAC overlaps its frames, MP3 keeps bits for later ones
ASTRAY_S = 1  # a jump ahead by more is only believed when the next frame goes on from there
_HALF = 2**-0.5


def pcm(path: Path, rate: int, channels: int = 1) -> Iterator[Samples]:
    """The sound as float32 blocks [n, channels] from the clock's 0 to the end of sound; nothing when there is none.

    A late start and gaps are filled with silence; what lies before the clock's 0 is left out. More channels than asked
    for are mixed down (ITU-R BS.775, without the LFE, normalised so that it cannot clip); fewer are repeated.
    """
    with open_media(path) as container:
        stream = sound_of(container)
        if stream is None:
            return
        zero = float(origin(path)) if picture_of(container) is not None else None
        limit = (container.duration or 0) / av.time_base + 60
        stream.thread_type = "AUTO"
        track = _Track(rate)
        for frame in _on_the_clock(frames_of(container, stream), zero, limit):
            yield from (mix(block, names, channels) for block, names in track.push(frame))
        yield from (mix(block, names, channels) for block, names in track.flush())


def pcm_from(path: Path, rate: int, channels: int, first: int) -> tuple[int, Iterator[Samples]]:
    """The same sound from sample `first` (of `rate`) on, or from a little before: the sample it begins at, and the blocks.

    It is the whole, begun later, to the sample. Only a file whose timestamps run without a gap is entered in the middle;
    any other is decoded from its start, since there what a moment sounds like depends on what was before.
    """
    even = _even(path, path.stat().st_mtime_ns) if first > rate * WORTH_S else 0
    if not even:
        return 0, pcm(path, rate, channels)
    step = even // math.gcd(even, rate)  # input samples after which both rates are on a whole sample
    begin = (first * even // rate - round(even * WARM_S)) // step * step
    return begin * rate // even, _entered(path, rate, channels, begin, even)


def _entered(path: Path, rate: int, channels: int, begin: int, even: int) -> Iterator[Samples]:
    with open_media(path) as container:
        stream = heard_in(container)
        zero = float(origin(path)) if picture_of(container) is not None else float(stream.start_time * stream.time_base)
        limit = (container.duration or 0) / av.time_base + 60
        container.seek(int((begin / even + zero - RUN_IN_S) / stream.time_base), stream=stream)
        track = _Track(rate)
        for frame in _on_the_clock(frames_of(container, stream), zero, limit, begin, even):
            yield from (mix(block, names, channels) for block, names in track.push(frame))
        yield from (mix(block, names, channels) for block, names in track.flush())


@functools.lru_cache(maxsize=2)
def _even(path: Path, changed: int) -> int:
    """The sample rate of a sound that begins by the clock's 0 and whose packets follow each other to the sample; else 0."""
    with open_media(path) as container:
        stream = sound_of(container)
        if stream is None or stream.time_base != Fraction(1, stream.codec_context.sample_rate):
            return 0
        rate, due, usual = stream.codec_context.sample_rate, None, 0
        for packet in packets_of(container, stream):
            if packet.pts is None or not packet.duration:
                return 0
            if due is None and packet.pts > origin(path) * rate:
                return 0
            usual = usual or packet.duration
            if packet.duration > usual or (due is not None and packet.pts != due):  # mp4 tells a gap as a long packet
                return 0
            due = packet.pts + packet.duration
        return int(rate)


def channels_of(path: Path) -> int:
    """How many channels the sound has; 0 when there is none."""
    with open_media(path) as container:
        stream = sound_of(container)
        return int(stream.codec_context.layout.nb_channels) if stream is not None else 0


class Resampler:
    """Mono blocks [n, 1] at one rate -> mono blocks at another, without a seam between them."""

    def __init__(self, rate: int, target: int) -> None:
        self._rate, self._fed = rate, 0
        self._resampler = av.AudioResampler(format="fltp", layout="mono", rate=target, frame_size=BLOCK)

    def push(self, block: Samples) -> Iterator[Samples]:
        if len(block):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = self._rate, self._fed
            self._fed += len(block)
            yield from self._out(frame)

    def flush(self) -> Iterator[Samples]:
        yield from self._out(None)

    def _out(self, frame: Any) -> Iterator[Samples]:
        for made in self._resampler.resample(frame):
            yield np.ascontiguousarray(made.to_ndarray().T, np.float32)


def mix(samples: Samples, names: tuple[str, ...], channels: int) -> Samples:
    """`samples` [n, len(names)] as `channels` channels: mono or stereo by speaker position, else by number."""
    if samples.shape[1] == channels:
        return samples
    if samples.shape[1] == 1:
        return np.repeat(samples, channels, axis=1)
    if channels > 2:
        padded = np.zeros((len(samples), channels), np.float32)
        padded[:, : samples.shape[1]] = samples[:, :channels]
        return padded
    return np.ascontiguousarray(samples @ _matrix(names, channels), np.float32)


def _matrix(names: tuple[str, ...], channels: int) -> Samples:
    """Weights [inputs, outputs] of ITU-R BS.775: centre and surrounds at -3 dB, the LFE not at all."""
    left = {"FL": 1.0, "FC": _HALF, "SL": _HALF, "BL": _HALF, "BC": 0.5, "FLC": 1.0}
    right = {"FR": 1.0, "FC": _HALF, "SR": _HALF, "BR": _HALF, "BC": 0.5, "FRC": 1.0}
    if not {"FL", "FR"} & set(names):  # positions unknown: the first two are left and right
        names = ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR")[: len(names)] + ("",) * max(0, len(names) - 8)
    weights = np.array([[left.get(name, 0.0), right.get(name, 0.0)] for name in names], np.float32)
    weights /= np.maximum(weights.sum(axis=0), 1e-6)
    return weights if channels == 2 else weights.mean(axis=1, keepdims=True)


class _Track:
    """Resamples frames of any format to planar float at one rate, in blocks. The format may change on the way."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._format: tuple[str, int, int] | None = None
        self._names: tuple[str, ...] = ()
        self._resampler: Any = None

    def push(self, frame: Any) -> Iterator[tuple[Samples, tuple[str, ...]]]:
        kind = (frame.format.name, frame.layout.nb_channels, frame.sample_rate)
        if kind != self._format:
            yield from self.flush()
            self._format, self._names = kind, tuple(channel.name for channel in frame.layout.channels)
            self._resampler = av.AudioResampler(format="fltp", rate=self._rate, frame_size=BLOCK)
        yield from self._out(frame)

    def flush(self) -> Iterator[tuple[Samples, tuple[str, ...]]]:
        if self._resampler is not None:
            yield from self._out(None)
            self._resampler = None

    def _out(self, frame: Any) -> Iterator[tuple[Samples, tuple[str, ...]]]:
        for made in self._resampler.resample(frame):
            yield np.ascontiguousarray(made.to_ndarray().T, np.float32), self._names


def _on_the_clock(
    frames: Iterator[Any], zero: float | None, limit: float, due: int = 0, rate: int = 0
) -> Iterator[Any]:
    """The frames laid end to end from the clock's 0: gaps become silence, what lies before or twice is cut away.

    `due` is the input sample that comes first, of `rate`.
    """
    steady = before = 0
    first, following = True, False
    for frame, astray in _watched(frames):
        if frame.sample_rate != rate:
            due = round(due * frame.sample_rate / rate) if rate else 0
            rate = frame.sample_rate
        begins = frame.time  # float seconds: exact to a hundredth of a sample in ten hours, and quick
        if begins is not None and not astray:
            zero = begins if zero is None else zero
            off = round((begins - zero) * rate) - due
            step, trusted = abs(off - before), steady >= TRUSTED
            steady = steady + 1 if step < STEADY_S * rate else max(0, steady - TRUSTED)
            sudden = first or (trusted and step > STEP_S * rate) or abs(off) > SLACK_S[trusted] * rate
            before = 0 if sudden else off
            if sudden and off > 0 and begins - zero <= limit:
                yield from _silence(frame, off)
                due += off
            elif sudden and off < 0 and (first or off > -rate):  # far back is a new set of timestamps, not an overlap
                if frame.samples <= -off:
                    before, steady = off - frame.samples, TRUSTED  # the next one is as far back again
                    continue
                frame = _tail(frame, -off)
            elif not sudden:
                following = abs(off) > (UNTIL_S if following else FROM_S)[trusted] * rate
                if following:
                    most = max(1, int(frame.samples * FOLLOW))
                    frame = _stretched(frame, frame.samples + max(-most, min(most, off)))
            first = False
        yield frame
        due += frame.samples


def _watched(frames: Iterator[Any]) -> Iterator[tuple[Any, bool]]:
    """Each frame, and whether its timestamp is astray: far ahead of the one before, and the next does not follow on it."""
    end: float | None = None
    held = next(frames, None)
    while held is not None:
        following = next(frames, None)
        begins, astray = held.time, False
        if begins is not None and end is not None and begins - end > ASTRAY_S:
            after = following.time if following is not None else None
            astray = after is None or not 0 <= after - begins <= ASTRAY_S
        if begins is not None and not astray:
            end = begins + held.samples / held.sample_rate
        yield held, astray
        held = following


def _silence(like: Any, samples: int) -> Iterator[Any]:
    while samples > 0:
        count = min(samples, like.sample_rate)
        planes = like.to_ndarray().shape
        width = count if like.format.is_planar else count * like.layout.nb_channels
        zeros = np.zeros((planes[0], width), like.to_ndarray().dtype)
        if like.format.name.startswith("u8"):
            zeros += 128
        yield _frame(zeros, like)
        samples -= count


def _stretched(frame: Any, samples: int) -> Any:
    """The frame with `samples` samples a channel, read between the old ones. A few more or fewer are not heard."""
    planar, lanes = frame.format.is_planar, frame.layout.nb_channels
    old = frame.to_ndarray()
    lines = old if planar else old.reshape(-1, lanes).T
    places = np.linspace(0, lines.shape[1] - 1, samples)
    new = np.stack([np.interp(places, np.arange(lines.shape[1]), line) for line in lines]).astype(old.dtype)
    return _frame(np.ascontiguousarray(new if planar else new.T.reshape(1, -1)), frame)


def _tail(frame: Any, drop: int) -> Any:
    width = drop if frame.format.is_planar else drop * frame.layout.nb_channels
    return _frame(np.ascontiguousarray(frame.to_ndarray()[:, width:]), frame)


def _frame(samples: NDArray[Any], like: Any) -> Any:
    made = av.AudioFrame.from_ndarray(samples, format=like.format.name, layout=like.layout)
    made.sample_rate = like.sample_rate
    return made
