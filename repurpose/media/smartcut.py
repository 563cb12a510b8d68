"""Does a plan: copies whole groups of pictures, encodes what is left at the edges, and writes one plain mp4.

The file has one avcC record with both the recording's parameter sets and those of the encoded pieces, under ids of their
own, so every player sees ordinary `avc1`. Frames follow each other at the recording's rate; the sound is cut to the
sample where the frames are cut, on one continuous decode, and encoded once. Where copying is not possible or not worth
it the picture is encoded in one go, frame for frame the same.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av

from repurpose.context import Context
from repurpose.errors import Cancelled
from repurpose.media import aac, plan, soundcut
from repurpose.media.ahead import Ahead
from repurpose.media.filters import size_for
from repurpose.media.index import Index, locate
from repurpose.media.limiter import RATE
from repurpose.media.loudness import gain_to, integrated
from repurpose.media.pictures import Pictures, encoded, pieced
from repurpose.media.plan import Run
from repurpose.models import EditDecisionList, Ms, Recording
from repurpose.presets import RenderPreset

WORTH = 0.1  # below this share of copied frames a full encode is as fast, and smaller
_BLOCKS_AHEAD = 16
_USUAL_MAKEUP_DB = 3.0  # peaks are measured finely where they matter with this much added level
_WAITING = 4  # stretches of sound that may wait for the picture


@dataclass(frozen=True)
class Cut:
    """What was made."""

    edl: EditDecisionList  # as shown: every edge on a frame
    frames: int
    copied: float  # share of the frames that were copied
    width: int
    height: int
    gain_db: float  # what the sound was raised by, before the limiter
    loudness: float | None  # LUFS of the sound as encoded; None when there is none
    note: str  # why it was encoded in full, and what the sound needed; "" when there is nothing to say


def smart_cut(
    recording: Recording,
    edl: EditDecisionList,
    target: Path,
    *,
    gain_db: float,
    render: RenderPreset,
    ctx: Context,
    tags: Mapping[str, str] | None = None,
    chapters: Sequence[tuple[Ms, str]] = (),
) -> Cut:
    """Write the cut to `target` (mp4, index first), with tags, and chapters by where they begin in it.

    Raises NothingFits when no span has a frame of the recording.
    """
    path = ctx.store.path(recording.media)
    index, runs = locate(edl.spans, recording, path)
    rate, joined = index.rate, plan.merge(runs)
    pieces = plan.divide(joined, index.joins, index.whole)
    copied = plan.copied_share(pieces)
    why = _why_not(recording, render, index, copied)
    stop = threading.Event()
    with ExitStack() as stack:
        output = stack.enter_context(av.open(str(target), "w", "mp4", container_options={"movflags": "+faststart"}))
        output.metadata.update(tags or {})
        _mark(output, chapters, plan.time_of(sum(run.length for run in joined), rate))
        stack.callback(stop.set)  # whatever happens, the workers end first
        pictures = stack.enter_context(
            encoded(output, index, joined, render, ctx, stop)
            if why
            else pieced(output, index, pieces, render, ctx, stop)
        )
        sound = _Sound(output, path, joined, rate, gain_db, render, ctx, stop) if recording.has_audio else None
        output.start_encoding()
        packets = stack.enter_context(Ahead(sound.packets(), _WAITING)) if sound else iter(())
        _interleave(output, pictures, chain.from_iterable(packets), rate, sum(run.length for run in joined), ctx)
    width, height = size_for(render, recording.video.width, recording.video.height)
    notes = (f"encoded in full: {why}" if why else "", sound.note if sound else "no sound in the recording")
    return Cut(
        edl=plan.shown(edl, runs, rate),
        frames=sum(run.length for run in joined),
        copied=0.0 if why else copied,
        width=width,
        height=height,
        gain_db=sound.gain_db if sound else 0.0,
        loudness=sound.loudness if sound else None,
        note="; ".join(note for note in notes if note),
    )


def _mark(output: Any, chapters: Sequence[tuple[Ms, str]], end: Ms) -> None:
    if not chapters:
        return
    starts = [at for at, _ in chapters]
    output.set_chapters(
        [
            {"id": number, "start": at, "end": until, "time_base": Fraction(1, 1000), "metadata": {"title": title}}
            for number, ((at, title), until) in enumerate(zip(chapters, [*starts[1:], end], strict=True))
        ]
    )


def _why_not(recording: Recording, render: RenderPreset, index: Index, copied: float) -> str:
    """Why the picture must be encoded in full; "" when the plan can be done."""
    video = recording.video
    if size_for(render, video.width, video.height) != (video.width, video.height):
        return "the picture changes size"
    if not video.smart_cut:
        return video.why_not or "the recording is not fit to be copied"
    if index.why_not:
        return index.why_not
    return "its key frames are too far apart" if copied < WORTH else ""


class _Sound:
    """The cut's sound as AAC packets. `gain_db` and `note` are known once the first packet is out."""

    def __init__(
        self,
        output: Any,
        path: Path,
        runs: list[Run],
        rate: Fraction,
        gain_db: float,
        render: RenderPreset,
        ctx: Context,
        stop: threading.Event,
    ) -> None:
        self._path, self._runs, self._rate, self._render, self._stop = path, runs, rate, render, stop
        self.gain_db, self.note = gain_db, ""
        self.loudness: float | None = None
        self._kept = ctx.scratch / "sound.f32"
        self._channels = soundcut.channels_of(path)
        self._stream, self._workers = aac.add_stream(output, self._channels), ctx.threads

    def packets(self) -> Iterator[list[Any]]:
        ceiling = self._render.true_peak
        sound = soundcut.sound_for(self._path, self._runs, self._rate, self._channels, self._render)
        loud = 10 ** ((ceiling - soundcut.CODEC_MARGIN_DB - self.gain_db - _USUAL_MAKEUP_DB) / 20)
        try:
            with Ahead(sound, _BLOCKS_AHEAD) as blocks:  # decoded in one thread, measured in another
                measured = soundcut.keep(blocks, self._kept, loud, self._check)
            gain = self.gain_db
            if self._render.denoise:  # it was found for the voice and the noise together
                gain = gain_to(self._render.loudness, integrated([float(value) for value in measured[2]]))
            level = soundcut.settle(*measured, gain, ceiling)
            self.gain_db, self.loudness, self.note = level.gain_db, level.loudness, level.note
            levelled, total = soundcut.levelled(self._kept, self._channels, level, ceiling)
            yield from aac.encoded(levelled, total, self._stream, self._channels, self._workers)
        finally:
            self._kept.unlink(missing_ok=True)

    def _check(self) -> None:
        if self._stop.is_set():
            raise Cancelled


def _interleave(
    output: Any, pictures: Pictures, sound: Iterator[Any], rate: Fraction, frames: int, ctx: Context
) -> None:
    """Write both, each packet when it is due."""
    held = next(sound, None)
    samples = float(RATE / rate)  # a frame
    for done, packet in enumerate(pictures, 1):
        while held is not None and held.pts <= packet.dts * samples:
            output.mux(held)
            held = next(sound, None)
        output.mux(packet)
        if done % 64 == 0:
            ctx.beat(min(1.0, done / frames))
    while held is not None:
        output.mux(held)
        held = next(sound, None)
    ctx.beat(1.0)
