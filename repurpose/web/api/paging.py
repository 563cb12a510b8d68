"""Lists in pages, and versions of what is read: `after` and `next`, ETag and If-Match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar

from fastapi import Header, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.store import digest_of
from repurpose.web.held import is_held
from repurpose.web.problems import Problem

T = TypeVar("T")
C = TypeVar("C")
After = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{1,15}-[0-9A-Za-z_]{1,24}$", description="`next` of the page before"),
]
Limit = Annotated[int, Query(ge=1, le=200, description="how many at most")]
Match = Annotated[
    str | None, Header(alias="If-Match", pattern=r'^"[0-9]{1,15}"$', description="the ETag of what is to be changed")
]


def cursor(after: str | None) -> tuple[int, str] | None:
    """(created, id) of the last row of the page before."""
    if after is None:
        return None
    created, _, last = after.partition("-")
    return int(created), last


def paged(rows: Sequence[T], limit: int, mark: Callable[[T], C]) -> tuple[list[T], C | None]:
    """At most `limit` of `rows` (asked for with one more), and the `mark` of the last where there is a next page."""
    return list(rows[:limit]), mark(rows[limit - 1]) if len(rows) > limit else None


def version(updated: int) -> dict[str, str]:
    """The ETag of a row."""
    return {"etag": f'"{updated}"'}


def seen(match: str | None) -> int | None:
    """What If-Match names; None without one."""
    return None if match is None else int(match.strip('"'))


def read(request: Request, body: BaseModel, headers: Mapping[str, str] | None = None) -> Response:
    """`body` as JSON with an ETag: of its row, or of its content; 304 when the client has it."""
    text = body.model_dump_json().encode()
    sent = {"cache-control": "private, no-cache", **(headers or {"etag": f'"{digest_of(text)[:32]}"'})}
    if is_held(request, sent["etag"]):
        return Response(status_code=304, headers=sent)
    return Response(text, headers=sent, media_type="application/json")


def there(row: T | None, what: str) -> T:
    """The row. Raises Problem (404) when there is none."""
    if row is None:
        raise Problem("not-found", what=what)
    return row
