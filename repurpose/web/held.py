"""What a browser has already (RFC 9110, 13.1.2), what it may not keep, and what it takes packed."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import Response

NO_STORE = {"cache-control": "no-store"}


def is_held(request: Request, tag: str) -> bool:
    """Does If-None-Match name this ETag? Weak or strong, as bytes of one version are equal either way."""
    named = request.headers.get("if-none-match", "").split(",")
    return tag.removeprefix("W/") in [one.strip().removeprefix("W/") for one in named]


def packed(
    request: Request, body: bytes, small: bytes, headers: Mapping[str, str], kind: str, status: int = 200
) -> Response:
    """`body`, or for a browser that takes gzip `small`, which is the same packed."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(small, status, {**headers, "content-encoding": "gzip"}, kind)
    return Response(body, status, headers, kind)
