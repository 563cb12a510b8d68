"""Batches for tests, and what is known of who sent them."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

from repurpose.models.film import Film, film
from repurpose.track.arrived import Batch, Event
from repurpose.track.steps import Came
from repurpose.track.token import ViewToken

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
NOW = 1_800_000_000_000
ASSET, EVENT = "as_" + "a" * 20, "ev_" + "e" * 20


def psid_of(chance: random.Random) -> str:
    """What a player calls itself."""
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", k=22))


def seg(n: int, a: int, b: int, dt: int, w: int | None = None, rate: int = 100, flags: int = 1) -> Event:
    """A stretch that took its time."""
    return Event(n, "seg", a, b, rate, flags, dt, (b - a) * 100 // rate if w is None else w)


def batch(events: Sequence[Event], *, psid: str = "p" * 22, sent: int | None = None, **more: Any) -> Batch:
    """A batch that was sent when its last event had ended."""
    at = max((event.dt + event.w for event in events), default=0) if sent is None else sent
    given = {"ctx": "", "asset": ASSET, "link": "", "visitor": "", "agreed": False, "malformed": 0} | more
    return Batch(psid=psid, sent=at, events=tuple(events), **given)


def came(of: Film | None = None, *, at: int = NOW, age_s: int = 24 * 3600, **more: Any) -> Came:
    """A viewer with a token that is so old."""
    of = of or film(ASSET, EVENT, 60_000, [(0, 60_000)], 0)
    given: dict[str, Any] = {
        "token": ViewToken(EVENT, 1, at // 1000 - age_s), "film": of, "who": "viewer", "visitor": "d" + "x" * 22,
        "channel": "site", "link": "", "person": "", "consents": False, "named": False,
    }  # fmt: skip
    return Came(at=at, **given | more)


def wire(events: Sequence[Event], ctx: str, asset: str, psid: str, sent: int | None = None) -> dict[str, Any]:
    """The batch as a player writes it."""
    at = max((event.dt + event.w for event in events), default=0) if sent is None else sent
    return {
        "v": 1, "ctx": ctx, "psid": psid, "as": asset, "sent_dt": at, "l": "",
        "ev": [
            {"n": one.n, "k": one.k, "a": one.a, "b": one.b, "r": one.rate / 100, "m": one.flags >> 1, "vis": one.flags & 1,
             "dt": one.dt, "w": one.w}
            for one in events
        ],
    }  # fmt: skip


def since() -> int:
    """Now, in ms since 1970."""
    return time.time_ns() // 1_000_000
