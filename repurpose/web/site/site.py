"""What the routes share: what each event shows now, pages that were made, and how a page is asked for."""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from fastapi import Request
from starlette.responses import Response

from repurpose import presets
from repurpose.db import assets, events, experiments, releases
from repurpose.db.assets import AssetRow
from repurpose.db.events import EventRow
from repurpose.db.experiments import ExperimentRow
from repurpose.db.releases import ReleaseRow
from repurpose.models.published import Release
from repurpose.pipeline.workplace import Workplace
from repurpose.web.held import NO_STORE, is_held
from repurpose.web.problems import Problem
from repurpose.web.signing import links_change
from repurpose.web.site.addresses import Addresses, EventAddresses
from repurpose.web.site.sections import EventView
from repurpose.web.site.view import view_of
from repurpose.web.site.words import Tongue, choose
from repurpose.web.site.worn import Worn, worn_of
from repurpose.web.who import public_base

TOKEN = re.compile(rb' data-view="[^"]*"')  # the beacon's: of two pages that differ in it only, one is as good
KEPT_S = 60.0  # a made page is shown again for so long: what it says of other events may be as old
V = TypeVar("V")
MOMENT = (
    f"moment-{secrets.token_hex(8)}"  # stands in a kept page where the second it opens at goes: at a film's address
)
SECOND = f"second-{secrets.token_hex(8)}"  # and in the page's own


@dataclass(frozen=True)
class Shown:
    """The release of an event that the site shows."""

    event: EventRow
    row: ReleaseRow
    release: Release
    view: EventView
    files: Mapping[str, AssetRow]  # by path
    worn: Worn | None = None


@dataclass(frozen=True)
class Made:
    """A page as it is sent."""

    body: bytes
    small: bytes  # the same, compressed
    tag: str


