"""What stands around every request: an id, a line in the log, and headers that tell a browser what not to do."""

from __future__ import annotations

import json
import logging
import secrets
import time
from datetime import UTC, datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("repurpose.access")
POLICY = (  # no script, style or frame but our own files; nothing inline
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {  # a route that sets one of these itself knows better
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
HSTS = "max-age=31536000"


class Shield:
    """ASGI middleware. The outermost one, so that errors carry the headers too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, request = time.perf_counter(), secrets.token_hex(8)
        scope["repurpose.request"] = request
        status, size = 0, 0

        async def guarded(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", HSTS)
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, guarded)
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            if log.isEnabledFor(logging.INFO):
                log.info("%s", request, extra={"answered": _line(scope, request, status, size, took)})


class AsJson(logging.Formatter):
    """A line of JSON a record: when (UTC), how bad, and what; for a request its method, path, status, size and time.

    Queries are left out: they carry tokens and what people searched for.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        line |= getattr(record, "answered", None) or {"said": record.getMessage(), "by": record.name}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _line(scope: Scope, request: str, status: int, size: int, took: float) -> dict[str, object]:
    client = scope.get("client")
    return {
        "request": request, "method": scope["method"], "path": scope["path"], "status": status, "bytes": size, "ms": took,
        "client": client[0] if client else "",
    }  # fmt: skip
