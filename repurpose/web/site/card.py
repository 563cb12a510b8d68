"""`/c/<person>`: the smart card 智能名片, its contact file, its pictures."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from repurpose.db import events, links, people
from repurpose.db.events import EventRow
from repurpose.db.people import PersonRow
from repurpose.models import Blob
from repurpose.publish.markup import inline
from repurpose.track.token import ViewToken
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem
from repurpose.web.site import wechat
from repurpose.web.site.addresses import Addresses
from repurpose.web.site.event import SHARED
from repurpose.web.site.listing import EventCard, cards
from repurpose.web.site.pages import page
from repurpose.web.site.pictures import shrunk, squared
from repurpose.web.site.site import Site
from repurpose.web.site.words import catalogue
from repurpose.web.viewing import view_token

CHANNEL = "card"
LATEST = 3  # events beside the chosen ones
HELD = {"cache-control": "public, max-age=3600"}
WIDTH = 480  # pixels of the photo and of the WeChat code


def routes(site: Site) -> APIRouter:
    """The routes of smart cards."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/c/{slug}", methods=["GET", "HEAD"])
    def card(request: Request, slug: str) -> Response:
        who = _person(site, slug)
        tongue = site.tongue(request, who.language)
        rows = events.shown(site.place.engine)
        state = hash(tuple((row.id, row.release, row.updated) for row in rows))

        def make() -> str:
            chosen, latest = offered(rows, people.chosen(site.place.engine, who.id))
            # A card that shows one event of its own choice wears that one's look.
            worn = site.shown_by_id(chosen[0].id).worn if len(chosen) == 1 else None
            u = replace(site.addresses(request, tongue), worn=worn)
            first = next(iter((*chosen, *latest)), None)
            told = _told_of(site, who, first.id) if first else {"view_token": ""}
            return page(
                "card.html.j2",
                tongue,
                {
                    "u": u, "who": who, "site_name": who.company or catalogue(tongue).gettext("Replays"), "dark_top": True,
                    "chosen": _tracked(site, who, chosen, cards(site, chosen, tongue, 960)),
                    "latest": _tracked(site, who, latest, cards(site, latest, tongue)),
                    "calendar": who.calendar if who.calendar.startswith("https://") else "",
                    "phone": "".join(sign for sign in who.phone if sign in "+0123456789"), **told,
                    "data": inline(data_of(site, who, u)) if site.settings.wechat_app else "",
                },
            )  # fmt: skip

        answer = site.page(request, ("card", who.id, who.updated, tongue.code, state), make)
        if wechat.in_wechat(request, site.settings):
            answer.headers["content-security-policy"] = wechat.policy()
        return answer

    @router.api_route("/c/{slug}/contact.vcf", methods=["GET", "HEAD"])
    def contact(request: Request, slug: str) -> Response:
        who = _person(site, slug)
        u = site.addresses(request, site.tongue(request, who.language))
        headers = {
            "content-disposition": f"attachment; filename=\"{slug}.vcf\"; filename*=UTF-8''{quote(who.name)}.vcf"
        }
        return Response(vcard(who, u.whole(f"/c/{who.slug}")), 200, headers, "text/vcard; charset=utf-8")

    @router.api_route("/c/{slug}/photo.webp", methods=["GET", "HEAD"])
    def photo(slug: str) -> Response:
        return _picture(site, _person(site, slug).photo)

    @router.api_route("/c/{slug}/square.jpg", methods=["GET", "HEAD"])
    def photo_square(slug: str) -> Response:
        blob = _person(site, slug).photo
        if blob is None:
            raise Problem("not-found", what="picture")
        path = squared(blob, site.place.store, site.settings.home / "pictures")
        return FileResponse(
            path, headers=HELD | {"cross-origin-resource-policy": "cross-origin"}, media_type="image/jpeg"
        )

    @router.api_route("/c/{slug}/wechat.webp", methods=["GET", "HEAD"])
    def wechat_code(slug: str) -> Response:
        return _picture(site, _person(site, slug).wechat)

    return router


