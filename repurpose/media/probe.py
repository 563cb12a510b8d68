"""What a media file really holds, read from its packets: headers are compared with them, not believed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repurpose.errors import BadMedia
from repurpose.media import nal
from repurpose.media.claims import claimed_ms, even_frames_ms
from repurpose.media.open import begins, frames_of, open_media, packets_of, picture_of, sound_of
from repurpose.media.pace import before_the_end_thins, believable, drift_ms, pace
from repurpose.models import Ms

__all__ = ["AudioStream", "Probe", "VideoStream", "open_media", "probe"]

LARGEST = 8192  # pixels a side; beyond it is a damaged header or nothing two cores can work on
SHORTEST: Ms = 200
# What may be missing at the end and still be used, with a word about it: the last packets of an interrupted recording.
LOSS_MS: Ms = 2000
LOSS_SHARE = 0.01
UNSAID_MS: Ms = 500  # headers round and count padding; less than this (or 0.5 %) is no loss
UNSAID_SHARE = 0.005
CROWDED = Fraction(5, 4)  # packets may overlap a little; more sound than there is time for is a damaged header
DRIFT_MS = 20  # sound further from the picture than this is noticed when it is cut


@dataclass(frozen=True)
class VideoStream:
    """The picture. Times are ms on the recording's clock: 0 is the first shown frame."""

    index: int  # of the stream in the file
    codec: str
    pix_fmt: str
    depth: int  # bits a sample
    width: int  # as stored, before rotation and sample aspect
    height: int
    rotation: int  # degrees clockwise that make it upright: 0, 90, 180, 270
    sample_aspect: Fraction
    rate: Fraction  # frames a second
    vfr: bool
    interlaced: bool
    frames: int
    start_s: Fraction  # of the first shown frame, on the file's own timestamps
    duration: Ms
    keyframes: tuple[Ms, ...]
    closed: bool  # every key frame after the first is an IDR: nothing after it refers to what was before
    extradata: bytes  # the codec's parameter sets, as the file keeps them


@dataclass(frozen=True)
class AudioStream:
    """The sound. `start` is where it begins on the recording's clock; negative when it began before the picture."""

    codec: str
    channels: int
    rate: int
    start: Ms
    duration: Ms  # from `start` to its last packet's end
    start_s: Fraction  # the file's own time of the recording's 0, as for the picture
    drift: float  # ms its timestamps run away from its samples, in small steps; 0 when they agree
    jumps: bool  # timestamps leave gaps or overlap
    extradata: bytes

    @property
    def end(self) -> Ms:
        return self.start + self.duration


@dataclass(frozen=True)
class Probe:
    """Everything that decides how a file is prepared."""

    name: str
    container: str  # libav's name of the format
    duration: Ms  # from the clock's 0 to the end of the longer stream
    video: VideoStream | None
    audio: AudioStream | None
    lost: Ms  # how much less there is than the header promises; 0 when that is rounding

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the result must know about the file."""
        return (f"{self.name}: {self.lost / 1000:.1f} s of it could not be read",) if self.lost else ()


def probe(path: Path, name: str | None = None) -> Probe:
    """The facts about a file, from its packets (nothing but the first picture is decoded).

    Raises BadMedia, in one line that names `name`, the fault and the cure.
    """
    name = name or path.name
    with open_media(path, name) as container:
        picture, sound = picture_of(container), sound_of(container)
        if picture is None and sound is None:
            raise BadMedia(f"{name}: holds neither picture nor sound. Export the recording again.")
        streams = [stream for stream in (picture, sound) if stream is not None]
        claimed = claimed_ms(path, container, streams)
        tracks = {stream.index: _Track(stream) for stream in streams}
        for packet in packets_of(container, *streams):
            tracks[packet.stream_index].add(packet)
        if not claimed and sound is not None and sound.codec_context.name.startswith("mp3"):
            claimed = tracks[sound.index].of_even_frames(path)
        for stream in streams:
            tracks[stream.index].settle(claimed)
        first = _first(path, name, picture, sound)
        zero = begins(container, picture if picture is not None else sound, first)
        video = _video(picture, tracks[picture.index], first, zero, name) if picture is not None else None
        audio = _audio(sound, tracks[sound.index], zero, name) if sound is not None else None
    duration = max(video.duration if video else 0, audio.end if audio else 0)
    if duration < SHORTEST:
        raise BadMedia(f"{name}: is only {duration} ms long. Export or download the recording again.")
    return Probe(name, container.format.name, duration, video, audio, _loss(name, claimed, duration))


class _Track:
    """What is kept of a stream's packets: a few numbers each, so that ten hours are a few megabytes."""

    def __init__(self, stream: Any) -> None:
        self.pts = array("q")
        self.lengths = array("q")
        self.keys = array("q")
        self.sizes = array("q")
        self.times: NDArray[np.int64] = np.zeros(0, np.int64)  # of the packets that count, in file order
        self.end = 0  # of the last of them
        self.open_keys = 0
        self._last = 0
        self._ends_at = 0  # the byte of the file after the last packet
        self._tick = Fraction(stream.time_base)
        self._is_picture = stream.type == "video"
        self._is_h264 = stream.codec_context.name == "h264"
        avcc = bytes(stream.codec_context.extradata or b"")
        self._prefix = (avcc[4] & 3) + 1 if len(avcc) > 6 and avcc[0] == 1 else 0

    def add(self, packet: Any) -> None:
        pts = packet.pts if packet.pts is not None else packet.dts
        if pts is None:
            pts = self._last
        self._last = pts + (packet.duration or 0)
        if packet.is_discard:
            return
        self.pts.append(pts)
        self.lengths.append(packet.duration or 0)
        self.sizes.append(packet.size)
        self._ends_at = (packet.pos or 0) + packet.size
        if self._is_picture and packet.is_keyframe:
            if self._is_h264 and self.keys and not _is_idr(bytes(packet), self._prefix):
                self.open_keys += 1
            self.keys.append(pts)

    def of_even_frames(self, path: Path) -> Ms:
        """What the bytes of an mp3 without a length promise; 0 when they do not tell."""
        duration = round(sum(self.lengths) * self._tick * 1000)
        return even_frames_ms(path, np.frombuffer(self.sizes, np.int64), self._ends_at, duration)

    def settle(self, claimed: Ms) -> None:
        """Leave out the few packets whose timestamps were damaged, and see where the rest ends."""
        times = np.frombuffer(self.pts, np.int64)
        keep = believable(times, self._tick, claimed)
        self.times = times[keep]
        self.keys = array(
            "q", (key for key in self.keys if len(self.times) and self.times.min() <= key <= self.times.max())
        )
        self.end = int((times + np.frombuffer(self.lengths, np.int64))[keep].max(initial=0))


