"""A batch as a player sends it: read, or refused when it is none.

    {"v": 1, "ctx": token, "psid": 22 signs, "as": asset id, "sent_dt": ms, "l": code of the link, "ev": [event, ...]}
    {"n": 7, "k": "seg", "a": ms, "b": ms, "r": 1.25, "m": 0, "dt": ms, "w": ms, "vis": 1}

`psid` is 128 bits by chance (base64url), new for each load of a player; `n` counts its events and is the same when one is
sent again. `a` and `b` bound a stretch of content that was played without a jump; `dt` is how long after the load it began
and `w` how long it took, by a clock that only goes forward; `sent_dt` is that clock when the batch was sent. `r` is the
speed, `m` says muted and `vis` in sight. An event that is no `seg` needs `n`, `k` and `dt` only; a `cta` may say in `a` what
was pressed, by its place in `PRESSED`.

A player elsewhere may name its visitor: `"vid": 22 signs`, and must then say that the visitor agreed to it: `"cn": 1`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

BODY = 48 << 10  # bytes of a batch
MOST = 100  # events of one
FAR = 1 << 31  # ms: what is more does not fit into a column, and no page stands open for 24 days
KINDS = frozenset({"load", "play", "seg", "pause", "seek", "rate", "ended", "cta", "error"})
PRESSED = ("cta", "file", "poster", "card")  # the button itself, a file or a poster taken, a card's contact saved
IN_SIGHT, MUTED = 1, 2  # flags
ID = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 bits by chance, as base64url
_ASSET = re.compile(r"(as_[a-z2-7]{20})?")
_CODE = re.compile(r"[0-9A-Za-z]{12}")


class Event(NamedTuple):
    """One event; times in ms, the speed in hundredths."""

    n: int
    k: str
    a: int
    b: int
    rate: int
    flags: int
    dt: int
    w: int


@dataclass(frozen=True)
class Batch:
    """A batch that could be read. Those of its events that could not are only counted."""

    ctx: str
    psid: str
    asset: str  # "": the one its token stands for
    sent: int
    link: str
    visitor: str  # as a player elsewhere names them
    agreed: bool  # so it says
    events: tuple[Event, ...]
    malformed: int


def read_batch(body: bytes) -> Batch | None:
    """The batch in a body; None when there is none."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("v") != 1:
        return None
    ctx, psid, asset, sent, link, came = (given.get(name) for name in ("ctx", "psid", "as", "sent_dt", "l", "ev"))
    if not (isinstance(ctx, str) and len(ctx) <= 1000 and isinstance(psid, str) and ID.fullmatch(psid)):
        return None
    if not isinstance(asset or "", str) or not _ASSET.fullmatch(asset or "") or not _is_time(sent):
        return None
    if not (isinstance(came, list) and 0 < len(came) <= MOST):
        return None
    known = link if isinstance(link, str) and _CODE.fullmatch(link) else ""
    visitor = given.get("vid") or ""
    if not isinstance(visitor, str) or (visitor and not ID.fullmatch(visitor)):
        return None
    events = tuple(event for event in map(_event, came) if event is not None)
    return Batch(
        ctx, psid, asset or "", int(sent), known, visitor, given.get("cn") == 1, events, len(came) - len(events)
    )


def _event(given: Any) -> Event | None:
    if not isinstance(given, dict):
        return None
    get = given.get
    n, k, rate, dt, w, a, b = get("n"), get("k"), get("r", 1), get("dt"), get("w", 0), get("a", 0), get("b", 0)
    if not isinstance(k, str) or k not in KINDS or type(n) is not int or not 0 <= n < FAR:
        return None
    if not (_is_time(dt) and _is_time(w) and _is_time(a) and _is_time(b)):
        return None
    if type(rate) not in (int, float) or not 0 <= rate <= 1000:
        return None
    flags = (IN_SIGHT if get("vis", 1) else 0) | (MUTED if get("m", 0) else 0)
    return Event(n, k, int(a), int(b), round(rate * 100), flags, int(dt), int(w))


def _is_time(value: Any) -> TypeGuard[int | float]:
    """Is it a number of milliseconds? A boolean is none, though one to Python; NaN compares with nothing."""
    return type(value) in (int, float) and 0 <= value < FAR