def data_of(site: Site, who: PersonRow, u: Addresses) -> dict[str, object]:
    """What the script needs: as on an event's page without a film, and what WeChat shows where the card is shared."""
    link = links.make(site.place.engine, "card", by="site", person_id=who.id, channel=SHARED)
    role = " · ".join(filter(None, (who.company, who.title)))
    card = {
        "title": " · ".join(filter(None, (who.name, who.company))), "desc": " ".join((who.about or role or who.name).split())[:120],
        "link": u.whole(f"/l/{link.code}"), "imgUrl": u.whole(f"/c/{who.slug}/square.jpg") if who.photo else "",
    }  # fmt: skip
    return {"id": "", "duration": 0, "spans": [], "intro": 0, "words": {}, "card": card}


def offered(rows: list[EventRow], chosen: list[str]) -> tuple[list[EventRow], list[EventRow]]:
    """What a person chose to show, in their order, and the latest events beside that. Pure."""
    there = {row.id: row for row in rows}
    mine = [there[event] for event in chosen if event in there]
    rest = [row for row in rows if row not in mine and row.settings.listed]
    return mine, rest[:LATEST]


def vcard(who: PersonRow, page_url: str) -> str:
    """The person as vCard 3.0 (RFC 2426), which phones of every make read. Pure."""
    lines = [
        "BEGIN:VCARD", "VERSION:3.0", f"N:{_escaped(who.name)};;;;", f"FN:{_escaped(who.name)}",
        *([f"ORG:{_escaped(who.company)}"] if who.company else []),
        *([f"TITLE:{_escaped(who.title)}"] if who.title else []),
        *([f"TEL;TYPE=CELL:{_escaped(who.phone)}"] if who.phone else []),
        *([f"EMAIL;TYPE=INTERNET:{_escaped(who.email)}"] if who.email else []),
        f"URL:{_escaped(page_url)}", "END:VCARD",
    ]  # fmt: skip
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(text: str) -> str:
    plain = " ".join(text.split()) if "\n" not in text else text.replace("\r", "")
    return plain.replace("\\", "\\\\").replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> list[str]:
    """A line in pieces of at most 75 bytes, no character cut; what follows the first begins with a space."""
    pieces, now = [], b""
    for sign in line:
        data = sign.encode("utf-8", "replace")
        if len(now) + len(data) > 75:
            pieces.append(now)
            now = b" "
        now += data
    return [piece.decode() for piece in [*pieces, now]]


def _tracked(site: Site, who: PersonRow, rows: list[EventRow], made: list[EventCard]) -> list[tuple[str, EventCard]]:
    """The cards, each with the link that says whose it is and what it leads to."""
    return [
        (f"/l/{links.make(site.place.engine, 'event', by='site', event_id=row.id, person_id=who.id, channel=CHANNEL).code}", one)
        for row, one in zip(rows, made, strict=True)
    ]  # fmt: skip


def _told_of(site: Site, who: PersonRow, event_id: str) -> dict[str, str]:
    """What the beacon shows when something is pressed here: there is no film, so it is said of the first event's replay."""
    shown = site.shown_by_id(event_id)
    asset = shown.files[shown.view.hero.path].id
    token = ViewToken(event_id, shown.row.number, int(time.time()), channel=CHANNEL, asset=asset, person=who.id)
    return {"view_token": view_token(site.settings, token), "view_asset": asset}


def _person(site: Site, slug: str) -> PersonRow:
    who = people.by_slug(site.place.engine, slug)
    if who is None:
        raise Problem("not-found", what="card")
    if who.state != "active":
        raise Problem("gone", NO_STORE)
    return who


def _picture(site: Site, blob: Blob | None) -> Response:
    if blob is None:
        raise Problem("not-found", what="picture")
    path = shrunk(blob, WIDTH, site.place.store, site.settings.home / "pictures")
    return FileResponse(path, headers=HELD, media_type="image/webp")