def _is_idr(picture: bytes, prefix: int) -> bool:
    """Is this key frame of H.264 an IDR, so that nothing after it refers to what was before it?

    Its units follow their length in `prefix` bytes, or start codes when that is 0.
    """
    try:
        for unit in nal.prefixed_units(picture, prefix) if prefix else nal.annexb_units(picture):
            if unit[0] & 31 in (nal.IDR, nal.SLICE):
                return unit[0] & 31 == nal.IDR
    except nal.NotH264Error:
        return False
    return False


def _first(path: Path, name: str, picture: Any, sound: Any) -> Any:
    """The first decoded frame of the picture, else of the sound."""
    index = (picture or sound).index
    with open_media(path, name) as container:
        stream = next((stream for stream in container.streams if stream.index == index), None)
        frame = next(frames_of(container, stream), None) if stream is not None else None
    if frame is None:
        what, codec = ("picture", picture) if picture is not None else ("sound", sound)
        raise BadMedia(
            f"{name}: no {what} can be decoded ({codec.codec_context.name}). The file is damaged or protected: "
            "export or download it again."
        )
    return frame


def _video(stream: Any, track: _Track, first: Any, zero: Fraction, name: str) -> VideoStream:
    context = stream.codec_context
    if not (0 < first.width <= LARGEST and 0 < first.height <= LARGEST):
        raise BadMedia(f"{name}: its picture is {first.width}x{first.height}. Convert it to at most {LARGEST} a side.")
    tick = Fraction(stream.time_base)
    begins = round(zero / tick)
    shown = np.sort(track.times[track.times >= begins])
    if not len(shown):
        shown = np.array([begins], np.int64)
    rate, steady = pace(shown, tick)
    if not steady:
        whole = shown[: before_the_end_thins(shown)]
        if len(whole) < len(shown) and (found := pace(whole, tick))[1]:
            shown, (rate, steady) = whole, found
    if not rate:
        rate = Fraction(stream.average_rate or 1)
    end = max(Fraction(int(shown[-1])) * tick + 1 / rate, zero) if steady else max(track.end * tick, zero)
    keys = sorted(key for key in track.keys if key >= begins)
    return VideoStream(
        index=stream.index,
        codec=context.name,
        pix_fmt=first.format.name,
        depth=max(component.bits for component in first.format.components),
        width=first.width,
        height=first.height,
        rotation=-round(first.rotation / 90) * 90 % 360,
        sample_aspect=Fraction(stream.sample_aspect_ratio or 1) or Fraction(1),
        rate=rate,
        vfr=not steady,
        interlaced=bool(first.interlaced_frame),
        frames=len(shown),
        start_s=zero,
        duration=round((end - zero) * 1000),
        keyframes=tuple(round((key * tick - zero) * 1000) for key in keys),
        closed=track.open_keys == 0,
        extradata=bytes(context.extradata or b""),
    )


def _audio(stream: Any, track: _Track, zero: Fraction, name: str) -> AudioStream | None:
    context, tick = stream.codec_context, Fraction(stream.time_base)
    if not len(track.times) or not context.sample_rate:
        return None
    off, step = drift_ms(track.times, tick, context.frame_size or 0, context.sample_rate)
    astray = bool(context.frame_size) and off > DRIFT_MS
    first = int(track.times[0])
    packed, room = sum(track.lengths) * tick, (track.end - first) * tick
    if packed > room * CROWDED + 1:
        raise BadMedia(
            f"{name}: holds {float(packed):.0f} s of sound in {float(room):.0f} s, so its header is damaged. "
            "Export or download it again."
        )
    return AudioStream(
        codec=context.name,
        channels=context.layout.nb_channels,
        rate=context.sample_rate,
        start=round((first * tick - zero) * 1000),
        duration=round((track.end - first) * tick * 1000),
        start_s=zero,
        drift=off if astray and step < DRIFT_MS else 0.0,
        jumps=astray and step >= DRIFT_MS,
        extradata=bytes(context.extradata or b""),
    )


def _loss(name: str, claimed: Ms, found: Ms) -> Ms:
    lost = claimed - found
    if lost <= max(UNSAID_MS, claimed * UNSAID_SHARE):
        return 0
    if lost > max(LOSS_MS, claimed * LOSS_SHARE):
        raise BadMedia(
            f"{name}: says it lasts {_clock(claimed)}, but only {_clock(found)} of it can be read. Download or copy it again; "
            f'if that is all there is, save it anew with `ffmpeg -i "{name}" -c copy whole.mkv` and give that.'
        )
    return lost


def _clock(ms: Ms) -> str:
    seconds = round(ms / 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
