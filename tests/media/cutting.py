"""Cuts of recordings that tell the time, and what a cut has to show and to sound like."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.media import ffmpeg
from repurpose.media.smartcut import Cut, smart_cut
from repurpose.models import EditDecisionList, Span
from repurpose.presets import RenderPreset
from tests.media.clock import RATE, context, decode_sound, offsets_ms, read_clock, recording_of, sweeps

Clocks = Callable[[Fraction, int, int, int], Path]  # rate, frames of a group, b-frames, frames -> a recording
NTSC = Fraction(30000, 1001)


def edl_of(spans: Sequence[tuple[int, int]]) -> EditDecisionList:
    return EditDecisionList(cut="test", spans=tuple(Span(start=a, end=b) for a, b in spans))


def random_spans(length_ms: int, count: int, seed: int) -> list[tuple[int, int]]:
    """`count` spans, apart by 1 ms and more, each long enough to hold a frame."""
    dice = random.Random(seed)
    free = length_ms - count * 60
    cuts = sorted(dice.sample(range(free), 2 * count))
    return [(cuts[2 * k] + 60 * k, cuts[2 * k + 1] + 60 * k + 50) for k in range(count)]


def asked(edl: EditDecisionList, rate: Fraction, frames: int) -> list[int]:
    """The frames an EDL asks for, worked out the long way round: those whose millisecond lies in a span."""
    shown = [round(1000 * n / rate) for n in range(frames)]
    return [n for span in edl.spans for n in range(frames) if span.start <= shown[n] < span.end]


def meant_sound(numbers: Sequence[int], rate: Fraction, seconds: float) -> NDArray[np.float32]:
    """The sound that belongs to the frames, frame by frame."""
    voice = np.concatenate([sweeps(seconds), np.zeros(RATE, np.float32)])
    parts = []
    for k, number in enumerate(numbers):
        count = round((k + 1) * RATE / rate) - round(k * RATE / rate)
        first = round(number * RATE / rate)
        parts.append(voice[first : first + count])
    return np.concatenate(parts)


def cut_file(tmp_path: Path, source: Path, spans: Sequence[tuple[int, int]], **more: object) -> tuple[Path, Cut]:
    ctx = context(tmp_path)
    recording = recording_of(source, ctx, smart_cut=bool(more.pop("smart_cut", True)))
    render = RenderPreset(name="landscape", **more)  # type: ignore[arg-type]
    target = tmp_path / "cut.mp4"
    return target, smart_cut(recording, edl_of(spans), target, gain_db=0.0, render=render, ctx=ctx)


def check(path: Path, cut: Cut, spans: Sequence[tuple[int, int]], rate: Fraction, frames: int) -> None:
    wanted = asked(edl_of(spans), rate, frames)
    assert read_clock(path) == wanted
    assert cut.frames == len(wanted)
    assert ffmpeg.run("-xerror", "-i", path, "-f", "null", "-") == ""
    with av.open(str(path)) as container:
        times = [Fraction(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    assert times[0] == 0
    assert all(abs(at - k / rate) < Fraction(1, 5000) for k, at in enumerate(times))
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return
    heard = decode_sound(path)
    assert abs(len(heard) / RATE - len(wanted) / float(rate)) <= 0.1
    if len(wanted) / rate > 0.7:
        late = list(offsets_ms(heard, meant_sound(wanted, rate, frames / rate), (0, 0.5, 1)))
        assert max(abs(one) for one in late) <= 10, late


def packets(path: Path, rate: Fraction) -> Iterator[tuple[int, bytes]]:
    """Each picture packet with its number in the order of showing."""
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                yield round(packet.pts * packet.time_base * rate), bytes(packet)
