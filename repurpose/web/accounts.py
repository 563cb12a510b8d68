"""Signing in and out, and the links that let someone in once: the first administrator, an invitation, a new password."""

from __future__ import annotations

import re
import secrets
from functools import cache
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Cookie, Depends, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from repurpose import presets
from repurpose.db import access, audit
from repurpose.db.access import Purpose, Role, TicketRow, UserRow
from repurpose.db.session import Database, together
from repurpose.errors import UserError
from repurpose.web import passwords
from repurpose.web.account_words import WORDS
from repurpose.web.held import NO_STORE
from repurpose.web.limits import LOGIN
from repurpose.web.problems import Problem
from repurpose.web.site.site import statics
from repurpose.web.who import COOKIE, LASTS_MS, by_session, client_of, hashed, own_site
from repurpose.web.wording import language_of

if TYPE_CHECKING:
    from jinja2 import Template

accounts = APIRouter(include_in_schema=False)
FIRST_MS, INVITED_MS = 24 * 3600 * 1000, 7 * 24 * 3600 * 1000
FORM_BYTES = 20_000
MAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)*")
# An address that lets someone in goes nowhere else. With "no-referrer" a browser would hide from us, too, that the form is ours.
ALONE = NO_STORE | {"referrer-policy": "same-origin"}


def entry_link(
    engine: Database, base: str, purpose: Purpose, role: Role, lasts_ms: int, user_id: str | None = None
) -> str:
    """A link under `base` that lets someone in once; the secret in it is nowhere kept."""
    secret = secrets.token_urlsafe(32)
    access.add_ticket(engine, hashed(secret), purpose, role, lasts_ms, user_id)
    return f"{base}/welcome?t={quote(secret)}"


def first_link(engine: Database, base: str) -> str | None:
    """A link for the first administrator, good for a day; None when there is one."""
    return None if access.has_admin(engine) else entry_link(engine, base, "first", "admin", FIRST_MS)


