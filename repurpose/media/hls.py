"""HLS as text (RFC 8216): how a film is divided so that all its rungs can be changed at the same moments, and the playlists. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from repurpose.media.fragments import Fragment
from repurpose.models import Ms

LONGEST, SHORTEST = Fraction(5, 3), Fraction(1, 2)  # how far a copied segment may be off the length that is asked for
VERSION = 7  # of the protocol: fragments of mp4


@dataclass(frozen=True)
class Stream:
    """What a player must know of a rung before it asks for it."""

    playlist: str  # its file's name
    codecs: str
    width: int
    height: int
    rate: Fraction
    peak: int  # bits a second of its heaviest segment
    average: int


def even(length: Ms, segment: Ms, rate: Fraction) -> list[Ms]:
    """Where segments after the first begin when every picture may be made a key frame: on frames. A short end stays with the
    last."""
    return [round(1000 * ceil(at * rate / 1000) / rate) for at in range(segment, length - segment // 4, segment)]


def on_keys(keyframes: Sequence[Ms], length: Ms, segment: Ms) -> list[Ms] | None:
    """The same on key frames that are there, each as near to `segment` after the one before as can be; None where they lie
    too far apart."""
    found, at = list[Ms](), 0
    keys = sorted(keyframes)
    while length - at > segment * LONGEST:
        wanted = at + segment
        place = bisect_left(keys, wanted)
        near = [key for key in keys[max(0, place - 1) : place + 1] if at + segment * SHORTEST <= key < length]
        if not near:
            return None
        best = min(near, key=lambda key: abs(key - wanted))
        if best - at > segment * LONGEST:
            return None
        found.append(best)
        at = best
    return found


def gathered(fragments: Sequence[Fragment], joints: Sequence[Ms]) -> list[Fragment]:
    """Fragments put together into segments that begin at the joints: of a copied film each key frame begins a fragment."""
    zero, found = fragments[0].start, list[Fragment]()
    edges = [zero + Fraction(joint, 1000) for joint in joints]
    for piece in fragments:
        # a joint is told in whole milliseconds, the piece is where its frame is
        new = not found or any(abs(piece.start - edge) <= Fraction(1, 500) for edge in _around(edges, piece.start))
        if new:
            found.append(piece)
        else:
            last = found[-1]
            found[-1] = Fragment(last.start, piece.end - last.start, last.first, piece.first + piece.size - last.first)
    return found


def playlist(segments: Sequence[Fragment], head: int, media: str) -> str:
    """The media playlist of a film whose segments lie one after the other in the file `media`."""
    lines = [
        "#EXTM3U", f"#EXT-X-VERSION:{VERSION}", f"#EXT-X-TARGETDURATION:{ceil(max(one.length for one in segments))}",
        "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS", f'#EXT-X-MAP:URI="{media}",BYTERANGE="{head}@0"',
    ]  # fmt: skip
    for one in segments:
        lines += [f"#EXTINF:{float(one.length):.6f},", f"#EXT-X-BYTERANGE:{one.size}@{one.first}", media]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master(streams: Sequence[Stream], sound: str = "") -> str:
    """The playlist that names the rungs, the one to begin with first; `sound` is the playlist of the sound they share."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound:
        lines.append(f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,URI="{sound}"')
    for one in streams:
        told = [
            f"BANDWIDTH={one.peak}", f"AVERAGE-BANDWIDTH={one.average}", f'CODECS="{one.codecs}"',
            f"RESOLUTION={one.width}x{one.height}", f"FRAME-RATE={float(one.rate):.3f}",
            *(['AUDIO="sound"'] if sound else []),
        ]  # fmt: skip
        lines += ["#EXT-X-STREAM-INF:" + ",".join(told), one.playlist]
    return "\n".join([*lines, ""])


def peak(segments: Sequence[Fragment]) -> int:
    """Bits a second of the heaviest segment, of those of at least half a second."""
    return max(ceil(one.size * 8 / max(one.length, Fraction(1, 2))) for one in segments)


def average(segments: Sequence[Fragment]) -> int:
    """Bits a second of the whole."""
    return ceil(sum(one.size for one in segments) * 8 / sum(one.length for one in segments))


def _around(edges: Sequence[Fraction], at: Fraction) -> Sequence[Fraction]:
    place = bisect_left(edges, at)
    return edges[max(0, place - 1) : place + 1]
