"""`/e/<slug>/brand/<digest>.css` and `.webp`: the look that an event's release wears, kept by browsers for good."""

from __future__ import annotations

import gzip

from fastapi import APIRouter, Request
from starlette.responses import Response

from repurpose.web.held import packed
from repurpose.web.problems import Problem
from repurpose.web.site.site import Site

TYPES = {"css": "text/css", "webp": "image/webp"}


def routes(site: Site) -> APIRouter:
    """The route of what pages wear."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/e/{slug}/brand/{name}", methods=["GET", "HEAD"])
    def look(request: Request, slug: str, name: str) -> Response:
        worn, (_, dot, kind) = site.shown(slug).worn, name.rpartition(".")
        now = worn.at(kind).rpartition("/")[2] if worn and dot and kind in TYPES else ""
        if worn is None or not now:
            raise Problem("not-found", what="file")
        # A page of the release before may still ask for that one's: it gets what is worn now, and does not keep it.
        headers = {
            "cache-control": "public, max-age=31536000, immutable" if name == now else "no-cache",
            "vary": "Accept-Encoding",
        }
        data = worn.files[now]
        if kind == "webp":
            return Response(data, headers=headers, media_type=TYPES[kind])
        return packed(request, data, gzip.compress(data, 9, mtime=0), headers, TYPES[kind])

    return router
