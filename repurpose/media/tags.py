"""What a file says of itself: tags and chapters, as ffmpeg's metadata file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from repurpose.models import Ms

_PLACES = {  # what mp4 has a place for in its usual tags (ffmpeg 9, libavformat/movenc.c)
    *("title", "artist", "album", "album_artist", "composer", "comment", "copyright", "date", "description", "genre"),
    *("grouping", "keywords", "lyrics", "network", "show", "synopsis", "episode_id"),
}


def described(tags: Mapping[str, str], chapters: Sequence[tuple[Ms, str]], end: Ms) -> str:
    """The ffmetadata file of these tags and chapters; a chapter lasts until the next, the last one until `end`."""
    lines = [";FFMETADATA1", *(f"{_escaped(name)}={_escaped(value)}" for name, value in tags.items())]
    inside = [(start, title) for start, title in chapters if start < end]
    for (start, title), (until, _) in pairwise([*inside, (end, "")]):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={until}", f"title={_escaped(title)}"]
    return "\n".join([*lines, ""])


def places(tags: Mapping[str, str]) -> str:
    """The mp4 flag these tags need: "" when each has its usual place.

    Any other name goes, with all its neighbours, into QuickTime's free keys, which fewer programs show.
    """
    return "" if _PLACES.issuperset(tags) else "+use_metadata_tags"


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "=;#\\\n" else sign for sign in text)
