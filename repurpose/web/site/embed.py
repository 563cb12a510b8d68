"""`/embed/<asset id>`: one film alone, to be framed by the sites an event names, or opened by a browser without script."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from fastapi import APIRouter, Request
from starlette.responses import Response

from repurpose.db.assets import FILMS, standing
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem
from repurpose.web.shield import POLICY
from repurpose.web.site.event import view_token_of
from repurpose.web.site.pages import page
from repurpose.web.site.site import MOMENT, Site, second_of
from repurpose.web.site.variants import dressed
from repurpose.web.site.words import catalogue

EMBED = "embed"  # the channel of who sees a film in a frame, by no link
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


def routes(site: Site) -> APIRouter:
    """The route of the bare player."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/embed/{asset_id}", methods=["GET", "HEAD"])
    def embed(request: Request, asset_id: str) -> Response:
        found = standing(site.place.engine, asset_id)
        if found is None or found.event.state == "draft" or found.asset.kind not in FILMS:
            raise Problem("not-found", what="film")
        if not found.open:
            raise Problem("gone", NO_STORE)
        shown = site.shown_by_id(found.event.id)
        seen, path = dressed(site, request, shown, EMBED), found.asset.path
        film = next((film for film in seen.shown.view.films if film.path == path), None)
        if film is None or shown.files[path].id != asset_id:  # of an earlier release
            raise Problem("gone", NO_STORE)
        tongue = site.tongue(request, shown.view.language)

        def make() -> str:
            return page(
                "embed.html.j2",
                tongue,
                {
                    "u": site.event_addresses(request, tongue, shown), "view": seen.shown.view, "film": film, "moment": MOMENT,
                    "view_token": view_token_of(site, seen, channel=EMBED, asset=asset_id),
                    "site_name": catalogue(tongue).gettext("Replays"), "name": PurePosixPath(path).stem,
                },
            )  # fmt: skip

        key = ("embed", asset_id, shown.row.number, shown.event.updated, tongue.code, seen.key)
        answer = site.page(request, key, make, second=second_of(request))
        answer.headers["content-security-policy"] = policy(shown.event.settings.embed)
        answer.headers["cross-origin-resource-policy"] = "cross-origin"
        return answer

    return router


def policy(origins: tuple[str, ...]) -> str:
    """The site's policy, but these origins may frame the page; what is no origin is left out, for it stands in a header."""
    allowed = " ".join(["'self'", *(one for one in origins if ORIGIN.fullmatch(one))])
    return POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {allowed}")