async def form(request: Request) -> dict[str, str]:
    """What a form of ours sent. Raises Problem when it is none, too large, or another site's."""
    own_site(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise Problem("media-type", type="application/x-www-form-urlencoded")
    body = await request.body()
    if len(body) > FORM_BYTES:
        raise Problem("too-large", limit=FORM_BYTES)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


Form = Annotated[dict[str, str], Depends(form)]
Session = Annotated[str | None, Cookie(alias=COOKIE)]


@accounts.get("/account/style.css")
def style() -> Response:
    """How the account pages look."""
    return FileResponse(presets.assets() / "templates" / "account" / "style.css", media_type="text/css")


@accounts.get("/login")
def login_page(request: Request, next: str = "/account") -> Response:
    """The form to sign in by."""
    return _login(request, next)


@accounts.post("/login")
def login(request: Request, sent: Form) -> Response:
    """Sign in. An unknown account and a wrong password look and take the same."""
    state, email = request.app.state, sent.get("email", "").strip().lower()
    onward = sent.get("next", "/account")
    if not _safe_cookie(request):
        return _login(request, onward, "insecure", 403)
    state.limits.take(LOGIN, client_of(request))
    state.limits.take(LOGIN, f"account {email}")
    user = access.user_of(state.engine, email)
    good = passwords.matches(sent.get("password", ""), user.password if user and user.state == "active" else None)
    if user is None or not good:
        audit.note(state.engine, user.id if user else "nobody", "session.refuse", "", client_of(request))
        return _login(request, onward, "wrong", 401)
    return _signed_in(request, user, onward)


@accounts.post("/logout")
def logout(request: Request, sent: Form, session: Session = None) -> Response:
    """Sign out."""
    if session:
        found = by_session(request.app.state.engine, session)
        access.close_session(request.app.state.engine, hashed(session))
        if found:
            audit.note(request.app.state.engine, found.id, "session.end", found.id, client_of(request))
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return response


@accounts.get("/account")
def account(request: Request, session: Session = None) -> Response:
    """Who is signed in; to who is not, the form."""
    found = by_session(request.app.state.engine, session) if session else None
    if found is None:
        return RedirectResponse("/login", 303)
    about = WORDS[_language(request)]["signed-in"].format(name=found.name, role=found.role)
    return _page(request, "account", about=about, action="/logout", onward="/console")


@accounts.get("/welcome")
def welcome_page(request: Request, t: str = "") -> Response:
    """The form of a link that lets someone in once."""
    found = access.ticket(request.app.state.engine, hashed(t))
    return _welcome(request, t, found, {}, "" if found else "ended")


@accounts.post("/welcome")
def welcome(request: Request, sent: Form) -> Response:
    """Use a link up: make the account it is for, or set its password, and sign in."""
    engine, secret = request.app.state.engine, sent.get("t", "")
    request.app.state.limits.take(LOGIN, client_of(request))
    found = access.ticket(engine, hashed(secret))
    if found is None:
        return _welcome(request, secret, None, {}, "ended")
    if not _safe_cookie(request):
        return _welcome(request, secret, found, sent, "insecure")
    email, name = sent.get("email", "").strip(), " ".join(sent.get("name", "").split())
    if found.user_id is None and (not MAIL.fullmatch(email) or len(email) > 254):
        return _welcome(request, secret, found, sent, "email")
    if found.user_id is None and not 1 <= len(name) <= 100:
        return _welcome(request, secret, found, sent, "name")
    fault = passwords.fault_of(sent.get("password", ""), email.partition("@")[0], name)
    if fault:
        return _welcome(request, secret, found, sent, fault)
    hash_ = passwords.kept(sent["password"])
    try:
        with together(engine):
            user = _let_in(engine, found, email, name, hash_)
    except UserError:
        return _welcome(request, secret, found, sent, "taken")
    if user is None:
        return _welcome(request, secret, None, {}, "ended")
    audit.note(engine, user.id, f"ticket.{found.purpose}", user.id, client_of(request), role=user.role)
    return _signed_in(request, user, "/account")


def _let_in(engine: Database, found: TicketRow, email: str, name: str, hash_: str) -> UserRow | None:
    if not access.use_ticket(engine, found.hash) or (found.purpose == "first" and access.has_admin(engine)):
        return None
    if found.user_id is None:
        return access.add_user(engine, email, name, found.role, hash_)
    return access.change_user(engine, found.user_id, password=hash_)


def _signed_in(request: Request, user: UserRow, onward: str) -> Response:
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    engine = request.app.state.engine
    access.open_session(engine, user.id, hashed(secret), csrf, request.headers.get("user-agent", ""), LASTS_MS)
    audit.note(engine, user.id, "session.begin", user.id, client_of(request))
    # A local path only: `//host` and `/\host` are other sites to a browser.
    local = re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", onward)
    response = RedirectResponse(onward if local else "/account", 303)
    response.set_cookie(COOKIE, secret, max_age=LASTS_MS // 1000, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _safe_cookie(request: Request) -> bool:
    """Would a browser keep a cookie that is for secure connections only? It does on its own machine."""
    return request.url.scheme == "https" or request.url.hostname in ("localhost", "127.0.0.1", "::1")


def _login(request: Request, onward: str, fault: str = "", status: int = 200) -> Response:
    fields = [("email", "email", "", "username"), ("password", "password", "", "current-password")]
    return _page(request, "login", fields=fields, action="/login", hidden={"next": onward}, fault=fault, status=status)


def _welcome(request: Request, secret: str, found: TicketRow | None, sent: dict[str, str], fault: str) -> Response:
    if found is None:
        return _page(request, "welcome", fault=fault, status=410)
    new = [("email", "email", sent.get("email", ""), "username"), ("name", "text", sent.get("name", ""), "name")]
    fields = [*(new if found.user_id is None else []), ("password", "password", "", "new-password")]
    status = 422 if fault else 200
    return _page(request, "welcome", fields=fields, action="/welcome", hidden={"t": secret}, fault=fault, status=status)


def _page(
    request: Request,
    name: str,
    *,
    fields: list[tuple[str, str, str, str]] | None = None,
    action: str = "",
    hidden: dict[str, str] | None = None,
    fault: str = "",
    about: str = "",
    onward: str = "",
    status: int = 200,
) -> Response:
    language = _language(request)
    words = WORDS[language]
    shown = [
        {
            "name": field, "type": kind, "value": value, "auto": auto, "label": words[field],
            "hint": words["password-hint"].format(least=passwords.SHORTEST) if auto == "new-password" else "",
        }
        for field, kind, value, auto in fields or []
    ]  # fmt: skip
    html = _template().render(
        lang="zh-CN" if language == "zh" else "en",
        say={"title": words[f"{name}-title"], "button": words[f"{name}-button"], "onward": words["onward"]},
        fields=shown,
        action=action,
        hidden=hidden or {},
        about=about,
        onward=onward,
        mark=statics().get("mark.svg", "/a/mark.svg"),
        fault=words[f"fault-{fault}"].format(least=passwords.SHORTEST) if fault else "",
    )
    return HTMLResponse(html, status, ALONE)


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(presets.assets() / "templates" / "account")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html.j2")
