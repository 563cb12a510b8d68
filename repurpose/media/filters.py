"""What is done to picture and sound on their way to a full encode: filter graphs as objects, compiled to arguments.

ffmpeg-python writes each option escaped for the graph it stands in, as long as it is given by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.filter
import ffmpeg

from repurpose.media.ffmpeg import FORMATS, PROTOCOLS
from repurpose.media.plan import frame_at
from repurpose.models import Ms
from repurpose.presets import RenderPreset

Stream = Any  # of ffmpeg-python: what leaves an input or a filter
RATE = 48_000
BT709 = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}


@dataclass(frozen=True)
class Overlay:
    """A png over the picture, its left upper corner at (x, y), from `start` to `end` on the file's clock."""

    image: Path
    x: int
    y: int
    start: Ms
    end: Ms
    fade: Ms = 0  # in, and out


def opened(path: Path, **options: str) -> Stream:
    """A file as an input: only containers and protocols that cannot name another file."""
    return ffmpeg.input(str(path.absolute()), format_whitelist=FORMATS, protocol_whitelist=PROTOCOLS, **options)


def fed(width: int, height: int, rate: Fraction) -> Stream:
    """The pictures that come in through `pipe:0`: I420 under BT.709, limited range."""
    size = f"{width}x{height}"
    source = ffmpeg.input("pipe:0", f="rawvideo", pixel_format="yuv420p", s=size, framerate=_exactly(rate))
    return source.filter("setparams", range="tv", **BT709)


def written_on(picture: Stream, script: Path, fonts: Path | None) -> Stream:
    """The picture with an ASS script drawn over it, with the fonts of a folder."""
    there = {"fontsdir": str(fonts.absolute())} if fonts is not None else {}
    return picture.filter("ass", filename=str(script.absolute()), **there)


def laid_over(picture: Stream, overlay: Overlay, number: int, rate: Fraction, count: int) -> Stream:
    """The picture of `count` frames with an overlay on it. `number` tells overlays of one file apart.

    The png is decoded and converted once; the loop hands out the same frame. It is as long as it is shown and no longer,
    so that it can never be what keeps the output going.
    """
    first, end = (min(frame_at(at, rate), count) for at in (overlay.start, overlay.end))
    if end <= first:
        return picture
    # The queue's size says nothing here; it keeps two showings of one file from being taken for the same stream.
    image = opened(overlay.image, f="png_pipe", thread_queue_size=str(8 + number))
    image = image.filter("scale", out_color_matrix="bt709", out_range="tv", flags="accurate_rnd+full_chroma_int")
    image = image.filter("format", pix_fmts="yuva420p").filter("loop", loop=end - first - 1, size=1)
    image = image.filter("settb", expr=_exactly(1 / rate)).filter("setpts", expr="N")
    turn = min(round(overlay.fade * rate / 1000), (end - first) // 2)
    if turn:
        image = image.filter("fade", type="in", start_frame=0, nb_frames=turn, alpha=1)
        image = image.filter("fade", type="out", start_frame=end - first - turn, nb_frames=turn, alpha=1)
    image = image.filter("setpts", expr=f"N+{first}")
    return ffmpeg.filter([picture, image], "overlay", x=overlay.x, y=overlay.y, eof_action="pass", format="yuv420")


def heard(path: Path, samples: int) -> Stream:
    """The sound of a file at 48 kHz, cut or filled with silence to `samples`."""
    sound = opened(path).audio.filter("aresample", sample_rate=RATE)
    return sound.filter("atrim", end_sample=samples).filter("apad", whole_len=samples)


def steady(
    picture: Stream,
    *,
    interlaced: bool,
    crop: tuple[int, int] | None,
    size: tuple[int, int],
    rate: Fraction,
    hold: Ms,
) -> Stream:
    """A decoded picture, upright already, at a constant rate in square pixels and limited range.

    `crop` keeps so many columns and rows and resamples nothing; without it the picture is fitted into `size`, on black.
    `hold` lets the last frame stand for so long.
    """
    picture = picture.filter("setpts", expr="PTS-STARTPTS")
    if interlaced:
        picture = picture.filter("bwdif", mode="send_frame")
    if crop is not None:
        picture = picture.filter("crop", w=crop[0], h=crop[1], x=0, y=0, exact=1)
    else:
        picture = picture.filter("scale", w=size[0], h=size[1], force_original_aspect_ratio="decrease", reset_sar=1)
        picture = picture.filter("pad", w=size[0], h=size[1], x=-1, y=-1)
    picture = picture.filter("fps", fps=_exactly(rate))
    if hold:
        picture = picture.filter("tpad", stop_mode="clone", stop_duration=f"{hold}ms")
    return picture.filter("setsar", sar=1).filter("scale", out_range="tv").filter("format", pix_fmts="yuv420p")


def arguments(
    streams: Sequence[Stream], target: Path, options: Mapping[str, str | int], facts: Path | None = None
) -> list[str]:
    """What ffmpeg is called with to write `streams` to `target`; `facts` is an ffmetadata file of tags and chapters."""
    compiled = [str(one) for one in ffmpeg.output(*streams, str(target), **options).get_args()]
    if facts is None:
        return compiled
    at = compiled.index("-filter_complex")  # the inputs end here
    number = str(compiled[:at].count("-i"))
    described = ["-map_metadata", number, "-map_chapters", number]
    return [*compiled[:at], "-f", "ffmetadata", "-i", str(facts), *compiled[at:-1], *described, compiled[-1]]


def size_for(render: RenderPreset, width: int, height: int) -> tuple[int, int]:
    """The size of a render of a `width` x `height` recording, in even pixels; one side given keeps the shape."""
    if render.width and render.height:
        found = render.width, render.height
    elif render.width:
        found = render.width, round(height * render.width / width)
    elif render.height:
        found = round(width * render.height / height), render.height
    else:
        found = width, height
    return found[0] + found[0] % 2, found[1] + found[1] % 2


class Fit:
    """Frames of one size scaled into another with their shape kept, centred on black."""

    def __init__(self, like: Any, rate: Fraction, width: int, height: int) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(width=like.width, height=like.height, format=like.format, time_base=1 / rate)
        steps = (
            ("scale", f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"),
            ("pad", f"{width}:{height}:(ow-iw)/2:(oh-ih)/2"),
            ("setsar", "1"),
            ("buffersink", ""),
        )
        for name, arguments in steps:
            node = self._graph.add(name, arguments) if arguments else self._graph.add(name)
            source.link_to(node)
            source = node
        self._graph.configure()

    def __call__(self, frame: Any) -> Any:
        self._graph.push(frame)
        return self._graph.pull()


def _exactly(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
