"""A drawn file from its pictures: one ffmpeg burns the captions in, lays pngs over, encodes and writes an mp4.

A file that may have so many bytes is first encoded at the preset's quality. Where that is too many, x264 encodes it again
from the same pictures, at the rate that fills what is allowed, with what the first pass learnt of each frame.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import NothingFits, ToolError
from repurpose.media import aac, ffmpeg, filters
from repurpose.media.board import Picture
from repurpose.media.encoder import SOFTWARE, encoder_name, quality
from repurpose.media.filters import BT709, Overlay
from repurpose.media.open import open_media, packets_of, seen_in
from repurpose.media.plan import time_of
from repurpose.media.soundcut import channels_of
from repurpose.media.tags import described, places
from repurpose.models import Ms
from repurpose.presets import RenderPreset

__all__ = ["Drawn", "Overlay", "draw_file"]

AIM, LEAST = 0.988, 0.97  # of the bytes allowed: what a second pass aims at, and what it should reach
PASSES = 8  # the second lands for all but short clips full of noise, whose size differs by 1 % each time
KEY_S = 5  # a key frame this often: feeds start anywhere, and it costs few bytes
_PEAK = 2.0  # times the mean rate of a file of all the bytes allowed; phones stumble over more
_BUFFER_S = 2.0


@dataclass(frozen=True)
class Drawn:
    """What was written."""

    bytes: int
    passes: int
    encoder: str
    note: str  # "" when there is nothing to say


def draw_file(
    frames: Callable[[], Iterator[Picture]],
    count: int,
    rate: Fraction,
    target: Path,
    *,
    render: RenderPreset,
    script: Path | None,
    fonts: Path | None,
    overlays: Sequence[Overlay],
    sound: Path | None,
    metadata: Mapping[str, str],
    chapters: Sequence[tuple[Ms, str]],
    ctx: Context,
) -> Drawn:
    """Write `count` pictures at `rate` to `target` (mp4, index first), with all that is laid over them.

    `frames` gives the pictures, `render.width` x `render.height`, from the first; it is asked once a pass. `script` (ASS),
    `overlays` and `chapters` are on the file's clock. `sound` is cut or filled to the pictures' length. With
    `render.at_most_bytes` the file never has more; one that would is encoded again and fills 97 to 100 % of it. Raises
    NothingFits where x264's lowest quality is still too much, ValueError when `frames` gives another number than `count`.
    """
    with tempfile.TemporaryDirectory(prefix="drawn-", dir=target.parent) as kept:
        job = _Job(frames, count, rate, render, script, fonts, overlays, sound, Path(kept), ctx)
        job.facts.write_text(described(metadata, chapters, time_of(count, rate)), "utf-8")
        job.options["movflags"] = "+faststart" + places(metadata)
        drawn, draft = _within(job, render.at_most_bytes) if render.at_most_bytes else _freely(job)
        draft.replace(target)
    return drawn


@dataclass(frozen=True)
class _Job:
    """One file, to be encoded as often as it takes."""

    frames: Callable[[], Iterator[Picture]]
    count: int
    rate: Fraction
    render: RenderPreset
    script: Path | None
    fonts: Path | None
    overlays: Sequence[Overlay]
    sound: Path | None
    folder: Path
    ctx: Context
    options: dict[str, str | int] = field(default_factory=dict)  # for every pass

    @property
    def seconds(self) -> Fraction:
        return self.count / self.rate

    @property
    def facts(self) -> Path:
        return self.folder / "facts.txt"

    def encode(self, name: str, part: tuple[float, float], options: Mapping[str, str]) -> Path:
        """The draft that encoder `name` makes with `options`; `part` is its share of the progress."""
        picture = filters.fed(self.render.width, self.render.height, self.rate)
        if self.script is not None:
            picture = filters.written_on(picture, self.script, self.fonts)
        for number, overlay in enumerate(self.overlays):
            picture = filters.laid_over(picture, overlay, number, self.rate, self.count)
        streams = [picture]
        chosen: dict[str, str | int] = {
            **{"c:v": name, "color_range": "tv", **BT709, "threads": self.ctx.threads},
            **{"g": round(self.rate * KEY_S), "fps_mode": "passthrough", **self.options, **options},
        }
        if self.sound is not None:
            streams.append(filters.heard(self.sound, round(self.count * filters.RATE / self.rate)))
            chosen |= {"c:a": "aac", **aac.CODER, "b:a": aac.BIT_RATE[channels_of(self.sound)]}
        draft = self.folder / f"{len(list(self.folder.glob('*.mp4')))}.mp4"
        ffmpeg.run(
            *filters.arguments(streams, draft, chosen, self.facts),
            ctx=self.ctx.part(*part),
            duration_ms=time_of(self.count, self.rate),
            feed=self._counted(),
        )
        return draft

    def _counted(self) -> Iterator[Picture]:
        made = 0
        for made, picture in enumerate(self.frames(), 1):
            if made <= self.count:
                yield picture
        if made != self.count:
            raise ValueError(f"{made} pictures were drawn where {self.count} were announced")


def _freely(job: _Job, part: tuple[float, float] = (0.0, 1.0)) -> tuple[Drawn, Path]:
    """One pass at the preset's quality, by the best encoder there is."""
    name, note = encoder_name(), ""
    if name != SOFTWARE:
        try:
            draft = job.encode(name, part, quality(name, job.render.crf, job.render.speed))
            return Drawn(draft.stat().st_size, 1, name, ""), draft
        except ToolError as error:  # a card that is taken, or a picture it will not have
            note = f"{name} gave up ({error.said.strip().splitlines()[0] if error.said.strip() else error.code})"
    draft = job.encode(SOFTWARE, part, quality(SOFTWARE, job.render.crf, job.render.speed))
    return Drawn(draft.stat().st_size, 1, SOFTWARE, note), draft


