"""What a browser has already (RFC 9110, 13.1.2), and what it may not keep."""

from __future__ import annotations

from fastapi import Request

NO_STORE = {"cache-control": "no-store"}


def is_held(request: Request, tag: str) -> bool:
    """Does If-None-Match name this ETag? Weak or strong, as bytes of one version are equal either way."""
    named = request.headers.get("if-none-match", "").split(",")
    return tag.removeprefix("W/") in [one.strip().removeprefix("W/") for one in named]
