"""`/a/<name>`: our style, script and mark, kept by browsers for good under addresses that change with their content."""

from __future__ import annotations

import gzip

from fastapi import APIRouter, Request
from starlette.responses import Response

from repurpose.web.held import packed
from repurpose.web.problems import Problem
from repurpose.web.site.site import Site, dist

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def routes(site: Site) -> APIRouter:
    """The route of files that never change."""
    router = APIRouter(include_in_schema=False)
    held = {path.name: path.read_bytes() for path in dist().iterdir() if path.suffix in TYPES}
    small = {name: gzip.compress(data, 9, mtime=0) for name, data in held.items()}

    @router.api_route("/a/{name}", methods=["GET", "HEAD"])
    def static(request: Request, name: str) -> Response:
        if name not in held:
            raise Problem("not-found", what="file")
        lasting = request.url.query and site.statics[name].endswith(f"?{request.url.query}")
        headers = {
            "cache-control": "public, max-age=31536000, immutable" if lasting else "no-cache", "vary": "Accept-Encoding",
        }  # fmt: skip
        kind = TYPES["." + name.rpartition(".")[2]]
        return packed(request, held[name], small[name], headers, kind)

    return router
