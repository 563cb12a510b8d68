"""No request brings more than it may, or asks at a host that is none: refused before anything reads it."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from repurpose.web.problems import Problem, problem_response

HOST = re.compile(
    rb"[A-Za-z0-9._-]{1,255}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?"
)  # addresses of pages are made of it
DRAINED = 8 << 20  # bytes of a body too large that are taken and thrown away: who still sends would not hear why


class Bounded:
    """ASGI middleware: at most `limit` bytes of a body, but for paths that begin with `free`."""

    def __init__(self, app: ASGIApp, limit: int, free: str) -> None:
        self.app, self.limit, self.free = app, limit, free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = next((value for name, value in scope["headers"] if name == b"host"), None)
        if host is not None and not HOST.fullmatch(host):
            plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"host"]}
            refusal = problem_response(Request(plain), Problem("bad-request", why="Host is no host"))
            await refusal(scope, receive, send)
            return
        if scope["path"].startswith(self.free):
            await self.app(scope, receive, send)
            return
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if said.isdigit() and int(said) > self.limit:
            await _drain(receive, int(said))
            refusal = problem_response(Request(scope), Problem("too-large", {"connection": "close"}, limit=self.limit))
            await refusal(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.limit:
                if message.get("more_body", False):
                    await _drain(receive, DRAINED)
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


async def _drain(receive: Receive, size: int) -> None:
    """Take what is left of a body, unless it is much."""
    left = min(size, DRAINED)
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
