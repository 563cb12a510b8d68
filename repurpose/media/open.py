"""The one door through which a media file is opened: sniffed first, then read by a known demuxer from a local file only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.stream import Disposition

from repurpose.errors import BadMedia

# What webinar platforms and recorders hand out. Playlists (hls, concat, dash) are left out: they name other files.
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,flv,asf,wav,w64,mp3,flac,ogg,aac,mpeg"
PROTOCOLS = "file,pipe"
KINDS = "mp4, mov, mkv, webm, ts, flv, avi, wmv, wav, mp3, m4a, wma, flac or ogg"
# The hard limits on a demuxer's first look keep a damaged file from being read whole before it is refused.
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": PROTOCOLS, "probesize": "10000000"}
_HEAD_BYTES = 4096
# What a damaged file raises while it is read: libav's own errors, and PyAV's when a stream appears out of nowhere.
BROKEN = (av.error.FFmpegError, IndexError)


def open_media(path: Path, name: str | None = None) -> av.container.InputContainer:
    """The file opened for reading. Raises BadMedia, naming `name`, for anything that is not a recording."""
    name = name or path.name
    _sniff(path, name)
    try:
        return av.open(str(path), options=dict(OPTIONS), metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        raise BadMedia(f"{name}: {_why(path, error)}") from None


def picture_of(container: av.container.InputContainer) -> Any | None:
    """The first video stream that moves: covers and attached pictures do not count. None when there is none."""
    aside = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
    for stream in container.streams.video:
        if stream.codec_context is not None and not Disposition(stream.disposition) & aside:
            return stream
    return None


def sound_of(container: av.container.InputContainer) -> Any | None:
    """The default audio stream, or the first one that can be decoded. None when there is none."""
    usable = [stream for stream in container.streams.audio if stream.codec_context is not None]
    return next((stream for stream in usable if Disposition(stream.disposition) & Disposition.default), None) or next(
        iter(usable), None
    )


def seen_in(container: av.container.InputContainer) -> Any:
    """`picture_of`, where there is known to be one."""
    stream = picture_of(container)
    assert stream is not None
    return stream


def heard_in(container: av.container.InputContainer) -> Any:
    """`sound_of`, where there is known to be one."""
    stream = sound_of(container)
    assert stream is not None
    return stream


def packets_of(container: av.container.InputContainer, *streams: Any) -> Iterator[Any]:
    """The packets of `streams` in file order; a file that breaks off just ends earlier."""
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, *BROKEN):
            return
        if packet.size:
            yield packet


def frames_of(
    container: av.container.InputContainer, stream: Any, skip: Callable[[Any], str] | None = None
) -> Iterator[Any]:
    """The decoded frames of one stream in order of presentation; what does not decode is left out.

    `skip` says of each packet what the decoder may leave out from there on, as libav's skip_frame has it.
    """
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, *BROKEN):
            return
        if skip is not None:
            stream.codec_context.skip_frame = skip(packet)
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue


def origin(path: Path) -> Fraction:
    """Seconds, on the file's own timestamps, of the recording's 0: its first shown frame, or its first sound."""
    with open_media(path) as container:
        stream = picture_of(container) or sound_of(container)
        if stream is None:
            return Fraction(0)
        return begins(container, stream, next(frames_of(container, stream), None))


def begins(container: av.container.InputContainer, stream: Any, first: Any) -> Fraction:
    """Seconds, on the file's own timestamps, at which `first`, the first decoded frame of `stream`, is shown or heard.

    avi has no times of showing: libav makes them up with the decoder's delay in them, but players show frame n at n.
    """
    if container.format.name == "avi":
        return Fraction((stream.start_time or 0) * stream.time_base)
    return Fraction(first.pts * first.time_base) if first is not None and first.pts is not None else Fraction(0)


def _sniff(path: Path, name: str) -> None:
    if not path.exists():
        raise BadMedia(f"{name}: no such file. Check the path.")
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not a regular file"
        raise BadMedia(f"{name}: is {what}. Give the recording itself: {KINDS}.")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise BadMedia(
            f"{name}: cannot be read ({error.strerror}). Check the file's permissions and the disk."
        ) from None
    if not head:
        raise BadMedia(f"{name}: is empty (0 bytes). Export or download the recording again.")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"#EXTM3U", b"ffconcat", b"<MPD")):
        raise BadMedia(
            f"{name}: is a playlist, not a recording. Download the video itself and give that file: {KINDS}."
        )
    if _is_text(head):
        raise BadMedia(f"{name}: is text, not a recording. Give the video or sound file itself: {KINDS}.")


def _is_text(head: bytes) -> bool:
    """Every container here has control bytes in its first kilobytes; text has none but white space."""
    return not any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)


def _why(path: Path, error: Exception) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] in (b"ftyp", b"mdat", b"wide", b"free", b"skip", b"moov"):
        return (
            "its index is missing or damaged, so it was cut short while recording or copying. "
            "Download it again, or repair it with the program that recorded it."
        )
    said = getattr(error, "strerror", None) or str(error)
    return f"is not a recording this program reads ({said.lower()}). Convert it to mp4 first, or give {KINDS}."
