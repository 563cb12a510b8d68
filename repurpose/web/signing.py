"""Signed links: who holds one may fetch one file until a moment, and nothing else.

    media_url("as_...", "30min-1.landscape.mp4", settings)   ->  /m/as_.../30min-1.landscape.mp4?e=1790000000&s=...
    may_fetch("as_...", "30min-1.landscape.mp4", e, s, settings)  ->  True until then

The mark is HMAC-SHA256 over the purpose, every part with its length, and the moment it ends; it is compared as text, so that
a second spelling of the same bytes is not accepted. Each purpose has a key of its own. While a secret is being changed two
are alive: the first of `Settings.secrets` (or of the lines in the home's `secret`) signs, all of them are accepted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from urllib.parse import quote

from repurpose.secret import alive, derived
from repurpose.settings import Settings

LONGEST_S = 6 * 3600  # a link to a file ends within this
STEP_S = 3600  # and is the same for an hour, so that a browser keeps what it fetched


def media_url(asset: str, name: str, settings: Settings, at: float | None = None) -> str:
    """The path and query under which this site hands out an asset for the next five to six hours.

    A page that holds such links must not be kept for longer than until `links_change`.
    """
    end = str(ends(at))
    return f"/m/{quote(asset, safe='')}/{quote(name, safe='')}?e={end}&s={mark('media', settings, asset, name, end)}"


def public_url(asset: str, name: str) -> str:
    """The same for an event whose media are public: it never ends."""
    return f"/m/{quote(asset, safe='')}/{quote(name, safe='')}"


def may_fetch(asset: str, name: str, end: str, given: str, settings: Settings, at: float | None = None) -> bool:
    """Is `given` our mark on this asset and name, and has its moment not come?"""
    return holds("media", settings, given, asset, name, end) and _ahead(end, at, LONGEST_S)


def stream_url(asset: str, name: str, settings: Settings, *, public: bool = False) -> str:
    """The address of a ladder's master playlist. The mark stands in the path, so that what its playlists name has it too."""
    end = str(ends())
    held = "-" if public else f"{end}.{mark('stream', settings, asset, end)}"
    return f"/h/{held}/{quote(asset, safe='')}/{quote(name, safe='')}"


def may_stream(asset: str, held: str, settings: Settings) -> bool:
    """Is `held` our mark on the ladder of this master playlist, and has its moment not come?"""
    end, _, given = held.partition(".")
    return holds("stream", settings, given, asset, end) and _ahead(end, None, LONGEST_S)


def picture_url(asset: str, width: int, settings: Settings, *, public: bool = False) -> str:
    """The address of a picture made `width` pixels wide, good as long as links to files are."""
    path = f"/p/{quote(asset, safe='')}/{width}.webp"
    if public:
        return path
    end = str(ends())
    return f"{path}?e={end}&s={mark('picture', settings, asset, str(width), end)}"


def may_see(asset: str, width: int, end: str, given: str, settings: Settings) -> bool:
    """Is `given` our mark on the picture, and has its moment not come?"""
    return holds("picture", settings, given, asset, str(width), end) and _ahead(end, None, LONGEST_S)


def ends(at: float | None = None) -> int:
    """When links made now end, in seconds since 1970."""
    return (int(time.time() if at is None else at) // STEP_S) * STEP_S + LONGEST_S


def links_change(at: float | None = None) -> int:
    """When links made now will no longer be the ones that are made: pages that hold them are made anew."""
    return ends(at) - LONGEST_S + STEP_S


def token(purpose: str, text: str, settings: Settings, lasts_s: int, at: float | None = None) -> str:
    """`text` with our mark on it, good for `lasts_s`; text is readable by whoever holds it."""
    end = str(int(time.time() if at is None else at) + lasts_s)
    body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{body}.{end}.{mark(purpose, settings, body, end)}"


def text_of(purpose: str, given: str, settings: Settings, at: float | None = None) -> str | None:
    """The text of a token of ours that has not ended; None for any other."""
    body, _, rest = given.partition(".")
    end, _, sign = rest.partition(".")
    if not holds(purpose, settings, sign, body, end) or not _ahead(end, at, 1 << 40):
        return None
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()


def mark(purpose: str, settings: Settings, *parts: str) -> str:
    """Our mark on `parts`, in 43 characters that fit into an address."""
    return _mark(alive(settings)[0], purpose, parts)


def holds(purpose: str, settings: Settings, given: str, *parts: str) -> bool:
    """Is `given` our mark on `parts`, by any of the secrets alive? Takes the same time whatever is wrong with it."""
    said = given.encode("utf-8", "surrogatepass")
    return sum(hmac.compare_digest(_mark(one, purpose, parts).encode(), said) for one in alive(settings)) > 0


def _mark(secret: bytes, purpose: str, parts: tuple[str, ...]) -> str:
    whole = hashlib.sha256()
    for part in parts:  # with lengths: ("ab", "c") is not ("a", "bc")
        data = part.encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8, "big") + data)
    return (
        base64.urlsafe_b64encode(hmac.digest(derived(secret, purpose), whole.digest(), "sha256")).decode().rstrip("=")
    )


def _ahead(end: str, at: float | None, longest: int) -> bool:
    left = int(end) - (time.time() if at is None else at) if end.isascii() and end.isdigit() and len(end) < 16 else 0
    return 0 < left <= longest
