"""`POST /t/v1/consent`: a reader lets this browser be recognised, or takes that back; and the beacon for other sites' pages."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import Response

from repurpose.db import views
from repurpose.store import digest_of
from repurpose.web.held import NO_STORE, packed
from repurpose.web.limits import FORM
from repurpose.web.problems import Problem
from repurpose.web.site import words
from repurpose.web.site.site import dist
from repurpose.web.viewing import VISITOR, new_visitor, visitor_of
from repurpose.web.who import client_of, own_site

router = APIRouter(include_in_schema=False)
VERSION = "1"  # goes up when ASKED says something else
ASKED = (
    "May this browser be recognised? Then we know what you watched when you come back or write to us. "
    "Without your yes we only count, and keep nothing here."
)
LASTS_S = 13 * 30 * 24 * 3600  # 13 months, as CNIL has it


@router.post("/t/v1/consent")
async def choose(request: Request) -> Response:
    """204 with the cookie of a browser that agreed, or without one that agreed before. Global Privacy Control says no."""
    own_site(request)
    request.app.state.limits.take(FORM, client_of(request))
    body = await request.body()
    given = parse_qs(body.decode("utf-8", "replace")) if len(body) < 2000 else {}
    choice, locale = given.get("choice", [""])[0], given.get("locale", [""])[0]
    tongue = next((one for one in words.TONGUES if one.tag == locale), words.TONGUES[0])
    shown = digest_of(words.catalogue(tongue).gettext(ASKED).encode())
    before = visitor_of(request.headers)
    https = request.url.scheme == "https"
    name = f"__Host-{VISITOR}" if https else VISITOR
    engine, answer = request.app.state.engine, Response(status_code=204, headers=NO_STORE)
    if choice == "yes" and request.headers.get("sec-gpc") != "1":
        visitor = before or new_visitor()
        views.consent(engine, f"v{visitor}", "given", shown, VERSION, tongue.tag)
        answer.set_cookie(name, visitor, max_age=LASTS_S, path="/", secure=https, httponly=True, samesite="lax")
    elif choice in ("yes", "no"):
        if before:
            views.consent(engine, f"v{before}", "withdrawn", shown, VERSION, tongue.tag)
        answer.delete_cookie(name, path="/", secure=https, httponly=True, samesite="lax")
    else:
        raise Problem("bad-request", why="choice is yes or no")
    return answer


@router.api_route("/t/v1/beacon.js", methods=["GET", "HEAD"])
def beacon(request: Request) -> Response:
    """The beacon, for a script tag on any page."""
    path = dist() / "beacon.js"
    if not path.is_file():
        raise Problem("not-found", what="file")
    headers = {
        "cache-control": "public, max-age=3600", "vary": "Accept-Encoding", "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
    }  # fmt: skip
    return packed(request, *_script(path, path.stat().st_mtime_ns), headers, "text/javascript")


@lru_cache(maxsize=1)
def _script(path: Path, changed: int) -> tuple[bytes, bytes]:
    data = path.read_bytes()
    return data, gzip.compress(data, 9, mtime=0)
