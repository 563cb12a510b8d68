"""`/e/<slug>`: the microsite of an event, its form, and the files behind it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import parse_qs, parse_qsl, quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from repurpose.db import events, links, submissions
from repurpose.db.jobs import now
from repurpose.db.submissions import Consent
from repurpose.errors import UserError
from repurpose.leads.forms import take_in
from repurpose.leads.vault import vault_of
from repurpose.publish.markup import inline
from repurpose.store import digest_of
from repurpose.track.token import ViewToken
from repurpose.web.held import NO_STORE
from repurpose.web.limits import FORM
from repurpose.web.problems import Problem
from repurpose.web.signing import media_url, public_url, text_of, token
from repurpose.web.site import forms, found, wechat
from repurpose.web.site.addresses import EventAddresses
from repurpose.web.site.listing import cards, related
from repurpose.web.site.pages import page
from repurpose.web.site.pictures import squared
from repurpose.web.site.site import MOMENT, Shown, Site, open_at, second_of
from repurpose.web.site.variants import Dressed, dressed
from repurpose.web.site.words import Tongue, catalogue
from repurpose.web.viewing import view_token, visitor_of
from repurpose.web.who import client_of, own_site, parts_of

OPEN_S = 30 * 24 * 3600  # who filled in the form may come back for the files for so long
STAMP_S = 24 * 3600  # a form may lie open for so long
SITE = "site"  # the channel of who came by no link
SHARED = "share"  # the channel of links that visitors send on
FIELDS = 40  # of a form; one with more is refused
FORM_TYPE = "application/x-www-form-urlencoded"
SCRIPT_SAYS = (
    "Resume at {time}", "{n} found", "Nothing found", "Link copied", "Close", "Download", "Watch this moment in the replay",
    "Press and hold the picture to save it", "Sending", "It could not be sent. Check your connection and try again.",
    "Share", "Show it moving",
)  # fmt: skip


def routes(site: Site) -> APIRouter:
    """The routes of an event."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/e/{slug}", methods=["GET", "HEAD"])
    def event(request: Request, slug: str) -> Response:
        shown = site.shown(slug)
        tongue = site.tongue(request, shown.view.language)
        unlocked, seen = is_open(request, site, shown), dressed(site, request, shown, SITE)
        key = ("event", shown.event.id, shown.row.number, shown.event.updated, tongue.code, unlocked, seen.key)
        answer = site.page(
            request, key, lambda: event_page(site, request, seen, tongue, unlocked=unlocked), second=second_of(request)
        )
        if wechat.in_wechat(request, site.settings):
            answer.headers["content-security-policy"] = wechat.policy()
        return answer

    @router.post("/e/{slug}/form")
    async def form(request: Request, slug: str) -> Response:
        own_site(request)
        if request.headers.get("content-type", "").partition(";")[0] != FORM_TYPE:
            raise Problem("media-type", type=FORM_TYPE)
        body = await request.body()
        try:
            given = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=FIELDS))
        except ValueError:
            raise Problem("bad-request", why="it has too many fields") from None
        return await run_in_threadpool(_sent, site, request, slug, given)

    @router.api_route("/e/{slug}/get/{path:path}", methods=["GET", "HEAD"])
    def get(request: Request, slug: str, path: str) -> Response:
        shown = site.shown(slug)
        asset = shown.files.get(path)
        if asset is None or path not in handed(shown):
            raise Problem("not-found", what="file")
        if asset.kind in shown.release.site.gated and not is_open(request, site, shown):
            return RedirectResponse(f"/e/{quote(slug)}#kit", 303, NO_STORE)
        name = PurePosixPath(path).name
        free = shown.release.site.media == "public" and asset.kind not in shown.release.site.gated
        url = public_url(asset.id, name) if free else media_url(asset.id, name, site.settings)
        wanted = "download" in request.query_params
        return RedirectResponse(url + (("&" if "?" in url else "?") + "download=1" if wanted else ""), 302, NO_STORE)

    @router.api_route("/e/{slug}/share.jpg", methods=["GET", "HEAD"])
    def share(slug: str) -> Response:
        shown = site.shown(slug)
        asset = shown.files.get(shown.view.share)
        if asset is None:
            raise Problem("not-found", what="picture")
        kinds = {".png": "image/png", ".webp": "image/webp"}
        headers = {"cache-control": "public, max-age=3600", "cross-origin-resource-policy": "cross-origin"}
        return FileResponse(
            site.place.store.path(asset.file), headers=headers, media_type=kinds.get(asset.file.suffix, "image/jpeg")
        )

    @router.api_route("/e/{slug}/square.jpg", methods=["GET", "HEAD"])
    def square(slug: str) -> Response:
        shown = site.shown(slug)
        asset = shown.files.get(shown.view.share)
        if asset is None:
            raise Problem("not-found", what="picture")
        path = squared(asset.file, site.place.store, site.settings.home / "pictures")
        headers = {"cache-control": "public, max-age=3600", "cross-origin-resource-policy": "cross-origin"}
        return FileResponse(path, headers=headers, media_type="image/jpeg")

    return router


def event_page(
    site: Site,
    request: Request,
    seen: Dressed,
    tongue: Tongue,
    *,
    unlocked: bool = False,
    given: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    problem: str = "",
) -> str:
    """The whole page; `given` and `problems` fill in a form that came back."""
    say, shown = catalogue(tongue).gettext, seen.shown
    engine = site.place.engine
    link = links.make(engine, "event", by="site", event_id=shown.event.id, channel=SHARED)
    u = site.event_addresses(request, tongue, shown, f"/l/{link.code}")
    others = related(shown.event, events.shown(engine))
    return page(
        "event.html.j2",
        tongue,
        {
            "u": u, "view": shown.view, "view_token": view_token_of(site, seen), "site_name": say("Replays"), "dark_top": True, "moment": MOMENT,
            "unlocked": unlocked, "related": cards(site, others, tongue), "about": found.description(shown),
            "ld": found.video_object(shown, u),
            "data": inline(data_of(shown, say) | (card_of(shown, u) if site.settings.wechat_app else {})), "published": found.published(shown),
            "form": {
                "fields": forms.questions(shown.release.site.form, say, given or {}, problems or {}),
                "problem": problem, "stamp": token("form", shown.event.id, site.settings, STAMP_S),
            },
        },
    )  # fmt: skip


