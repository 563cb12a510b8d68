"""Links that say which asset on which channel led here."""

from __future__ import annotations

import hashlib
from urllib.parse import quote, urlsplit, urlunsplit

from repurpose.models import Brand, Event, Ms

VALUE_BYTES = 40  # of `asset` and of `channel` in a link
_KEPT = "%/:?#[]@!$&'()*+,;=~"


def link_for(brand: Brand, event: Event, asset: str, channel: str, at: Ms | None = None) -> str:
    """Where the code of this asset leads on this channel: the brand's link, else the event's, with `asset` and `channel`.

    The same two always give the same link, other two another. A value over VALUE_BYTES (a name in Chinese is nine bytes a
    sign) is put as its last part and a digest: a code must stay coarse. What the link asked for already stays; "" without a
    link, and then no code is drawn. `at` opens the replay there: `t` is the whole second it lies in.
    """
    link = brand.link or event.cta.url
    if not link:
        return ""
    parts = urlsplit(link)
    ours = {"asset": asset, "channel": channel}
    if at is not None:
        ours["t"] = str(at // 1000)
    asked = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] not in ours]
    asked += [f"{name}={_short(value)}" for name, value in ours.items() if value]
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return urlunsplit(
        (
            parts.scheme,
            host,
            quote(parts.path, safe=_KEPT),
            quote("&".join(asked), safe=_KEPT),
            quote(parts.fragment, safe=_KEPT),
        )
    )


def _short(value: str) -> str:
    """`value` as it stands in a query, in at most VALUE_BYTES."""
    whole = quote(value, safe="/")
    if len(whole) <= VALUE_BYTES:
        return whole
    mark = hashlib.sha256(value.encode()).hexdigest()[:10]
    last = quote(value.rpartition("/")[2], safe="")
    return f"{last}~{mark}" if len(last) + 1 + len(mark) <= VALUE_BYTES else mark
