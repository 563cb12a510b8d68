"""`/` and `/search`: every event that is shown, and everything that was said in them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from repurpose.db import events
from repurpose.db.search import search
from repurpose.web.held import NO_STORE
from repurpose.web.site import listing
from repurpose.web.site.pages import page
from repurpose.web.site.site import Site
from repurpose.web.site.words import catalogue

A_PAGE = 24
WORDS = 80  # characters of a search


def routes(site: Site) -> APIRouter:
    """The routes of the home page and the search."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    def home(
        request: Request,
        topic: Annotated[str, Query(max_length=80)] = "",
        page_number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
    ) -> Response:
        tongue = site.tongue(request)
        listed = [row for row in events.shown(site.place.engine) if row.settings.listed]
        state = hash(tuple((row.id, row.release, row.updated) for row in listed))

        def make() -> str:
            chosen = [row for row in listed if not topic or topic in row.settings.topics]
            first = (page_number - 1) * A_PAGE
            say = catalogue(tongue).gettext
            return page(
                "home.html.j2",
                tongue,
                {
                    "u": site.addresses(request, tongue, "topic"), "site_name": say("Replays"), "dark_top": False, "topic": topic,
                    "topics": listing.topics(listed)[:16], "number": page_number, "more": len(chosen) > first + A_PAGE,
                    "first": page_number == 1 and not topic,
                    "events": listing.cards(site, chosen[first : first + A_PAGE], tongue, 960), "count": len(chosen),
                },
            )  # fmt: skip

        return site.page(request, ("home", tongue.code, topic, page_number, state), make)

    @router.api_route("/search", methods=["GET", "HEAD"])
    def find(request: Request, q: str = "") -> Response:
        tongue = site.tongue(request)
        words = q.strip()[:WORDS]
        hits = search(site.place.engine, words, limit=20, per_event=5) if words else []
        rows = {row.id: row for row in events.shown(site.place.engine)} if hits else {}
        about = {
            "u": site.addresses(request, tongue, "q"), "site_name": catalogue(tongue).gettext("Replays"), "dark_top": False,
            "asked": words, "count": sum(one.count for one in hits),
            "found": [
                (one, listing.cards(site, [rows[one.event_id]], tongue, 320)[0]) for one in hits if one.event_id in rows
            ],
        }  # fmt: skip
        return Response(page("search.html.j2", tongue, about), 200, NO_STORE, "text/html; charset=utf-8")

    return router
