"""What the door of the beacon knows: films, links, staff and the day's salt, looked up once and kept for a while."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Generic, TypeVar

from repurpose.db import assets, links, views
from repurpose.db.session import Database
from repurpose.models.base import DAY_MS
from repurpose.models.film import Film, film
from repurpose.settings import Settings
from repurpose.track.arrived import ID, Batch
from repurpose.track.steps import Came
from repurpose.track.token import LASTS_S, PURPOSE, ViewToken, read, text_of
from repurpose.web import signing
from repurpose.web.who import COOKIE, by_session, hashed

VISITOR = "rp-visitor"  # the cookie of a browser that agreed; `__Host-` before it where the site is on https
KEPT_S = 60.0  # a link may be revoked, a session may end
V = TypeVar("V")


class Remembered(Generic[V]):
    """What was looked up, for a while; those looked up first go first."""

    def __init__(self, lasts_s: float = KEPT_S, most: int = 20_000) -> None:
        self._lasts, self._most = lasts_s, most
        self._items: OrderedDict[str, tuple[float, V]] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        found = self._items.get(key)
        return found is not None and found[0] > time.monotonic()

    def get(self, key: str) -> V | None:
        """What was remembered of this last."""
        found = self._items.get(key)
        return found[1] if found else None

    def put(self, key: str, value: V) -> None:
        """Remember it."""
        self._items[key] = (time.monotonic() + self._lasts, value)
        while len(self._items) > self._most:
            self._items.popitem(last=False)


class Door:
    """Who and what a batch is of."""

    def __init__(self, engine: Database, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._films: Remembered[Film | None] = Remembered()
        self._links: Remembered[links.LinkRow | None] = Remembered()
        self._staff: Remembered[bool] = Remembered()
        self._tokens: Remembered[tuple[int, ViewToken]] = Remembered()
        self._salts: dict[int, str] = {}

    def token(self, given: str) -> ViewToken | None:
        """The view token of this text; None when it is not ours or has ended."""
        if given in self._tokens and (kept := self._tokens.get(given)) and kept[0] > time.time():
            return kept[1]
        text = signing.text_of(PURPOSE, given, self._settings)
        if text is None:
            return None
        found = read(text)
        self._tokens.put(given, (int(given.split(".")[1]), found))
        return found

    def session(self, headers: Mapping[str, str]) -> str:
        """The session that the browser is signed in with; "" without."""
        return _cookie(headers, COOKIE)

    def knows(self, asset: str, link: str, staff: str, day: int) -> bool:
        """Is all of this remembered?"""
        return (
            (not asset or asset in self._films) and (not link or link in self._links)
            and (not staff or hashed(staff) in self._staff) and day in self._salts
        )  # fmt: skip

    def learn(self, asset: str, link: str, staff: str, day: int) -> None:
        """Look all of this up."""
        if asset:
            row = assets.find(self._engine, asset)
            known = row is not None and row.kind in assets.FILMS
            self._films.put(
                asset, film(row.id, row.event_id, row.duration_ms, row.spans, row.intro_ms) if row and known else None
            )
        if link:
            self._links.put(link, links.find(self._engine, link))
        if staff:
            self._staff.put(hashed(staff), by_session(self._engine, staff) is not None)
        if day not in self._salts:
            self._salts = views.salts(self._engine, day, lambda: secrets.token_hex(16))

    def about(
        self, batch: Batch, token: ViewToken | None, asset: str, link: str, staff: str, came: int, client: str,
        headers: Mapping[str, str], *, robot: bool,
    ) -> Came:  # fmt: skip
        """Who sent a batch and what it is of, by what was looked up."""
        of = self._films.get(asset) if asset else None
        if token is None or of is None or of.event != token.event:
            of = None
        row = self._link(link)
        refuses = headers.get("sec-gpc") == "1"
        named = bool(batch.visitor) and (refuses or not batch.agreed)
        elsewhere = bool(batch.visitor) and not named
        visitor = f"o{batch.visitor}" if elsewhere else self.visitor(came // DAY_MS, client, headers)
        return Came(
            at=came, token=token, film=of, visitor=visitor, consents=visitor[0] != "d", named=named,
            who="staff" if staff and self._staff.get(hashed(staff)) else "bot" if robot else "viewer",
            channel=(row.channel if row else "") or (token.channel if token else ""),
            link=row.code if row else "", person=(row.person_id if row else "") or (token.person if token else "") or "",
        )  # fmt: skip

    def channel(self, link: str) -> str:
        """The channel of a link that was looked up; "" of none."""
        row = self._link(link)
        return row.channel if row else ""

    def visitor(self, day: int, client: str, headers: Mapping[str, str]) -> str:
        """Whom a browser is taken for, on a day whose salt was looked up."""
        known = "" if headers.get("sec-gpc") == "1" else visitor_of(headers)
        return f"v{known}" if known else self._of_the_day(day, client, headers)

    def _link(self, code: str) -> links.LinkRow | None:
        row = self._links.get(code) if code else None
        return row if row is not None and row.revoked is None else None

    def _of_the_day(self, day: int, client: str, headers: Mapping[str, str]) -> str:
        """Whom a browser is taken for today: nothing is kept in it, and from the day after tomorrow nobody can tell."""
        said = "\0".join((client, headers.get("user-agent", ""), headers.get("accept-language", "")))
        salt = self._salts.get(day, "")
        return "d" + _short(hashlib.blake2b(said.encode(), key=salt.encode()[:64], digest_size=16).digest())


def new_visitor() -> str:
    """An id for a browser that agreed: 128 bits by chance."""
    return _short(secrets.token_bytes(16))


def view_token(settings: Settings, token: ViewToken, lasts_s: int = LASTS_S) -> str:
    """The token, signed."""
    return signing.token(PURPOSE, text_of(token), settings, lasts_s, token.made)


def visitor_of(headers: Mapping[str, str]) -> str:
    """The id of a browser that agreed; "" of one that did not."""
    found = _cookie(headers, f"__Host-{VISITOR}") or _cookie(headers, VISITOR)
    return found if ID.fullmatch(found) else ""


def _short(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _cookie(headers: Mapping[str, str], name: str) -> str:
    for one in headers.get("cookie", "").split(";"):
        key, _, value = one.strip().partition("=")
        if key == name:
            return value
    return ""
