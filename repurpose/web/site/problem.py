"""Errors as pages: what happened and what to do next, in the reader's language."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from repurpose.web.held import NO_STORE
from repurpose.web.site.addresses import Addresses
from repurpose.web.site.pages import page
from repurpose.web.site.site import statics
from repurpose.web.site.words import catalogue, choose
from repurpose.web.who import public_base


def error_page(request: Request, status: int) -> Response | None:
    """The page for an error; None where a page would not be what was asked for, such as a picture or a file."""
    if request.url.path.startswith(("/p/", "/a/", "/m/")):
        return None
    tongue = choose(request.query_params.get("lang", ""), request.headers.get("accept-language", ""), "")
    u = Addresses(
        settings=request.app.state.settings, tongue=tongue, asked=bool(request.query_params.get("lang")),
        base=public_base(request), path="/", statics=statics(),
    )  # fmt: skip
    say = catalogue(tongue).gettext
    title, text = {
        404: (say("There is nothing at this address"), say("It may have moved, or a letter of the address is missing. Search for it, or look at all replays.")),
        410: (say("This was withdrawn"), say("Who published it has taken it back. Other replays are still here.")),
        403: (say("This link has ended"), say("Links to files last for some hours. Open the page again to get a new one.")),
        429: (say("Too many requests"), say("Please wait a minute and try again.")),
    }.get(status, (say("This did not work"), say("Try again in a moment. If it stays like this, tell who sent you the link.")))  # fmt: skip
    about = {"u": u, "site_name": say("Replays"), "dark_top": False, "title": title, "text": text, "status": status}
    text_of_page = page("problem.html.j2", tongue, about)
    headers = NO_STORE | {"content-language": tongue.tag}
    return Response(text_of_page, status, headers, "text/html; charset=utf-8")
