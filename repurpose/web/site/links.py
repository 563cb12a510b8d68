"""`/l/<code>`: short links. A code names a target and never carries it, so nobody can make ours lead elsewhere."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from repurpose.db import assets, events, people
from repurpose.db import links as rows
from repurpose.db.links import LinkRow
from repurpose.publish.links import allowed
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem
from repurpose.web.site.site import Site, second_of


def routes(site: Site) -> APIRouter:
    """The route of short links."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/l/{code}", methods=["GET", "HEAD"])
    def link(request: Request, code: str) -> Response:
        row = rows.find(site.place.engine, code) if code.isascii() and code.isalnum() and len(code) == 12 else None
        if row is None:
            raise Problem("not-found", what="link")
        if row.revoked is not None:
            raise Problem("gone", NO_STORE)
        at = second_of(request) or (str(row.start_ms // 1000) if row.start_ms else "")
        # 302 and never kept: a link can be revoked, and each visit counts.
        return RedirectResponse(target_of(site, row, at), 302, NO_STORE | {"referrer-policy": "no-referrer"})

    return router


def target_of(site: Site, row: LinkRow, at: str) -> str:
    """Where a link leads. Raises Problem (404) when that is not there any more."""
    engine = site.place.engine
    query = {"l": row.code} | ({"t": at} if at else {})
    if row.kind == "url" and allowed(row.url, site.settings):  # the list may have changed since it was made
        return row.url
    if row.kind == "card":
        person = people.find(engine, row.person_id or "")
        if person is not None and person.state == "active":
            return f"/c/{quote(person.slug)}?{urlencode(query)}"
    elif row.kind == "asset":
        asset = assets.find(engine, row.asset_id or "")
        if asset is not None and asset.kind in assets.FILMS:
            return f"/embed/{asset.id}?{urlencode(query)}"
        if asset is not None and (event := events.find(engine, asset.event_id)) is not None:
            return f"/e/{quote(event.slug)}?{urlencode(query)}"
    elif row.kind == "event" and (event := events.find(engine, row.event_id or "")) is not None:
        return f"/e/{quote(event.slug)}?{urlencode(query)}"
    raise Problem("not-found", what="link")
