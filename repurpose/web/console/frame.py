"""What the console's pages share: who looks and what they may do, the language, the words, and how a page is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from repurpose.db.access import Scope
from repurpose.db.jobs import now
from repurpose.models import Package
from repurpose.pipeline.scored import Scored
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load
from repurpose.web.api.ranked import Ranked
from repurpose.web.console.pages import page, wording
from repurpose.web.held import NO_STORE
from repurpose.web.site.addresses import Addresses
from repurpose.web.site.problem import error_page as site_error_page
from repurpose.web.site.site import Kept, statics
from repurpose.web.site.words import Tongue, choose
from repurpose.web.who import Principal, public_base

AT = "/console"
HOT = ("mql", "sql", "opp")  # stages of a lead that sales should look at now


class Console:
    """The console over a workplace, with what is too slow to read for every page; `ranked` are the leads."""

    def __init__(self, place: Workplace, ranked: Ranked) -> None:
        self.place, self.ranked = place, ranked
        self._packages: Kept[Package] = Kept(48)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The channels that there are presets of, by name."""
        return tuple(sorted(load(self.place.settings.presets).channels.items))

    def package(self, digest: str) -> Package:
        """A package of the store. Raises StoreError when there is none of this digest."""
        return self._packages.get(digest, lambda: self.place.store.get(digest, Package))

    def leads_of(self, event_id: str) -> list[Scored]:
        """The leads of an event, of all events where it is "", as they stood not long ago; the highest score first."""
        return [one.scored for one in self.ranked.of(event_id)]

    def send(
        self, request: Request, asker: Principal, name: str, about: Mapping[str, Any], status: int = 200
    ) -> Response:
        """The page `name` about this, for who asks; never kept by a browser, as the next may be another."""
        html = page(f"{name}.html.j2", tongue_of(request), self.frame(request, asker) | dict(about))
        headers = NO_STORE | {"content-language": tongue_of(request).tag, "vary": "Accept-Language, Cookie"}
        return Response(html, status, headers, "text/html; charset=utf-8")

    def frame(self, request: Request, asker: Principal) -> dict[str, Any]:
        """What every page takes."""
        return {"u": addresses(request), "asker": asker, "may": May(asker), "csrf": asker.csrf, "at": AT, "now": now()}


@dataclass(frozen=True)
class May:
    """What the one who looks may do, as the API has it."""

    asker: Principal

    def _has(self, scope: Scope) -> bool:
        return scope in self.asker.scopes or "admin" in self.asker.scopes

    @property
    def read(self) -> bool:
        return self._has("read")

    @property
    def make(self) -> bool:
        return self._has("ingest")

    @property
    def publish(self) -> bool:
        return self._has("publish")

    @property
    def leads(self) -> bool:
        return self._has("leads")


def tongue_of(request: Request) -> Tongue:
    """The language for who looks: asked for in the address, else as the browser likes."""
    return choose(request.query_params.get("lang", ""), request.headers.get("accept-language", ""), "")


def addresses(request: Request, *names: str) -> Addresses:
    """Addresses as the page writes them."""
    kept = ("event", "stage", "page")
    query = tuple((name, request.query_params[name][:200]) for name in kept if name in request.query_params)
    return Addresses(
        settings=request.app.state.settings, tongue=tongue_of(request), asked=bool(request.query_params.get("lang")),
        base=public_base(request), path=request.url.path, query=query, statics=statics(),
    )  # fmt: skip


def error_page(request: Request, status: int) -> Response | None:
    """The page for an error: of the console's addresses who is not signed in is asked to, and comes back; of others the
    site's own."""
    path = request.url.path
    if path != AT and not path.startswith(f"{AT}/"):
        return site_error_page(request, status)
    if path.startswith(f"{AT}/made/"):
        return None
    if status == 401:
        back = f"{path}?{request.url.query}" if request.url.query else path
        if request.method != "GET":
            back = path.rpartition("/")[0] or AT
        return RedirectResponse(f"/login?next={quote(back, safe='/')}", 303, NO_STORE)
    words = wording(tongue_of(request))
    known = 404 if status == 422 else status if status in (403, 404, 409, 429) else 500
    about = {
        "u": addresses(request), "title": words.say(f"error.{known}"), "text": words.say(f"error.{known}_do"), "at": AT,
        "status": 404 if status == 422 else status, "asker": None, "may": May(Principal("", "", frozenset())), "csrf": "", "now": now(),
    }  # fmt: skip
    headers = NO_STORE | {"content-language": tongue_of(request).tag}
    return Response(page("problem.html.j2", tongue_of(request), about), status, headers, "text/html; charset=utf-8")
