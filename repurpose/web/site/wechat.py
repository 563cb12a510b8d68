"""The card that WeChat makes of a shared event or smart card: the page asks for a signature, and WeChat's script takes title and picture.

Only with the keys of a service account in the settings, only in WeChat's own browser, only for addresses of this site.
See developers.weixin.qq.com, JS-SDK, appendix 1 (signature), and "Get stable access token".
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from repurpose.settings import Settings
from repurpose.web.held import NO_STORE
from repurpose.web.limits import Rule
from repurpose.web.problems import Problem
from repurpose.web.shield import POLICY
from repurpose.web.site.site import Site
from repurpose.web.who import client_of, own_site, parts_of, public_base

log = logging.getLogger("repurpose.web")
SCRIPTS = "https://res.wx.qq.com"
MARGIN_S = 300  # a ticket is given up so long before it ends
REST_S = 30  # after a failure WeChat is left alone for so long
WAIT_S = 5.0  # for an answer
SIGNATURES = Rule("wechat", 120, 60)  # from one address: an office sits behind one
_STALE = {40001, 40014, 42001}  # the access token is no longer the one


class WeChatError(Exception):
    """WeChat gave no ticket. The message is its own code and words; never a key."""


class Tickets:
    """The one ticket of a service account, fetched when it is needed and kept until shortly before it ends."""

    def __init__(self, app: str, secret: str, api: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._secret, self._clock = app, secret, clock
        self._http = httpx.Client(base_url=api, timeout=WAIT_S)
        self._lock = threading.Lock()
        self._ticket, self._until = "", 0.0
        self._why, self._rest = "", 0.0

    def get(self) -> str:
        """The ticket. Of many who ask at once one fetches it, and the others wait. Raises WeChatError."""
        with self._lock:
            if self._clock() < self._until:
                return self._ticket
            if self._clock() < self._rest:
                raise WeChatError(self._why)
            try:
                self._ticket, lasts = self._fetched()
            except WeChatError as fault:
                self._why, self._rest = str(fault), self._clock() + REST_S
                raise
            self._until = self._clock() + max(REST_S, lasts - MARGIN_S)
            return self._ticket

    def _fetched(self) -> tuple[str, int]:
        answer = self._asked_for(fresh=False)
        if answer.get("errcode") in _STALE:  # somebody else had another made
            answer = self._asked_for(fresh=True)
        if answer.get("errcode") or not isinstance(answer.get("ticket"), str):
            raise WeChatError(_said(answer))
        return answer["ticket"], int(answer.get("expires_in") or 0)

    def _asked_for(self, *, fresh: bool) -> dict[str, Any]:
        # The stable token: asking for it does not end the one that other programs of the account hold.
        body = {"grant_type": "client_credential", "appid": self._app, "secret": self._secret, "force_refresh": fresh}
        token = self._ask("POST", "/cgi-bin/stable_token", json=body)
        if not isinstance(token.get("access_token"), str):
            raise WeChatError(_said(token))
        return self._ask(
            "GET", "/cgi-bin/ticket/getticket", params={"access_token": token["access_token"], "type": "jsapi"}
        )

    def _ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **how)
            answer.raise_for_status()
            found = answer.json()
        except httpx.HTTPStatusError as fault:
            raise WeChatError(f"{path} answered {fault.response.status_code}") from None
        except (httpx.HTTPError, ValueError) as fault:  # its own text may hold the address, and that the token
            raise WeChatError(f"{path}: {type(fault).__name__}") from None
        if not isinstance(found, dict):
            raise WeChatError(f"{path} answered something else")
        return found


def signature(ticket: str, nonce: str, at: int, url: str) -> str:
    """WeChat's mark on a page: SHA-1 over the four in the order of their names, the address without its fragment."""
    whole = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={at}&url={url.partition('#')[0]}"
    return hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest()


def in_wechat(request: Request, settings: Settings) -> bool:
    """Is this page read in WeChat's browser, and are there keys to speak to it?"""
    return bool(settings.wechat_app) and "MicroMessenger" in request.headers.get("user-agent", "")


def policy() -> str:
    """The site's policy, but WeChat's script may be loaded."""
    return POLICY.replace("script-src 'self'", f"script-src 'self' {SCRIPTS}")


def routes(site: Site) -> APIRouter:
    """The route of signatures."""
    router, settings = APIRouter(include_in_schema=False), site.settings
    tickets = Tickets(settings.wechat_app, settings.wechat_secret, settings.wechat_api)

    @router.get("/wechat/signature")
    def sign_page(request: Request, url: Annotated[str, Query(max_length=2000)] = "") -> Response:
        if not in_wechat(request, settings):
            raise Problem("not-found", what="page")
        own_site(request)
        parts = parts_of(url)
        if parts is None or f"{parts.scheme}://{parts.netloc}" != public_base(request):
            raise Problem("bad-request", why="url is not an address of this site")
        request.app.state.limits.take(SIGNATURES, client_of(request))
        try:
            ticket = tickets.get()
        except WeChatError as fault:
            log.warning("WeChat gives no ticket for share cards: %s", fault)
            raise Problem("busy", {"Retry-After": str(REST_S)}, seconds=REST_S) from None
        nonce, at = secrets.token_hex(8), int(time.time())
        body = {
            "appId": settings.wechat_app, "timestamp": at, "nonceStr": nonce,
            "signature": signature(ticket, nonce, at, url),
        }  # fmt: skip
        return JSONResponse(body, headers=NO_STORE)

    return router


def _said(answer: dict[str, Any]) -> str:
    return f"{answer.get('errcode')} {str(answer.get('errmsg', ''))[:200]}"