class Kept(Generic[V]):
    """A few things that were made, by what they were made of; those not asked for longest go first."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._items: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], V], until: float = float("inf")) -> V:
        """What was made for `key`, else what `make` makes now; it is kept until then (seconds since 1970).

        Of many who ask at once one makes it, and the others wait for that.
        """
        with self._lock:
            if (found := self._found(key)) is not None:
                return found[1]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if (found := self._found(key)) is not None:
                    return found[1]
            try:
                value = make()
                with self._lock:
                    self._items[key] = (until, value)
                    self._items.move_to_end(key)
                    while len(self._items) > self._most:
                        self._items.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def _found(self, key: Hashable) -> tuple[float, V] | None:
        found = self._items.get(key)
        if found is None or found[0] <= time.time():
            return None
        self._items.move_to_end(key)
        return found


class Site:
    """One site over a workplace."""

    def __init__(self, place: Workplace) -> None:
        self.place, self.settings = place, place.settings
        self._shown: Kept[Shown] = Kept(48)
        self._pages: Kept[Made] = Kept(400)
        self._compared: Kept[tuple[ExperimentRow, ...]] = Kept(400)

    @property
    def statics(self) -> Mapping[str, str]:
        return statics()

    def shown(self, slug: str) -> Shown:
        """What the event at this address shows. Raises Problem: 404 for a draft or none, 410 when it was withdrawn."""
        found = releases.shown(self.place.engine, slug)
        return self._open(found)

    def shown_by_id(self, event_id: str) -> Shown:
        """The same by the event's id."""
        row = events.find(self.place.engine, event_id)
        return self._open(releases.shown(self.place.engine, row.slug) if row else None)

    def _open(self, found: tuple[EventRow, ReleaseRow | None] | None) -> Shown:
        if found is None or found[0].state == "draft":
            raise Problem("not-found", what="event")
        event, row = found
        if row is None:
            raise Problem("gone", NO_STORE)
        return self._shown.get((event.id, row.number, event.updated), lambda: self._read(event, row))

    def _read(self, event: EventRow, row: ReleaseRow) -> Shown:
        release = self.place.store.get(row.digest, Release)
        files = {each.path: each for each in assets.of_release(self.place.engine, event.id, row.number)}
        worn = worn_of(release.look, event.slug, self.place.store)
        return Shown(event, row, release, view_of(release), files, worn)

    def experiments(self, event: EventRow) -> tuple[ExperimentRow, ...]:
        """The experiments of titles and covers that its pages ask for; whoever changes one changes the event."""
        return self._compared.get(
            (event.id, event.updated), lambda: tuple(experiments.of_event(self.place.engine, event.id))
        )

    def tongue(self, request: Request, home: str = "") -> Tongue:
        """The language for this reader."""
        asked = request.query_params.get("lang", "")
        return choose(asked, request.headers.get("accept-language", ""), home)

    def addresses(self, request: Request, tongue: Tongue, *names: str) -> Addresses:
        """Addresses as this reader's pages write them; `names` are what the page itself takes of its address's query."""
        return Addresses(**self._common(request, tongue, *names))

    def event_addresses(self, request: Request, tongue: Tongue, shown: Shown, shared: str = "") -> EventAddresses:
        """The same for the page of an event."""
        ids = {path: row.id for path, row in shown.files.items()}
        public = shown.release.site.media == "public"
        return EventAddresses(
            **self._common(request, tongue),
            second=SECOND,
            slug=shown.event.slug,
            ids=ids,
            public=public,
            shared=shared,
            worn=shown.worn,
        )

    def _common(self, request: Request, tongue: Tongue, *names: str) -> dict[str, Any]:
        # Nothing else of what one reader asked for: the page is kept, and shown to the next.
        query = tuple((name, request.query_params[name][:200]) for name in names if name in request.query_params)
        asked = bool(request.query_params.get("lang"))
        return {
            "settings": self.settings, "tongue": tongue, "asked": asked, "base": public_base(request),
            "path": request.url.path, "query": query, "statics": self.statics,
        }  # fmt: skip

    def page(
        self, request: Request, key: Hashable, make: Callable[[], str], *, status: int = 200, second: str = ""
    ) -> Response:
        """A page, made at most once a minute for each key and language, open at a second; 304 when the browser has it."""
        whole = (key, public_base(request), request.url.path, bool(request.query_params.get("lang")))
        made = self._pages.get(whole, lambda: _made(whole, make()), min(time.time() + KEPT_S, links_change()))
        if second:
            made = _made(whole, made.body.decode(), second)
        headers = {
            "cache-control": "private, no-cache", "vary": "Accept-Language, Accept-Encoding, Cookie", "etag": made.tag,
        }  # fmt: skip
        if status == 200 and is_held(request, made.tag):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(made.small, status, headers | {"content-encoding": "gzip"}, "text/html; charset=utf-8")
        return Response(_opened(made.body), status, headers, "text/html; charset=utf-8")


@cache
def statics() -> Mapping[str, str]:
    """Our style, script and mark, under addresses that change with their content."""
    return {
        path.name: f"/a/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in sorted(dist().iterdir())
        if path.is_file()
    }


def dist() -> Path:
    """Our style and script as built; where nobody built them, the sources (the style works, the script is missing)."""
    built = presets.assets() / "web" / "dist"
    return built if built.is_dir() else presets.assets() / "web" / "src"


def second_of(request: Request) -> str:
    """`?t=754`: the second a reader wants to begin at; "" when it names none."""
    at = request.query_params.get("t", "")
    return str(int(at)) if at.isascii() and at.isdigit() and len(at) <= 6 else ""


def open_at(text: str, second: str) -> str:
    """A page, open at this second ("": at the beginning). The film's address says so (Media Fragments) for browsers without
    script, and so do the links to the page in another language."""
    return text.replace(MOMENT, second and f"#t={second}").replace(SECOND, second and f"&amp;t={second}")


def _made(key: Hashable, text: str, second: str = "") -> Made:
    """A page to be sent. Its tag is not its token's, or no browser could keep it; but what its reader was dealt is in the key."""
    body = (open_at(text, second) if second else text).encode()
    small = gzip.compress(_opened(body), 6, mtime=0)
    return Made(body, small, f'W/"{hashlib.sha256(repr(key).encode() + TOKEN.sub(b"", body)).hexdigest()[:24]}"')


def _opened(body: bytes) -> bytes:
    return body.replace(MOMENT.encode(), b"").replace(SECOND.encode(), b"")
