"""Who asks, and what they may do: a program by its key, a person by the session of their browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from repurpose.db import access
from repurpose.db.access import KeyRow, Role, Scope
from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import Database
from repurpose.models.base import DAY_MS
from repurpose.web.problems import Problem

COOKIE = "__Host-repurpose"
IDLE_MS = 12 * 3600 * 1000  # a session nobody uses ends
LASTS_MS = 7 * DAY_MS  # and every session does
MAY: dict[Role, frozenset[Scope]] = {
    "viewer": frozenset({"read"}),
    "sales": frozenset({"read", "leads"}),
    "editor": frozenset({"read", "ingest"}),
    "publisher": frozenset({"read", "ingest", "publish"}),
    "admin": frozenset(access.SCOPES),
}
SAFE = ("GET", "HEAD", "OPTIONS")
PREFIX = "rp_live_"
bearer = HTTPBearer(auto_error=False, scheme_name="key", description="An API key: rp_live_...")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session", description="A signed-in browser")


@dataclass(frozen=True)
class Principal:
    """Who asks."""

    id: str  # of the account or the key
    name: str
    scopes: frozenset[Scope]
    role: Role | None = None  # of an account
    csrf: str = ""  # of a session


def who(
    request: Request,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    session: Annotated[str | None, Depends(cookie)],
) -> Principal:
    """Who asks, counted against the limit. Raises Problem: 401, 403 for a request another site made, 429."""
    return asked_by(request, given, session, request.headers.get("x-csrf-token", ""))


def asked_by(
    request: Request, given: HTTPAuthorizationCredentials | None, session: str | None, token: str
) -> Principal:
    """The same of a request that brought this token of its session, in a header or in a form."""
    state = request.app.state
    found: Principal | None = None
    if given is not None:
        found = by_key(state.engine, given.credentials)
    elif session:
        found = by_session(state.engine, session)
        if found is not None and request.method not in SAFE:
            own_site(request)
            if not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), found.csrf.encode()):
                raise Problem("cross-site")
    state.limits.take(state.api_rule, found.id if found else client_of(request))
    if found is None:
        raise Problem("sign-in", {"WWW-Authenticate": "Bearer"})
    return found


class Needs:
    """A dependency: the one who asks, who has this scope. Raises Problem (403) when not."""

    def __init__(self, scope: Scope) -> None:
        self.scope: Scope = scope

    def __call__(self, found: Annotated[Principal, Security(who)]) -> Principal:
        if self.scope not in found.scopes and "admin" not in found.scopes:
            raise Problem("not-allowed", scope=self.scope)
        return found


Reader = Annotated[Principal, Depends(Needs("read"))]
Editor = Annotated[Principal, Depends(Needs("ingest"))]
Publisher = Annotated[Principal, Depends(Needs("publish"))]
Seller = Annotated[Principal, Depends(Needs("leads"))]
Admin = Annotated[Principal, Depends(Needs("admin"))]


def own_site(request: Request) -> None:
    """Raise Problem (403) unless a page of this site asks. A program that is no browser names no site and passes."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in (None, "same-origin", "none"):
        raise Problem("cross-site")
    if origin is not None:
        own = {request.url.netloc, urlsplit(request.app.state.settings.public_url).netloc} - {""}
        asked = parts_of(origin)
        if asked is None or asked.netloc not in own:
            raise Problem("cross-site")


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address that somebody sent; None for what is none, such as `https://[`."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def by_session(engine: Database, secret: str) -> Principal | None:
    """Whose browser holds this secret; None when its session has ended."""
    found = access.session(engine, hashed(secret), IDLE_MS)
    if found is None:
        return None
    session, user = found
    return Principal(user.id, user.name, MAY[user.role], user.role, session.csrf)


def by_key(engine: Database, given: str) -> Principal | None:
    """Whose key this is; None for one that is not, no longer, or not any more ours."""
    key_id, _, secret = given.removeprefix(PREFIX).partition(".")
    row = access.key(engine, key_id) if given.startswith(PREFIX) and secret else None
    if row is None or not hmac.compare_digest(row.hash, hashed(given)) or row.revoked is not None:
        return None
    if row.expires is not None and row.expires <= now():
        return None
    access.used_key(engine, row)
    return Principal(row.id, row.name, frozenset(row.scopes))


def new_key(
    engine: Database, name: str, scopes: frozenset[Scope], by: str, days: int | None = None
) -> tuple[KeyRow, str]:
    """A new key, good for so many days or until it is revoked: its row, and the key itself, which is nowhere kept."""
    key_id = new_id("ke")
    given = f"{PREFIX}{key_id}.{secrets.token_urlsafe(32)}"
    ends = None if days is None else now() + days * DAY_MS
    return access.add_key(engine, key_id, name, hashed(given), scopes, by, ends), given


def hashed(secret: str) -> str:
    """How secrets of 32 chance bytes are kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def client_of(request: Request) -> str:
    """The address of the client, behind proxies that are believed."""
    return request.client.host if request.client else ""


def public_base(request: Request) -> str:
    """Where readers reach the site: as the settings say, else as this request did."""
    return str(request.app.state.settings.public_url) or f"{request.url.scheme}://{request.url.netloc}"
