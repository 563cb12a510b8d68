"""Who sends a form of the console: their session, and its token, which the form brings along."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials

from repurpose.db import idempotency
from repurpose.db.access import Scope
from repurpose.store import digest_of
from repurpose.web.accounts import Form
from repurpose.web.api.once import Once
from repurpose.web.problems import Problem
from repurpose.web.who import Needs, Principal, asked_by, bearer, cookie

ONCE = "once"  # the field that makes of two presses one
CSRF = "csrf"


class Sends:
    """A dependency: the one who sent the form, who has this scope. Raises Problem: 401, 403."""

    def __init__(self, scope: Scope) -> None:
        self.needs = Needs(scope)

    def __call__(
        self,
        request: Request,
        sent: Form,
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
        session: Annotated[str | None, Security(cookie)],
    ) -> Principal:
        token = request.headers.get("x-csrf-token") or sent.get(CSRF, "")
        return self.needs(asked_by(request, given, session, token))


Maker = Annotated[Principal, Depends(Sends("ingest"))]
Showing = Annotated[Principal, Depends(Sends("publish"))]


def once_of(request: Request, asker: Principal, sent: dict[str, str]) -> Once:
    """What the form asks for, so that it is done once however often its button was pressed."""
    engine, key = request.app.state.engine, sent.get(ONCE, "")
    if not key:
        return Once(engine, None)
    if not (key.isascii() and key.isalnum() and len(key) <= 64):
        raise Problem("bad-request", why=ONCE)
    told = "\n".join(f"{name}={value}" for name, value in sorted(sent.items()) if name != CSRF)
    body = digest_of(told.encode("utf-8", "replace"))
    return Once(engine, idempotency.Once(asker.id, key, f"{request.method} {request.url.path}"[:200], body))
