"""A real server on a free port over a workplace of its own, and who may ask it for what."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from repurpose.db import access, events
from repurpose.db.access import Role
from repurpose.db.events import EventRow
from repurpose.models import Asset
from repurpose.pipeline import release
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.web import passwords
from repurpose.web.app import create_app, fronted
from repurpose.web.who import COOKIE, MAY, hashed, new_key
from tests.publish.released import release_of

ROLES: tuple[Role, ...] = ("viewer", "sales", "editor", "publisher", "admin")
ENOUGH = 1_000_000  # requests: a test that is not about limits never meets one


@dataclass
class Served:
    """The address of a server that runs in this process, its workplace, and a key for each role."""

    base: str
    place: Workplace
    app: Any
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, role: str = "", **more: Any) -> httpx.Client:
        """A client that asks as this role, by a key; as nobody without one."""
        headers = {"authorization": f"Bearer {self.keys[role]}"} if role else {}
        return httpx.Client(base_url=self.base, headers=headers | more.pop("headers", {}), timeout=60, **more)

    def session(self, role: Role) -> tuple[dict[str, str], str]:
        """A browser's session as this role: the headers it sends, and the token a change must carry."""
        user = access.user_of(self.place.engine, f"{role}@example.com") or access.add_user(
            self.place.engine, f"{role}@example.com", role, role, passwords.kept(f"the {role} may come in")
        )
        secret = os.urandom(16).hex()
        access.open_session(self.place.engine, user.id, hashed(secret), f"csrf of {role}", "test", 3_600_000)
        return {"cookie": f"{COOKIE}={secret}", "sec-fetch-site": "same-origin"}, f"csrf of {role}"


@contextmanager
def served(home: Path, *, database: str = "", **settings: Any) -> Iterator[Served]:
    """A server over the home `home`, ended with the block."""
    given = Settings(home=home, database=database or f"sqlite:///{home / 'a.db'}", **{"api_rate": ENOUGH, **settings})
    with Workplace(given) as place:
        app = create_app(place)
        config = uvicorn.Config(
            fronted(app), log_config=None, access_log=False, proxy_headers=False,
            server_header=False, timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = uvicorn.Server(config)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:  # see web/serving.py
            listening.bind(("127.0.0.1", 0))
            listening.listen(512)
            thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), name="server")
            thread.start()
            made = Served(f"http://127.0.0.1:{listening.getsockname()[1]}", place, app)
            for role in ROLES:
                made.keys[role] = new_key(place.engine, role, MAY[role], "test")[1]
            try:
                yield made  # what is asked before it is up waits in the socket
            finally:
                server.should_exit = True
                thread.join()


FILM = "0123456789abcdef" * 4000


def published(place: Workplace, slug: str = "ku-cun", **other: Any) -> EventRow:
    """A published event whose files are short texts under the names of a real package."""
    content = release_of(place.store, slug, film=other.pop("film", FILM), **other)
    beside = {
        "index.html": "page", "recap/wechat.html": "recap", "slides/slides.pdf": "deck", "chapters.json": "chapters",
        "transcript.vtt": "transcript", "posters/01.1080x1440.png": "poster",
    }  # fmt: skip
    more = tuple(
        Asset(path=path, kind=kind, file=place.store.put_bytes(path.encode(), path[path.rindex(".") :]))  # type: ignore[arg-type]
        for path, kind in beside.items()
    )
    package = content.package.model_copy(update={"assets": content.package.assets + more})
    event = events.by_slug(place.engine, slug) or events.create(place.engine, slug=slug, title=package.event.title)
    row = release.enter(place, event, content.model_copy(update={"package": package}), "test")
    return release.point(place, event.id, row.number, "test")
