"""Changes with an Idempotency-Key: one effect, however often they are asked for within a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import idempotency
from repurpose.db.idempotency import Answer
from repurpose.db.session import Database, together
from repurpose.store import digest_of
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem
from repurpose.web.who import Principal, who

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="for 24 hours the same request with the same key is answered as before, without a second effect",
    ),
]


@dataclass(frozen=True)
class Made:
    """What a change came to: the answer's body, status and headers."""

    body: BaseModel
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Once:
    """A dependency of every route that changes something."""

    engine: Database
    asked: idempotency.Once | None  # None without a key

    def answer(self, effect: Callable[[], Made]) -> Response:
        """The answer of `effect`, whose rows and whose answer are written in one transaction; or the one given before.

        Raises Problem: 409 while the first is still at it, 422 when the key came with another request.
        """
        if self.asked is None:
            with together(self.engine):
                return _response(_answer(effect()))
        before = idempotency.take(self.engine, self.asked)
        if before == "in flight":
            raise Problem("in-flight", {"Retry-After": "1"})
        if before == "other":
            raise Problem("key-reused")
        if isinstance(before, Answer):
            return _response(before, {"idempotent-replayed": "true"})
        try:
            with together(self.engine):
                answer = _answer(effect())
                idempotency.answered(self.engine, self.asked, answer)
        except BaseException:  # nothing was written: it may be asked again
            idempotency.let_go(self.engine, self.asked)
            raise
        return _response(answer)


async def once(request: Request, found: Annotated[Principal, Depends(who)], key: Key = None) -> Once:
    """What was asked, in the words by which it is known again."""
    engine: Any = request.app.state.engine
    if key is None:
        return Once(engine, None)
    body = digest_of(f"{request.url.query}\n".encode() + await request.body())
    return Once(engine, idempotency.Once(found.id, key, f"{request.method} {request.url.path}"[:200], body))


OnceOnly = Annotated[Once, Depends(once)]


def _answer(made: Made) -> Answer:
    return Answer(made.status, made.headers, made.body.model_dump_json())


def _response(answer: Answer, more: dict[str, str] | None = None) -> Response:
    headers = NO_STORE | answer.headers | (more or {})
    return Response(answer.body.encode(), answer.status, headers, "application/json")
