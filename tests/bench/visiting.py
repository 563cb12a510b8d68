"""Visitors at a running site: over HTTP as a page and its beacon would ask, several at a time, and in a real Chromium."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from repurpose.settings import Settings
from repurpose.track.token import ViewToken
from repurpose.web.viewing import view_token
from tests.bench.visitors import Film, Span, Stretch, Visitor
from tests.track.made import psid_of

WORKERS = 4
BATCH = 40  # events
AGREES = {"choice": "yes", "locale": "zh-CN"}
PLAYING = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--autoplay-policy=no-user-gesture-required"]
SLACK = 1200  # ms that what a page says of its player and what the beacon saw of it may lie apart, at each end


@dataclass(frozen=True)
class Site:
    """A running site and its event, the codes of personal links by address, and of the channel's link."""

    base: str
    settings: Settings
    slug: str
    event: str
    release: int
    personal: Mapping[str, str]
    channel: str

    def address(self, one: Visitor) -> str:
        """Where a visitor comes in."""
        code = self.personal[one.email] if one.by == "personal" else self.channel if one.by == "channel" else ""
        return f"/l/{code}" if code else f"/e/{self.slug}"


def visit(site: Site, visitors: Sequence[Visitor]) -> Mapping[int, int]:
    """All of these come, several at a time; when each sent the form, ms since 1970, by number. Raises AssertionError for an
    answer that should not be."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return {number: at for number, at in pool.map(lambda one: _come(site, one), visitors) if at}


def _come(site: Site, one: Visitor) -> tuple[int, int]:
    chance = random.Random(one.number)
    headers = {
        "user-agent": one.agent, "accept-language": "zh-CN",
        "x-forwarded-for": f"10.{one.number >> 14}.{one.number >> 7 & 127}.{one.number & 127}",
    }  # fmt: skip
    with httpx.Client(base_url=site.base, headers=headers, timeout=300, follow_redirects=True) as client:
        if one.kind == "scans":
            client.head(site.address(one))
        page = client.get(site.address(one))
        assert page.status_code == 200, f"{page.url}: {page.status_code}"
        if one.consents:
            assert client.post("/t/v1/consent", data=AGREES, headers={"origin": site.base}).status_code == 204
        for number in sorted({stretch.page for stretch in one.played}):
            _play(site, client, one, [stretch for stretch in one.played if stretch.page == number], page.url, chance)
        if one.kind == "scans":
            _press(site, client, page.url, page.text)
        return one.number, _form(site, client, one, page) if one.form else 0


def _play(
    site: Site, client: httpx.Client, one: Visitor, played: Sequence[Stretch], came: httpx.URL, chance: random.Random
) -> None:
    """What a player saw, in batches that come late, shuffled, and some of them twice."""
    began, film = played[0].at, played[0].film
    token = view_token(site.settings, ViewToken(site.event, site.release, began // 1000 - 30))
    events: list[dict[str, Any]] = [{"n": 0, "k": "load", "dt": 0}, {"n": 1, "k": "play", "dt": 0}]
    events += [
        {"n": n, "k": "seg", "a": each.a, "b": each.b, "r": 1, "m": 0, "vis": 1, "dt": each.at - began, "w": each.b - each.a}
        for n, each in enumerate(played, 2)
    ]  # fmt: skip
    if one.pressed is not None:
        end = max(each.at + each.b - each.a for each in played) - began
        events.append({"n": len(events), "k": "cta", "dt": end, "a": one.pressed})
    psid = psid_of(chance)
    batches = [events[at : at + BATCH] for at in range(0, len(events), BATCH)]
    batches += [batch for batch in batches if chance.random() < 0.25]
    for batch in chance.sample(batches, len(batches)):
        body = {"ctx": token, "psid": psid, "as": film.asset, "sent_dt": _now() - began, "l": came.params.get("l", "")}
        answer = client.post("/t/v1/batch", content=json.dumps({"v": 1, "ev": batch} | body))
        assert answer.status_code == 204, f"a batch: {answer.status_code}"


def _press(site: Site, client: httpx.Client, came: httpx.URL, page: str) -> None:
    """What a scanner with a browser does: it presses the button, and has watched nothing."""
    token = re.search(r'data-view="([^"]+)"', page)[1]  # type: ignore[index]
    asset = re.search(r'<video[^>]*data-asset="([^"]+)"', page)[1]  # type: ignore[index]
    events = [{"n": 0, "k": "load", "dt": 0}, {"n": 1, "k": "cta", "dt": 10}]
    body = {"v": 1, "ctx": token, "psid": psid_of(random.Random(token)), "as": asset, "sent_dt": 20, "ev": events}
    answer = client.post("/t/v1/batch", content=json.dumps(body | {"l": came.params.get("l", "")}))
    assert answer.status_code in (204, 403), f"a scanner: {answer.status_code}"


def _form(site: Site, client: httpx.Client, one: Visitor, page: httpx.Response) -> int:
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    given = {"stamp": stamp, "name": f"访客{one.number}", "company": "示例", "email": one.email, "consent": "yes"}
    headers = {"accept": "application/json", "origin": site.base, "referer": str(page.url)}
    at = _now()
    answer = client.post(f"/e/{site.slug}/form", data=given, headers=headers)
    assert answer.status_code == 200, f"the form: {answer.status_code} {answer.text[:200]}"
    return at


def _now() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Shown:
    """What a browser showed of the replay, ms, in the order shown; its visitor, and what it did beside that."""

    visitor: Visitor
    pieces: list[Span] = field(default_factory=list)
    sent: int = 0


def browse(site: Site, visitors: Sequence[Visitor], hot: Span, chromium: str | None, offline_s: float) -> list[Shown]:
    """Each of these opens the real page in Chromium, agrees to be recognised, watches the hot stretch twice, the second one
    without a network for a while, and sends the form. What the browser showed."""
    from playwright.sync_api import sync_playwright

    made = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium, args=[*PLAYING, f"--user-agent={visitors[0].agent}"] if visitors else PLAYING
        )
        for k, one in enumerate(visitors):
            context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.set_default_timeout(300_000)
            page.goto(site.base + site.address(one))
            shown = Shown(one)
            shown.pieces.append(_watch(page, hot[0] - 3000, 1500))
            page.locator("#consent [value=yes]").click()
            page.locator("#consent").wait_for(state="hidden")
            for turn in range(2):
                if k == 0 and turn and offline_s:
                    page.route("**/t/v1/**", lambda route: route.abort())  # what is in the buffer plays on
                shown.pieces.append(_watch(page, hot[0], hot[1] - hot[0]))
                if k == 0 and turn and offline_s:
                    shown.pieces.append(_watch(page, hot[1], round(offline_s * 1000)))
                    page.unroute("**/t/v1/**")
                    page.wait_for_timeout(2000)
            if one.form:
                shown.sent = _send_form(page, one)
            page.close()
            context.close()
            made.append(shown)
        browser.close()
    return made


def _watch(page: Any, start: int, lasts: int) -> Span:
    """Go to a moment of the replay and play for so long; from where to where it was."""
    page.evaluate(
        """async at => { const v = document.querySelector('#video'); v.pause(); v.preload = 'auto';
        if (v.readyState < 1) { v.load(); await new Promise(done => v.addEventListener('loadedmetadata', done, { once: true })); }
        const there = new Promise(done => v.addEventListener('seeked', done, { once: true }));
        v.currentTime = at / 1000; await there; await v.play(); }""",
        start,
    )
    page.wait_for_function(
        "end => { const v = document.querySelector('#video'); return v.ended || v.currentTime >= end }",
        arg=(start + lasts) / 1000,
    )
    end = page.evaluate("() => { const v = document.querySelector('#video'); v.pause(); return v.currentTime * 1000 }")
    return start, round(end)


def _send_form(page: Any, one: Visitor) -> int:
    page.locator("#f-name").fill(f"访客{one.number}")
    page.locator("#f-company").fill("示例")
    page.locator("#f-email").fill(one.email)
    page.locator("#lead [name=consent]").check()
    at = _now()
    page.locator("#lead [type=submit]").click()
    page.locator(".thanks").wait_for()
    return at


def films_of(items: Sequence[Mapping[str, Any]]) -> list[Film]:
    """The films among the assets of an event, as the API tells them."""
    return [
        Film(
            one["id"], one["path"], "replay" if one["kind"] == "replay" else one["cut"], one["duration_ms"],
            one["intro_ms"] or 0, tuple((a, b) for a, b in one["spans"]),
        )
        for one in items
        if one["kind"] in ("replay", "video")
    ]  # fmt: skip