def view_token_of(site: Site, seen: Dressed, *, channel: str = SITE, asset: str = "") -> str:
    """What the beacon shows for what it counts on this page."""
    event, number = seen.shown.event.id, seen.shown.row.number
    token = ViewToken(
        event, number, int(time.time()), channel=channel, asset=asset, variants=seen.variants, dealt_to=seen.dealt_to
    )
    return view_token(site.settings, token)


def data_of(shown: Shown, say: forms.Say) -> dict[str, object]:
    """What the script needs beside what stands in the page."""
    hero = shown.view.hero
    return {
        "id": shown.event.slug,
        "duration": shown.view.duration,
        "spans": [[span.start, span.end] for span in hero.spans],
        "intro": hero.intro,
        "words": {text: say(text) for text in SCRIPT_SAYS},
    }


def card_of(shown: Shown, u: EventAddresses) -> dict[str, object]:
    """What WeChat shows where the page is shared: a tracked link, and a picture as it wants them, square and absolute."""
    picture = u.whole(f"/e/{shown.event.slug}/square.jpg") if shown.view.share in shown.files else ""
    card = {"title": shown.view.title, "desc": found.description(shown), "link": u.whole(u.link()), "imgUrl": picture}
    return {"card": card}


def handed(shown: Shown) -> set[str]:
    """The paths that this page lets a reader take."""
    view = shown.view
    return {
        *(film.path for film in view.films), *(file.path for file in view.files),
        *(one.path for poster in view.posters for one in (*poster.sizes, poster.moving) if one),
    }  # fmt: skip


def is_open(request: Request, site: Site, shown: Shown) -> bool:
    """Did this reader fill in the form of this event?"""
    given = request.cookies.get(f"kit-{shown.event.id}", "")
    return bool(given) and (text_of("kit", given, site.settings) or "").startswith(f"{shown.event.id} ")


def _sent(site: Site, request: Request, slug: str, given: Mapping[str, str]) -> Response:
    """What a form brought: kept, answered with the files; or handed back with what is wrong."""
    shown = site.shown(slug)
    tongue = site.tongue(request, shown.view.language)
    say = catalogue(tongue).gettext
    request.app.state.limits.take(FORM, client_of(request))
    answered = forms.read(shown.release.site.form, given, say)
    problem = ""
    if given.get("website") or text_of("form", given.get("stamp", ""), site.settings) != shown.event.id:
        problem = say("This form has lain open for too long. Please send it once more.")
    elif answered.problems:
        problem = say("Something is missing. Look at what is marked.")
    plain = "application/json" not in request.headers.get("accept", "")
    if problem:
        stamp = token("form", shown.event.id, site.settings, STAMP_S)
        if not plain:
            body = {"problem": problem, "fields": answered.problems, "stamp": stamp}
            return JSONResponse(body, 422, NO_STORE)
        seen = dressed(site, request, shown, SITE)
        text = event_page(site, request, seen, tongue, given=given, problems=answered.problems, problem=problem)
        return Response(open_at(text, ""), 422, NO_STORE, "text/html; charset=utf-8")
    consent = Consent(digest_of(answered.consent.encode()), forms.CONSENT_VERSION, tongue.tag, now())
    agreed = visitor_of(request.headers) if request.headers.get("sec-gpc") != "1" else ""
    row = submissions.add(
        site.place.engine, shown.event.id, answered.answers, visitor=f"v{agreed}" if agreed else "", link=_came_by(request),
        consent=consent if answered.consent else None,
    )  # fmt: skip
    try:
        take_in(site.place.engine, vault_of(site.place.engine, site.settings), row, shown.release.site.form)
    except UserError as fault:  # the form is kept all the same: `repurpose leads import --forms` takes it in later
        logging.getLogger(__name__).error("a form made no lead: %s", fault)
    back = f"/e/{quote(slug)}" + (f"?lang={tongue.code}" if request.query_params.get("lang") else "") + "#kit"
    answer = (
        RedirectResponse(back, 303, NO_STORE)
        if plain
        else JSONResponse(_files(site, request, shown, tongue), 200, NO_STORE)
    )
    answer.set_cookie(
        f"kit-{shown.event.id}", token("kit", f"{shown.event.id} {row.id}", site.settings, OPEN_S), max_age=OPEN_S,
        path=f"/e/{quote(slug)}", httponly=True, samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


def _files(site: Site, request: Request, shown: Shown, tongue: Tongue) -> dict[str, object]:
    """The part of the page that changes when the form was sent."""
    say = catalogue(tongue).gettext
    u: EventAddresses = site.event_addresses(request, tongue, shown)
    about = {"u": u, "view": shown.view, "unlocked": True, "form": None}
    return {"said": say("Thank you. The files are ready."), "kit": page("kit.html.j2", tongue, about)}


def _came_by(request: Request) -> str | None:
    """The code of the link that led to the page with the form: it stands in that page's address."""
    page = parts_of(request.headers.get("referer", ""))
    code = parse_qs(page.query).get("l", [""])[0] if page else ""
    return code if code.isascii() and code.isalnum() and len(code) <= 12 else None
