"""What programs read of the site: sitemap, feeds, oEmbed, robots."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit
from xml.etree import ElementTree

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from repurpose.db import events
from repurpose.web.problems import Problem
from repurpose.web.site import found
from repurpose.web.site.addresses import EventAddresses
from repurpose.web.site.site import Shown, Site
from repurpose.web.site.words import TONGUES, catalogue
from repurpose.web.who import parts_of, public_base

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
VIDEO = "http://www.google.com/schemas/sitemap-video/1.1"
XHTML = "http://www.w3.org/1999/xhtml"
MOST = 1000  # events in a sitemap
LATEST = 50  # events in a feed
XML = "application/xml"
HELD = {"cache-control": "public, max-age=300"}


def routes(site: Site) -> APIRouter:
    """The routes of what programs read."""
    router = APIRouter(include_in_schema=False)

    def listed(request: Request, most: int) -> list[tuple[Shown, EventAddresses]]:
        rows = [row for row in events.shown(site.place.engine) if row.settings.listed][:most]
        made = []
        for row in rows:
            shown = site.shown(row.slug)
            made.append((shown, site.event_addresses(request, site.tongue(request, shown.view.language), shown)))
        return made

    @router.api_route("/robots.txt", methods=["GET", "HEAD"])
    def robots(request: Request) -> Response:
        lines = (
            "User-agent: *",
            "Disallow: /api/",
            "Disallow: /m/",
            "Disallow: /l/",
            "Disallow: /search",
            "Disallow: /embed/",
        )
        return PlainTextResponse("\n".join([*lines, f"Sitemap: {public_base(request)}/sitemap.xml", ""]), headers=HELD)

    @router.api_route("/sitemap.xml", methods=["GET", "HEAD"])
    def sitemap(request: Request) -> Response:
        return Response(sitemap_of(public_base(request), listed(request, MOST)), 200, HELD, XML)

    @router.api_route("/feed.xml", methods=["GET", "HEAD"])
    def feed(request: Request) -> Response:
        return Response(
            feed_of(site, request, listed(request, LATEST), podcast=False), 200, HELD, "application/rss+xml"
        )

    @router.api_route("/podcast.xml", methods=["GET", "HEAD"])
    def podcast(request: Request) -> Response:
        return Response(feed_of(site, request, listed(request, LATEST), podcast=True), 200, HELD, "application/rss+xml")

    @router.api_route("/oembed", methods=["GET", "HEAD"])
    def oembed(
        request: Request,
        url: Annotated[str, Query(max_length=2000)],
        format: Annotated[str, Query(max_length=10)] = "json",
        maxwidth: Annotated[int, Query(ge=1, le=10_000)] = 1280,
        maxheight: Annotated[int, Query(ge=1, le=10_000)] = 720,
    ) -> Response:
        if format != "json":
            return PlainTextResponse("Only format=json is offered.", 501)
        asked = parts_of(url)
        match = re.fullmatch(r"/e/([a-z0-9][a-z0-9-]{0,79})", asked.path) if asked else None
        if asked is None or match is None or asked.netloc != urlsplit(public_base(request)).netloc:
            raise Problem("not-found", what="event")
        shown = site.shown(match[1])
        u = site.event_addresses(request, site.tongue(request, shown.view.language), shown)
        return JSONResponse(
            oembed_of(shown, u, maxwidth, maxheight), headers=HELD | {"access-control-allow-origin": "*"}
        )

    return router


def sitemap_of(base: str, rows: list[tuple[Shown, EventAddresses]]) -> bytes:
    """The sitemap with an entry for each event's film."""
    for prefix, space in (("", SITEMAP), ("video", VIDEO), ("xhtml", XHTML)):
        ElementTree.register_namespace(prefix, space)
    root = ElementTree.Element(f"{{{SITEMAP}}}urlset")

    def entry(address: str, changed: str = "") -> ElementTree.Element:
        url = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
        ElementTree.SubElement(url, f"{{{SITEMAP}}}loc").text = address
        if changed:
            ElementTree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = changed
        for tongue in TONGUES:
            about = {"rel": "alternate", "hreflang": tongue.tag, "href": f"{address}?lang={tongue.code}"}
            ElementTree.SubElement(url, f"{{{XHTML}}}link", about)
        return url

    entry(f"{base}/")
    for shown, u in rows:
        page = f"{base}/e/{shown.event.slug}"
        url = entry(page, found.stamp(shown.event.updated).date().isoformat())
        video = ElementTree.SubElement(url, f"{{{VIDEO}}}video")
        about = {
            "thumbnail_loc": f"{page}/share.jpg", "title": shown.view.title, "description": found.description(shown),
            "content_loc": u.whole(u.get(shown.view.hero.path)), "duration": str(max(1, shown.view.duration // 1000)),
            "publication_date": found.published(shown),
        }  # fmt: skip
        for name, text in about.items():
            ElementTree.SubElement(video, f"{{{VIDEO}}}{name}").text = printable(text)
    written: bytes = ElementTree.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def feed_of(site: Site, request: Request, rows: list[tuple[Shown, EventAddresses]], *, podcast: bool) -> bytes:
    """The events as RSS, the latest first; as a podcast each with its film."""
    from feedgen.feed import FeedGenerator

    base, tongue = public_base(request), site.tongue(request)
    say = catalogue(tongue).gettext
    feed = FeedGenerator()
    feed.id(f"{base}/")
    feed.title(say("Replays"))
    feed.link(href=f"{base}/", rel="alternate")
    feed.link(href=f"{base}/{'podcast' if podcast else 'feed'}.xml", rel="self")
    feed.description(say("Webinars to watch again, to search and to take along"))
    feed.language(tongue.tag)
    feed.generator("Repurpose")
    if podcast:
        feed.load_extension("podcast")
        feed.podcast.itunes_category("Business")
        feed.podcast.itunes_explicit("no")
        feed.podcast.itunes_author(say("Replays"))
    for shown, u in rows:
        page = f"{base}/e/{shown.event.slug}"
        item = feed.add_entry(order="append")
        item.id(page)
        item.title(printable(shown.view.title))
        item.link(href=page)
        item.description(printable(found.description(shown)))
        item.published(found.stamp(shown.event.published or shown.row.created))
        for topic in shown.view.topics:
            item.category(term=printable(topic))
        film = shown.files[shown.view.hero.path]
        if podcast:
            item.enclosure(u.whole(u.get(film.path)), str(film.file.size), "video/mp4")
            item.podcast.itunes_duration(shown.view.duration // 1000)
    made: bytes = feed.rss_str(pretty=False)
    return made


def oembed_of(shown: Shown, u: EventAddresses, most_width: int, most_height: int) -> dict[str, object]:
    """The player as oEmbed's `video` (oembed.com), as large as it may be."""
    film = shown.view.hero
    scale = min(most_width / film.width, most_height / film.height)
    width, height = max(1, round(film.width * scale)), max(1, round(film.height * scale))
    source = u.whole(f"/embed/{u.ids[film.path]}")
    return {
        "version": "1.0",
        "type": "video",
        "title": shown.view.title,
        "provider_name": catalogue(u.tongue).gettext("Replays"),
        "provider_url": f"{u.base}/",
        "thumbnail_url": f"{u.base}/e/{shown.event.slug}/share.jpg",
        "thumbnail_width": 1920,
        "thumbnail_height": 1080,
        "width": width,
        "height": height,
        "html": f'<iframe src="{source}" width="{width}" height="{height}" allow="fullscreen; picture-in-picture" '
        'style="border:0" loading="lazy"></iframe>',
    }


def printable(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff")
    )
