"""How the files of one event become one: what each needs, and whether their packets can be laid end to end. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from repurpose.media.normalise import Needs, Shape, needs_of, shape_of
from repurpose.media.probe import AudioStream, Probe

COPIED_SOUND = ("aac", "flac")  # what mp4 holds and decodes to the sample


@dataclass(frozen=True)
class Part:
    """One file and what is done to it. `shape` is set when its picture is encoded (or, without one, drawn)."""

    probe: Probe
    needs: Needs
    shape: Shape | None


@dataclass(frozen=True)
class Plan:
    """What is done to all files. `untouched`: the one file there is, is the recording."""

    parts: tuple[Part, ...]
    untouched: bool
    sound: tuple[int, int] | None  # (rate, channels) to lay all sound in anew; None copies it


def plan(probes: Sequence[Probe], card: Shape) -> Plan:
    """The cheapest way to one exact recording. `card` is the shape of the title card, when no file has a picture."""
    pictured = [probe for probe in probes if probe.video is not None]
    shape = shape_of(pictured[0].video) if pictured and pictured[0].video is not None else card
    parts = [_part(probe, shape) for probe in probes]
    if len({_picture_kind(part) for part in parts}) > 1:  # one file holds one kind of picture: encode all, alike
        reason = "parts differ in picture"
        parts = [
            replace(part, needs=replace(part.needs, encode=part.needs.encode or (reason,), wrap=()), shape=shape)
            for part in parts
        ]
    alone = len(parts) == 1
    untouched = alone and not any((parts[0].needs.encode, parts[0].needs.wrap, parts[0].needs.sound))
    return Plan(tuple(parts), untouched, _sound(parts))


def encoded(chosen: Plan, reason: str) -> Plan:
    """The same plan with every picture encoded and all sound laid anew: for packets that turn out not to be copied."""
    shape = next((part.shape for part in chosen.parts if part.shape), None)
    if shape is None:
        shape = shape_of(next(part.probe.video for part in chosen.parts if part.probe.video is not None))
    parts = tuple(
        replace(part, needs=replace(part.needs, encode=part.needs.encode or (reason,), wrap=()), shape=shape)
        for part in chosen.parts
    )
    return replace(chosen, parts=parts, untouched=False, sound=chosen.sound or _anew(parts))


def _part(probe: Probe, shape: Shape) -> Part:
    if probe.video is None:
        return Part(probe, Needs(encode=("no picture: title card",)), shape)
    needs = needs_of(probe)
    return Part(probe, needs, shape if needs.encode else None)


def _picture_kind(part: Part) -> tuple[object, ...]:
    """Two parts of one kind can be laid end to end without decoding."""
    video = part.probe.video
    if part.shape is not None:
        return ("encoded", part.shape)
    assert video is not None
    return (video.codec, video.width, video.height, video.rate, video.extradata)


def _sound(parts: Sequence[Part]) -> tuple[int, int] | None:
    """(rate, channels) when the sound must be laid anew: it is astray, of several kinds, or of a kind that is not copied."""
    heard = [part.probe.audio for part in parts if part.probe.audio is not None]
    if not heard:
        return None
    kinds = {(audio.codec, audio.rate, audio.channels, audio.extradata) for audio in heard}
    if len(kinds) == 1 and heard[0].codec in COPIED_SOUND and not any(_astray(part) for part in parts):
        return None
    return _anew(parts)


def _anew(parts: Sequence[Part]) -> tuple[int, int] | None:
    heard = [part.probe.audio for part in parts if part.probe.audio is not None]
    return (max(map(_rate, heard)), min(2, max(audio.channels for audio in heard))) if heard else None


def _astray(part: Part) -> bool:
    family = part.probe.container.split(",")[0]
    return bool(part.needs.sound) or (part.needs.wrap != () and family == "mpegts")  # its aac has headers mp4 does not


def _rate(audio: AudioStream) -> int:
    """A rate FLAC and every player take; the source's own where it is one of these."""
    return audio.rate if audio.rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000) else 48000
