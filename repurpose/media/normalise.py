"""What a source needs before it can be cut exactly: nothing, new wrapping, sound laid anew, or one encode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from repurpose.context import Context
from repurpose.media import ffmpeg, filters
from repurpose.media.audio import Samples, pcm
from repurpose.media.flac import scaled, write_flac
from repurpose.media.probe import Probe, VideoStream
from repurpose.models import Ms

CLEAN_PIXELS = ("yuv420p", "yuvj420p")
AS_IT_IS = {"mov"}  # containers with exact timestamps that are cut as they come
COPIED = {
    "mov",
    "matroska",
    "mpegts",
    "flv",
}  # containers whose packets can be copied; avi and asf lose the order of frames
FASTEST = Fraction(60)  # frames a second; more is thinned out
SLOWEST = Fraction(15)  # fewer than this and an edge could not be exact to 100 ms
PLAIN = Fraction(25)
KEY_S = 2  # a key frame this often: later cuts copy all but the edges
HOLD_MS: Ms = 2000  # sound that outlasts the picture by more than this is given a standing picture


@dataclass(frozen=True)
class Shape:
    """What an encode aims at: even sizes, square pixels, a constant rate."""

    width: int
    height: int
    rate: Fraction


@dataclass(frozen=True)
class Needs:
    """What must be done to a source, with the reasons in words. All empty: it is used as it is."""

    encode: tuple[str, ...] = ()  # the picture is encoded
    wrap: tuple[str, ...] = ()  # packets are copied into a new file
    sound: tuple[str, ...] = ()  # the sound is laid anew on the clock


def needs_of(probe: Probe) -> Needs:
    """What a source with a picture needs. Pure."""
    video, audio = probe.video, probe.audio
    assert video is not None
    families = set(probe.container.split(","))
    encode: list[str] = []
    if video.codec != "h264":
        encode.append(f"{video.codec} picture")
    if video.depth != 8:
        encode.append(f"{video.depth} bits a sample")
    elif video.pix_fmt not in CLEAN_PIXELS:
        encode.append(f"{video.pix_fmt} colours")
    if video.vfr:
        encode.append("variable frame rate")
    elif not SLOWEST <= video.rate <= FASTEST:
        encode.append(f"{float(video.rate):.4g} frames a second")
    if video.rotation:
        encode.append(f"turned by {video.rotation} degrees")
    if video.sample_aspect != 1:
        encode.append(f"pixels {video.sample_aspect.numerator}:{video.sample_aspect.denominator}")
    if video.width % 2 or video.height % 2:
        encode.append(f"odd size {video.width}x{video.height}")
    if video.interlaced:
        encode.append("interlaced")
    if probe.duration - video.duration > HOLD_MS:
        encode.append(f"picture ends {(probe.duration - video.duration) / 1000:.1f} s before the sound")
    if not families & COPIED and not encode:
        encode.append(f"{probe.container} container")
    wrap = []
    if not encode and not (families & AS_IT_IS and video.extradata[:1] == b"\x01" and video.start_s == 0):
        wrap.append(f"{probe.container.split(',')[0]} container" if not families & AS_IT_IS else "late start")
    sound = []
    if audio is not None:
        if audio.drift:
            sound.append(f"sound drifts by {audio.drift:.0f} ms")
        elif audio.jumps:
            sound.append("gaps in the sound")
    return Needs(tuple(encode), tuple(wrap), tuple(sound))


def shape_of(video: VideoStream) -> Shape:
    """The upright, square-pixel, even-size, constant-rate picture nearest to the source. Pure."""
    width = round(video.width * video.sample_aspect)
    height = video.height
    if video.rotation in (90, 270):
        width, height = height, width
    rate = video.rate if SLOWEST <= video.rate <= FASTEST else PLAIN if video.rate < SLOWEST else video.rate / 2
    while rate > FASTEST:
        rate /= 2
    return Shape(max(2, width // 2 * 2), max(2, height // 2 * 2), rate)


def encode_picture(path: Path, probe: Probe, shape: Shape, target: Path, ctx: Context) -> None:
    """Write the picture of `path` to `target` (mp4, no sound): x264, closed GOPs, a key frame every 2 s."""
    video = probe.video
    assert video is not None
    own = shape_of(video)
    whole = video.sample_aspect == 1 and (own.width, own.height) == (shape.width, shape.height)
    picture = filters.steady(
        filters.opened(path)[str(video.index)],
        interlaced=video.interlaced,
        crop=(own.width, own.height) if whole else None,  # an odd row or column goes; nothing is resampled
        size=(shape.width, shape.height),
        rate=shape.rate,
        hold=max(0, probe.duration - video.duration) if probe.duration - video.duration > HOLD_MS else 0,
    )
    options: dict[str, str | int] = {
        "t": f"{probe.duration / 1000:.3f}", "c:v": "libx264", "preset": "veryfast", "crf": 18, "g": round(shape.rate * KEY_S),
        "x264-params": "open-gop=0", "fps_mode": "passthrough", "threads": ctx.threads, "map_metadata": -1,
    }  # fmt: skip
    ffmpeg.run(*filters.arguments([picture], target, options), ctx=ctx, duration_ms=probe.duration)


def lay_sound(path: Path, target: Path, rate: int, channels: int, duration: Ms, gain_db: float = 0.0) -> None:
    """Write the sound of `path` to `target` (flac), sample 0 at the clock's 0, no longer than `duration`, `gain_db` louder."""
    left = round(duration * rate / 1000)

    def heard() -> Iterator[Samples]:
        nonlocal left
        for block in pcm(path, rate, channels):
            if left <= 0:
                return
            yield block[:left]
            left -= len(block)

    write_flac(scaled(heard(), gain_db) if gain_db else heard(), target, rate, channels)