def _within(job: _Job, limit: int) -> tuple[Drawn, Path]:
    """As many passes as it takes to stay within `limit` bytes.

    Where one pass of the hardware stays within it, that is all; no hardware lands where it is told to, so the rest is x264's.
    """
    mean = limit * 8 / job.seconds
    job.options.update(maxrate=round(mean * _PEAK), bufsize=round(mean * _PEAK * _BUFFER_S))
    if encoder_name() != SOFTWARE:
        drawn, draft = _freely(job, _part(0))
        if drawn.bytes <= limit:
            return drawn, draft
    job.options["passlogfile"] = str(job.folder / "stats")
    # Without fastfirstpass=0 ffmpeg makes the first of two passes a rough one, and here it may be the one that is kept.
    usual = quality(SOFTWARE, job.render.crf, job.render.speed)
    first = {**usual, "pass": "1", "fastfirstpass": "0"}
    del usual["crf"]
    draft = job.encode(SOFTWARE, _part(0), first)
    size = draft.stat().st_size
    if size <= limit:
        job.ctx.beat(1.0)
        return Drawn(size, 1, SOFTWARE, ""), draft
    beside = size - _picture_bytes(draft)  # sound, index and tags: the same in every pass
    room = limit * AIM - beside
    tried: list[tuple[float, int]] = []  # bits a second asked for, bytes that came
    best: tuple[int, Path] | None = None
    while len(tried) < PASSES - 1 and room > 0:
        bits = next_rate(room, tried, room * 8 / float(job.seconds))
        second = {**usual, "pass": "2", "b:v": str(round(bits))}
        try:
            draft = job.encode(SOFTWARE, _part(1 + len(tried)), second)
        except ToolError as error:
            if "bitrate is too low" in error.said:  # x264 has worked out that it cannot be done
                break
            raise
        size = draft.stat().st_size
        tried.append((bits, size - beside))
        if size <= limit and (best is None or size > best[0]):
            best = size, draft
        if limit * LEAST <= size <= limit:
            break
    if best is None:
        raise NothingFits(
            f"{float(job.seconds):.1f} s of {job.render.width}x{job.render.height} do not fit into {limit} bytes "
            f"at any quality; the smallest had {size}"
        )
    job.ctx.beat(1.0)
    note = "" if best[0] >= limit * LEAST else f"fills only {best[0] / limit:.0%} of the bytes allowed"
    return Drawn(best[0], 1 + len(tried), SOFTWARE, note), best[1]


def _part(number: int) -> tuple[float, float]:
    """What a pass is of the progress where nobody knows how many there will be: half of what is left."""
    return 1 - 0.5**number, 1 - 0.5 ** (number + 1)


def next_rate(room: float, tried: Sequence[tuple[float, int]], first: float) -> float:
    """The rate to ask for so that `room` bytes come, from what came of the rates tried so far. Pure.

    Between one that was too little and one that was too much it lies between them; else in proportion to the last.
    """
    under = max(((rate, came) for rate, came in tried if came <= room), default=None)
    over = min(((rate, came) for rate, came in tried if came > room), default=None)
    if under and over and under[0] < over[0]:
        return under[0] + (over[0] - under[0]) * (room - under[1]) / (over[1] - under[1])
    return tried[-1][0] * room / tried[-1][1] if tried else first


def _picture_bytes(path: Path) -> int:
    with open_media(path) as container:
        return sum(packet.size for packet in packets_of(container, seen_in(container)))
