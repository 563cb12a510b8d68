"""The stages `replay_stream` and `cut_stream`: a long film as an HLS ladder, packaged once and gated before it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import GateError
from repurpose.media import hls
from repurpose.media.fragments import Fragment, fragments_of
from repurpose.media.gate import gate
from repurpose.media.hls import Stream
from repurpose.media.open import open_media
from repurpose.media.probe import Probe, probe
from repurpose.media.rungs import divide, write
from repurpose.models import Blob, Ladder, Ms, Recording, Rendition, Rung, StreamFile
from repurpose.models.streams import MASTER
from repurpose.presets import RenderPreset, StreamPreset, TakePreset

REPLAY = "replay"
_SOUND = "mp4a.40.2"  # AAC-LC, RFC 6381
_BEGIN = 720  # short side of the rung a player begins with, or the next below it


def of_replay(recording: Recording, preset: StreamPreset, ctx: Context) -> Ladder:
    """The ladder of the recording's own film; empty for a short one and for one that browsers do not play as it is."""
    if recording.video.codec != "h264" or recording.media.suffix not in (".mp4", ".m4v", ".mov"):
        return Ladder(film=REPLAY)
    return _ladder(REPLAY, recording.media, recording.duration, preset, ctx)


def of_cut(rendition: Rendition, take: TakePreset, render: RenderPreset, preset: StreamPreset, ctx: Context) -> Ladder:
    """The ladder of one version; empty for a short one."""
    return _ladder(f"{take.name}.{render.name}", rendition.video, rendition.duration, preset, ctx)


def _ladder(film: str, media: Blob, duration: Ms, preset: StreamPreset, ctx: Context) -> Ladder:
    if not preset.at_least or duration < preset.at_least:
        return Ladder(film=film)
    path = ctx.store.path(media)
    facts = probe(path)
    assert facts.video is not None
    division = divide(facts.video, preset)
    written = write(path, facts, division, preset, ctx.scratch, ctx.part(0.0, 0.95))
    cut = [_cut(each, division.joints) for each in written]
    check(written, cut, len(division.rungs), facts)
    sounds = list(zip(written, cut, strict=True))[len(division.rungs) :]
    heard = max((hls.peak(segments) for _, (_, segments) in sounds), default=0)
    files: list[StreamFile] = []
    streams: list[tuple[Rung, Stream]] = []
    for rung, each, (head, segments) in zip(division.rungs, written, cut, strict=False):
        codecs = ",".join([_codec(each), *([_SOUND] if sounds else [])])
        usual, most = hls.average(segments), hls.peak(segments)
        more = sum(hls.average(found) for _, (_, found) in sounds)
        name = _keep(each, f"{min(rung.width, rung.height)}p", head, segments, files, ctx)
        told = Stream(name, codecs, rung.width, rung.height, facts.video.rate, most + heard, usual + more)
        streams.append((rung, told))
    sound = next((_keep(each, "sound", head, segments, files, ctx) for each, (head, segments) in sounds), "")
    streams.sort(key=lambda pair: _first(pair[0]))
    whole = hls.master([told for _, told in streams], sound).encode()
    master = StreamFile(name=MASTER, file=ctx.store.put_bytes(whole, ".m3u8"))
    ctx.beat(1.0)
    return Ladder(
        film=film, duration=duration, segments=len(division.joints) + 1, rungs=division.rungs, files=(master, *files),
        note=division.why,
    )  # fmt: skip


def check(files: Sequence[Path], cut: Sequence[tuple[int, list[Fragment]]], rungs: int, facts: Probe) -> None:
    """Nothing, when each file is whole and the rungs can be changed at the same moments; else GateError."""
    assert facts.video is not None
    for number, path in enumerate(files):
        length = facts.video.duration if number < rungs or facts.audio is None else facts.audio.end
        gate(path, duration=length, video=number < rungs, audio=number >= rungs)
    half = Fraction(1, 2) / facts.video.rate
    starts = [[one.start for one in segments] for _, segments in cut[:rungs]]
    for found in starts[1:]:
        if len(found) != len(starts[0]) or any(abs(a - b) > half for a, b in zip(found, starts[0], strict=True)):
            raise GateError(f"the rungs of {facts.name} do not begin their segments at the same moments")


def _cut(path: Path, joints: Sequence[Ms]) -> tuple[int, list[Fragment]]:
    head, fragments = fragments_of(path)
    return head, fragments if path.stem == "sound" else hls.gathered(fragments, joints)


def _keep(path: Path, name: str, head: int, segments: Sequence[Fragment], files: list[StreamFile], ctx: Context) -> str:
    """Store a rung and its playlist; the playlist's name."""
    blob = ctx.store.take_file(path)
    media = StreamFile(name=f"{name}-{blob.digest[:12]}.mp4", file=blob)
    text = ctx.store.put_bytes(hls.playlist(segments, head, media.name).encode(), ".m3u8")
    playlist = StreamFile(name=f"{name}-{text.digest[:12]}.m3u8", file=text)
    files += [media, playlist]
    return playlist.name


def _codec(path: Path) -> str:
    """avc1.PPCCLL (RFC 6381): profile, constraints and level as the file's own head tells them."""
    with open_media(path) as container:
        return f"avc1.{bytes(container.streams.video[0].codec_context.extradata or b'')[1:4].hex().upper()}"


def _first(rung: Rung) -> tuple[bool, int]:
    """What stands first is begun with: 720 or the highest below, then the rest from high to low."""
    side = min(rung.width, rung.height)
    return side > _BEGIN, -side
