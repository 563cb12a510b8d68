"""A film -> its rungs: each an mp4 in fragments, all with a key frame at the same moments, and the sound once beside them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from repurpose.context import Context
from repurpose.media import ffmpeg
from repurpose.media.hls import even, on_keys
from repurpose.media.open import heard_in, open_media
from repurpose.media.probe import AudioStream, Probe, VideoStream
from repurpose.models import Ms, Rung
from repurpose.presets import StreamPreset

_FRAGMENTS = ("-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-movflags")
_PICTURES = "+cmaf+frag_keyframe+default_base_moof"  # each key frame begins a fragment; no edit list
_SOUND = "+cmaf+default_base_moof"
_NEAR_MS = 25  # sound that begins so near to the picture is copied as it is: nobody hears that
_EARLY_MS = 2  # ffmpeg takes the frame nearest to a moment, or the next: so much before the frame both are that frame
_ENDLESS = "100000"  # frames between key frames that nobody asked for


@dataclass(frozen=True)
class Division:
    """How a film becomes rungs."""

    joints: tuple[Ms, ...]  # where segments after the first begin
    rungs: tuple[Rung, ...]  # the largest first
    why: str = ""  # why none of them is copied, when none is


def divide(video: VideoStream, preset: StreamPreset) -> Division:
    """The rungs of a film and where they may be changed. Its own pictures are the first where their key frames allow. Pure."""
    short = min(video.width, video.height)
    at = on_keys(video.keyframes, video.duration, preset.segment)
    why = (
        f"its pictures are {video.codec}, {video.depth} bit" if (video.codec, video.pix_fmt) not in _COPIED else
        "its groups of pictures are open" if not video.closed else
        "its key frames lie too far apart" if at is None else
        f"it is larger than {preset.largest}" if short > preset.largest else ""
    )  # fmt: skip
    first = Rung(width=video.width, height=video.height, copied=True) if not why else None
    top = first or _rung(video, min(short, preset.largest))
    below = [_rung(video, side) for side in sorted(preset.rungs, reverse=True) if side < min(short, preset.largest)]
    joints = at if at is not None and not why else even(video.duration, preset.segment, video.rate)
    return Division(tuple(joints), (top, *below), why)


def write(film: Path, probe: Probe, division: Division, preset: StreamPreset, folder: Path, ctx: Context) -> list[Path]:
    """Write the division's rungs into `folder`, and after them the sound where there is some: the film is decoded once.

    ToolError when that fails. Nothing is judged here.
    """
    video, audio = probe.video, probe.audio
    assert video is not None
    # ffmpeg's clock begins with what comes first in the file, which may be the sound
    late = max(0, -audio.start) if audio else 0
    forced = ",".join(f"{(late + joint - _EARLY_MS) / 1000:.3f}" for joint in division.joints)
    encoded = [number for number, rung in enumerate(division.rungs) if not rung.copied]
    args: list[str] = []
    if encoded:
        scaled = [
            f"[s{n}]scale={division.rungs[n].width}:{division.rungs[n].height}:flags=bicubic,setsar=1,format=yuv420p[v{n}]"
            for n in encoded
        ]
        split = f"[0:{video.index}]split={len(encoded)}" + "".join(f"[s{n}]" for n in encoded)
        args += ["-filter_complex", ";".join([split, *scaled])]
    targets = [folder / f"{number}.mp4" for number in range(len(division.rungs))]
    for number, rung in enumerate(division.rungs):
        if rung.copied:
            args += ["-map", f"0:{video.index}", "-c:v", "copy"]
        else:
            most = round(preset.bits * rung.width * rung.height)
            args += [
                "-map", f"[v{number}]", "-c:v", "libx264", "-preset", preset.speed, "-crf", str(preset.crf),
                "-maxrate", str(most), "-bufsize", str(2 * most), "-g", _ENDLESS, "-sc_threshold", "0",
                "-x264-params", "open-gop=0", "-fps_mode", "passthrough", "-threads", str(ctx.threads),
                *(["-force_key_frames", forced] if forced else []),
            ]  # fmt: skip
        args += [*_FRAGMENTS, _PICTURES, str(targets[number])]
    if audio is not None:
        with open_media(film) as container:
            index = heard_in(container).index
        targets.append(folder / "sound.mp4")
        # What comes before the clock's 0 is the decoder's run-up: without an edit list it would delay all the rest.
        args += [
            "-map",
            f"0:{index}",
            *_sound(audio, late),
            "-bsf:a",
            "noise=drop='lt(pts,0)'",
            "-frag_duration",
            f"{preset.segment}000",
        ]
        args += [*_FRAGMENTS, _SOUND, str(targets[-1])]
    ffmpeg.run(*ffmpeg.opened(film), *args, ctx=ctx, duration_ms=probe.duration)
    return targets


def _sound(audio: AudioStream, late: Ms) -> list[str]:
    """Copied, or encoded from where the picture begins: each file begins at 0 by itself."""
    plain = audio.codec == "aac" and audio.extradata[:1] and audio.extradata[0] >> 3 == _LOW_COMPLEXITY
    if plain and not audio.jumps and abs(audio.start) <= _NEAR_MS and abs(audio.drift) <= _NEAR_MS:
        return ["-c:a", "copy"]
    trimmed = f"aresample=async=1:first_pts=0,atrim=start={late / 1000},asetpts=PTS-STARTPTS"
    return ["-af", trimmed, "-c:a", "aac", "-b:a", "128k", "-ac", "2"]


def _rung(video: VideoStream, side: int) -> Rung:
    scale = Fraction(side, min(video.width, video.height))
    width, height = (2 * round(length * scale / 2) for length in (video.width, video.height))
    return Rung(width=width, height=height, copied=False)


_COPIED = {("h264", "yuv420p"), ("h264", "yuvj420p")}
_LOW_COMPLEXITY = 2  # AAC-LC among the kinds of MPEG-4 audio
