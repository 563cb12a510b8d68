"""The files of one event -> one Recording on one clock: as it came where that is good, prepared once where it is not."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import BadMedia, ToolError
from repurpose.ingest.card import draw_card
from repurpose.ingest.parts import Part, Plan, encoded, plan
from repurpose.media.mux import CannotCopyError, Piece, assemble
from repurpose.media.normalise import Shape, encode_picture, lay_sound
from repurpose.media.probe import Probe, VideoStream, probe
from repurpose.media.standing import encode_standing
from repurpose.models import Blob, Recording, Source, Span, TitleCard, VideoFacts

CARD = Shape(1920, 1080, Fraction(10))  # fine enough that picture and sound end within 100 ms of each other

SHORT_MS, SHORT_SHARE = (
    500,
    0.005,
)  # an encode that comes out shorter than its source by more than this has lost something


def prepare(source: Source, ctx: Context) -> Recording:
    """One file that every later stage can cut exactly: constant rate, even size, upright, 8 bit 4:2:0, sound aligned.

    A source that is all that already is used as it came, the very same blob. Raises BadMedia naming the file at fault.
    """
    paths = [ctx.store.path(blob) for blob in source.files]
    probes = []
    for number, (path, name) in enumerate(zip(paths, source.names, strict=True)):
        ctx.beat(0.05 * number / len(paths))
        probes.append(probe(path, name))
    chosen = plan(probes, CARD)
    pictured = any(found.video is not None for found in probes)
    if chosen.untouched:
        return _recording(source.files[0], probes[0], chosen, [probes[0]], pictured)
    card = source.card or TitleCard(title=Path(source.names[0]).stem)
    try:
        made, pieces = _made(chosen, paths, card, ctx)
    except CannotCopyError as error:
        chosen = encoded(chosen, str(error))
        try:
            made, pieces = _made(chosen, paths, card, ctx)
        except CannotCopyError:
            raise BadMedia(
                f"{', '.join(source.names)}: cannot be made into one recording ({error}). Export or download the file again."
            ) from None
    facts = probe(made, source.names[0])
    blob = ctx.store.take_file(made)
    ctx.beat(1.0)
    rate = pieces_rate(chosen)
    spans, base = [], 0
    for piece in pieces:
        spans.append(Span(start=round(base / rate * 1000), end=round((base + piece.frames) / rate * 1000)))
        base += piece.frames
    return _recording(blob, facts, chosen, probes, pictured).model_copy(update={"parts": tuple(spans)})


def pieces_rate(chosen: Plan) -> Fraction:
    """The frame rate all parts share."""
    part = chosen.parts[0]
    if part.shape is not None:
        return part.shape.rate
    assert part.probe.video is not None
    return part.probe.video.rate


def _made(chosen: Plan, paths: list[Path], card: TitleCard, ctx: Context) -> tuple[Path, list[Piece]]:
    """Encode what must be, lay sound anew where it must be, and put the parts into one file in scratch."""
    rate = pieces_rate(chosen)
    pieces = []
    share = 0.85 / len(paths)
    for number, (part, path) in enumerate(zip(chosen.parts, paths, strict=True)):
        own = ctx.part(0.05 + share * number, 0.05 + share * (number + 1))
        pieces.append(_piece(part, path, number, chosen.sound, rate, card, own))
    target = ctx.scratch / "recording.mp4"
    assemble(pieces, rate, target, ctx.part(0.9, 0.98))
    return target, pieces


def _piece(
    part: Part, path: Path, number: int, sound: tuple[int, int] | None, rate: Fraction, card: TitleCard, ctx: Context
) -> Piece:
    found = part.probe
    frames = max(1, math.ceil(found.duration * rate / 1000))
    picture, picture_start = path, found.video.start_s if found.video is not None else Fraction(0)
    if part.shape is not None:
        picture, picture_start = ctx.scratch / f"picture-{number}.mp4", Fraction(0)
        if found.video is None:
            drawn = ctx.scratch / "card.png"
            draw_card(card, part.shape.width, part.shape.height, drawn)
            encode_standing(drawn, part.shape, picture, ctx)
        else:
            frames = _encoded(path, found, part.shape, picture, ctx)
    elif found.video is not None:
        frames = found.video.frames
    if found.audio is None:
        return Piece(picture, picture_start, frames, None, Fraction(0))
    if sound is None:
        return Piece(picture, picture_start, frames, path, found.audio.start_s)
    heard = ctx.scratch / f"sound-{number}.flac"
    lay_sound(path, heard, *sound, round(frames / rate * 1000))
    return Piece(picture, picture_start, frames, heard, Fraction(0))


def _encoded(path: Path, found: Probe, shape: Shape, target: Path, ctx: Context) -> int:
    """Encode the picture; how many frames came out. Raises BadMedia when that is less than the source promised."""
    try:
        encode_picture(path, found, shape, target, ctx)
        video = probe(target, found.name).video
    except ToolError as error:
        said = error.said.strip().splitlines()
        why = f" ({said[-1][-120:]})" if said else ""
        raise BadMedia(
            f"{found.name}: its picture cannot be decoded{why}. Export or download the file again."
        ) from None
    assert video is not None
    if found.duration - video.duration > max(SHORT_MS, found.duration * SHORT_SHARE):
        raise BadMedia(
            f"{found.name}: only {video.duration / 1000:.1f} s of its {found.duration / 1000:.1f} s of picture can be decoded. "
            "Export or download the file again."
        )
    return video.frames


def _recording(blob: Blob, facts: Probe, chosen: Plan, probes: list[Probe], pictured: bool) -> Recording:
    video = facts.video
    assert video is not None
    why_not = _why_not(facts.container, video)
    notes = [f"{part.probe.name}: {reason}" for part in chosen.parts for reason in _reasons(part)]
    notes += [note for found in probes for note in found.notes]
    return Recording(
        media=blob,
        duration=video.duration,
        video=VideoFacts(
            codec=video.codec,
            width=video.width,
            height=video.height,
            rate_num=video.rate.numerator,
            rate_den=video.rate.denominator,
            smart_cut=not why_not,
            why_not=why_not,
        ),
        has_audio=facts.audio is not None,
        keyframes=video.keyframes,
        parts=(Span(start=0, end=video.duration),),
        prepared=tuple(notes),
        title_card=not pictured,
    )


def _reasons(part: Part) -> tuple[str, ...]:
    return (*part.needs.encode, *part.needs.wrap, *part.needs.sound)


def _why_not(container: str, video: VideoStream) -> str:
    """Why the pictures of a prepared recording cannot be copied; "" when they can."""
    if video.codec != "h264" or video.pix_fmt != "yuv420p":
        return f"{video.codec} {video.pix_fmt}"
    if not video.closed:
        return "open groups of pictures"
    if "mov" not in container.split(","):
        return f"{container} container"
    return ""
