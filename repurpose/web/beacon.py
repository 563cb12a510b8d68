"""`POST /t/v1/batch`: what players send. Answered when it is on the disk, and never before.

A batch (`track.arrived` has its form) comes as text/plain, so that a page anywhere may send it without asking first, and in
`sendBeacon`. The answer says nothing but how it went:

    204  every event of it has its fate, and those that are kept are on the disk
    400  it cannot be read           403  the view token is not ours, or has ended
    413  more than 48 KiB            429  too much from one address
    503  too much is waiting, or the server ends: come again after `Retry-After`

Nothing here reads a session but to tell staff from viewers, and nothing else reads what was sent here.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from repurpose.models.base import DAY_MS
from repurpose.track.arrived import BODY, Batch, read_batch
from repurpose.track.bots import is_bot
from repurpose.track.fold import RECEIVED, Arrival, arrive
from repurpose.track.steps import Came
from repurpose.track.token import ViewToken
from repurpose.track.writer import Writer
from repurpose.web.limits import Limits, Rule
from repurpose.web.viewing import Door

PATH = "/t/v1/batch"
OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
ASKED = [
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
]
AGAIN_S = 5  # who meets a full queue comes again after so long
Waiting = tuple[asyncio.AbstractEventLoop, "asyncio.Future[bool]"]


class Beacon:
    """ASGI middleware: answers `PATH` itself, hands on everything else."""

    def __init__(self, app: ASGIApp, door: Door, writer: Writer, limits: Limits, rule: Rule) -> None:
        self.app, self.door, self.writer, self.limits, self.rule = app, door, writer, limits, rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
        elif scope["method"] == "POST":
            await _answer(send, *await self._take(scope, receive))
        elif scope["method"] == "OPTIONS":
            await _answer(send, 204, ASKED)
        else:
            await _answer(send, 405, [(b"allow", b"POST, OPTIONS")])

    async def _take(self, scope: Scope, receive: Receive) -> tuple[int, list[tuple[bytes, bytes]]]:
        came = time.time_ns() // 1_000_000
        body = await _body(receive)
        if body is None:
            self._count(came, "malformed")
            return 413, [(b"connection", b"close")]
        batch = read_batch(body)
        if batch is None:
            self._count(came, "malformed")
            return 400, []
        client = scope["client"][0] if scope.get("client") else ""
        wait = self.limits.wait(self.rule, client)
        if wait:
            self._count(came, "overload", len(batch.events) + batch.malformed)
            return 429, [(b"retry-after", str(int(wait) + 1).encode())]
        token = self.door.token(batch.ctx)
        about = await self._about(batch, token, came, client, scope)
        arrival = arrive(batch, about)
        if not isinstance(arrival, Arrival):
            self.writer.count(arrival)
            return (403, []) if about.film is None else (204, [])
        loop = asyncio.get_running_loop()
        written: asyncio.Future[bool] = loop.create_future()
        try:
            kept = self.writer.put(arrival, (loop, written)) and await written
        except asyncio.CancelledError:  # the server ends before the disk has answered; who sent this sends it again
            kept = False
        return (204, []) if kept else (503, [(b"retry-after", str(AGAIN_S).encode())])

    async def _about(self, batch: Batch, token: ViewToken | None, came: int, client: str, scope: Scope) -> Came:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        asset = (token.asset or batch.asset) if token and batch.asset in ("", token.asset or batch.asset) else ""
        link, staff, day = batch.link or (token.link if token else ""), self.door.session(headers), came // DAY_MS
        if not self.door.knows(asset, link, staff, day):
            await run_in_threadpool(self.door.learn, asset, link, staff, day)
        return self.door.about(batch, token, asset, link, staff, came, client, headers, robot=is_bot(headers))

    def _count(self, came: int, fate: str, many: int = 1) -> None:
        self.writer.count(Counter({(came // DAY_MS, "", fate): many, (came // DAY_MS, "", RECEIVED): many}))


def told(waiting: Sequence[tuple[Any, bool]]) -> None:
    """Tell those who wait, from the writer's thread: one call into each loop."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[bool], bool]]] = {}
    for (loop, future), written in waiting:
        loops.setdefault(loop, []).append((future, written))
    for loop, futures in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, futures)


def _settle(futures: Sequence[tuple[asyncio.Future[bool], bool]]) -> None:
    for future, written in futures:
        if not future.done():
            future.set_result(written)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is more than `BODY`, or does not come to its end."""
    body, more = b"", True
    while more:
        message: Message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY:
            return None
    return body


async def _answer(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    empty = [] if status == 204 else [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": [*OPEN, *headers, *empty]})
    await send({"type": "http.response.body", "body": b""})
