"""The beacon in a real browser: what was watched is counted, however the reader goes away.

`python -m tests.browser.test_beacon --count 20 --offline 60` does each of it so often, and says how much was recovered.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from repurpose.db import assets, events, links, people, views
from repurpose.db.session import reading
from repurpose.db.tables import view_events, view_sessions
from repurpose.models.published import SiteSettings
from repurpose.models.seconds import runs, unpack
from repurpose.pipeline import release
from repurpose.publish.release import compose
from repurpose.track.heat import heat_of
from repurpose.web.viewing import VISITOR
from tests.publish.sample import packed, parts
from tests.track.made import AGENT
from tests.web.served import served

pytestmark = pytest.mark.browser
PLAYED = "v => Array.from({length: v.played.length}, (_, k) => [v.played.start(k) * 1000, v.played.end(k) * 1000])"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--autoplay-policy=no-user-gesture-required"]
GRACE_S = 15  # for what is on its way


def site_in(folder: Path) -> Iterator[Any]:
    """The sample on the site, with its replay of half a minute."""
    with served(folder / "home", view_rate=10**9) as server:
        given = parts(folder / "sample", server.place.store)
        package = packed(folder / "sample", server.place.store, **given)
        content = compose(
            "ku-cun", package, given["spoken"], given["chapters"], given["slides"], given["highlights"],
            SiteSettings(),
        )  # fmt: skip
        row = events.create(server.place.engine, slug="ku-cun", title=package.event.title, language="zh")
        made = release.enter(server.place, row, content, "test")
        event = release.point(server.place, row.id, made.number, "test")
        rows = {one.path: one for one in assets.of_release(server.place.engine, event.id, made.number)}
        yield SimpleNamespace(base=server.base, engine=server.place.engine, event=event, files=rows)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from site_in(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def viewer(chromium: Any) -> Iterator[Any]:
    """A browser that does not say it is driven; by itself, as what is sent in leaving no longer knows of a context's name."""
    from tests.conftest import CHROMIUM

    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={AGENT}"])
    yield browser
    browser.close()


def reader(viewer: Any, **more: Any) -> Any:
    return viewer.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, **more)


def sessions(site: Any, known: set[str]) -> list[Any]:
    """The rows that are new."""
    with reading(site.engine) as connection:
        return [row for row in connection.execute(select(view_sessions)) if row.psid not in known]


def seconds_of(rows: list[Any]) -> set[int]:
    return {at for row in rows for first, end in runs(unpack(row.bits)) for at in range(first, end)}


def shown(played: list[list[float]]) -> set[int]:
    return {s for a, b in played for s in range(int(a // 1000), int(b // 1000) + 1) if a <= s * 1000 + 500 < b}


def play(page: Any, seconds: float) -> None:
    """Until so much of it was played."""
    page.evaluate("() => document.querySelector('#video').play()")
    page.wait_for_function(
        "s => { const p = document.querySelector('#video').played; return p.length && p.end(p.length - 1) - p.start(0) >= s }",
        arg=seconds, timeout=120_000,
    )  # fmt: skip


def leave(viewer: Any, site: Any, how: str, seconds: float, offline_s: float = 3) -> tuple[set[int], set[int]]:
    """What was shown, and what was counted of it, when a reader goes away like this."""
    with reading(site.engine) as connection:
        known = {psid for (psid,) in connection.execute(select(view_sessions.c.psid))}
    context = reader(viewer)
    page = context.new_page()
    page.goto(f"{site.base}/e/ku-cun")
    play(page, seconds)
    if how == "offline":
        context.set_offline(True)
        page.wait_for_timeout(offline_s * 1000)
        context.set_offline(False)
        play(page, 1)
    if how == "seek":
        page.evaluate("() => { document.querySelector('#video').currentTime = 20 }")
        page.wait_for_timeout(2000)
    if how == "background":  # a browser without a screen hides no tab: it is told so, and plays on unseen
        page.evaluate(
            "() => { Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });"
            " document.dispatchEvent(new Event('visibilitychange')) }"
        )
    truth = shown(page.locator("#video").evaluate(PLAYED))
    if how in ("close", "seek", "offline"):
        page.close()
    elif how == "navigate":
        page.goto(f"{site.base}/")
    ends = time.monotonic() + GRACE_S
    while time.monotonic() < ends and not truth <= (counted := seconds_of(sessions(site, known))):
        time.sleep(0.1)
    counted = seconds_of(sessions(site, known))
    context.close()
    return truth, counted


@pytest.mark.parametrize("how", ["close", "navigate", "background", "offline", "seek"])
def test_what_was_watched_is_counted(viewer: Any, site: Any, how: str) -> None:
    truth, counted = leave(viewer, site, how, 4)
    assert len(truth) >= 3
    assert len(truth - counted) <= 1 and len(counted - truth) <= 1 + 3 * (how != "close")


def test_from_a_link_to_the_heat_of_the_recording(viewer: Any, site: Any) -> None:
    """A version opened over the page is counted where it comes from, for who sent the link; and nothing is kept."""
    with reading(site.engine) as connection:
        known = {psid for (psid,) in connection.execute(select(view_sessions.c.psid))}
    before = heat_of(site.engine, site.event.id, "", 60_000).plays
    link = links.make(site.engine, "event", by="test", event_id=site.event.id, channel="视频号")
    context = reader(viewer)
    page = context.new_page()
    page.goto(f"{site.base}/l/{link.code}")
    page.locator("a[data-film]").first.click()
    page.wait_for_function("() => document.querySelector('dialog video').currentTime > 3", timeout=60_000)
    assert context.cookies() == [] and page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('rp-'))") == []
    asset = page.locator("dialog video").get_attribute("data-asset")
    page.close()
    ends = time.monotonic() + GRACE_S
    rows: list[Any] = []
    while time.monotonic() < ends and not any(row.seconds >= 3 for row in rows):
        rows = sessions(site, known)
        time.sleep(0.1)
    row = next(row for row in rows if row.seconds >= 3)
    assert (row.asset_id, row.link, row.channel, row.plays, row.visitor[0]) == (asset, link.code, "视频号", 1, "d")
    film = next(one for one in site.files.values() if one.id == asset)
    more = heat_of(site.engine, site.event.id, "", 60_000).plays - before
    start = film.spans[0][0] // 1000
    assert more.sum() > 0 and all(
        any(a <= second * 1000 + 500 < b for a, b in film.spans) for second in more.nonzero()[0]
    ), start
    context.close()


def test_who_agrees_is_recognised_until_they_take_it_back(viewer: Any, site: Any) -> None:
    context = reader(viewer)
    page = context.new_page()
    page.goto(f"{site.base}/e/ku-cun")
    bar = page.locator("#consent")
    assert not bar.is_visible()
    play(page, 1)
    assert bar.is_visible() and "不同意" in bar.inner_text()
    bar.locator("[value=yes]").click()
    bar.wait_for(state="hidden")
    assert [one["name"] for one in context.cookies()] == [VISITOR]
    with reading(site.engine) as connection:
        known = {psid for (psid,) in connection.execute(select(view_sessions.c.psid))}
    page.reload()
    play(page, 1.5)
    assert not bar.is_visible()
    page.evaluate("() => document.querySelector('#video').pause()")
    ends = time.monotonic() + GRACE_S
    rows: list[Any] = []
    while time.monotonic() < ends and not rows:
        rows = sessions(site, known)
        time.sleep(0.1)
    assert {row.visitor[0] for row in rows if row.seconds} <= {"v"} and rows
    page.locator("#consent-door").click()
    bar.locator("[value=no]").click()
    bar.wait_for(state="hidden")
    assert context.cookies() == []
    context.close()


def test_what_could_not_be_sent_is_sent_on_the_next_visit_of_who_agreed(viewer: Any, site: Any) -> None:
    context = reader(viewer)
    page = context.new_page()
    page.goto(f"{site.base}/e/ku-cun")
    play(page, 0.5)
    page.locator("#consent [value=yes]").click()
    page.locator("#consent").wait_for(state="hidden")
    page.reload()
    page.evaluate("() => document.querySelector('#video').currentTime = 10")
    page.wait_for_function("() => document.querySelector('#video').readyState === 4")
    with reading(site.engine) as connection:
        known = {psid for (psid,) in connection.execute(select(view_sessions.c.psid))}
    context.set_offline(True)
    play(page, 3)
    truth = shown(page.locator("#video").evaluate(PLAYED))
    page.close()
    context.set_offline(False)
    assert not seconds_of(sessions(site, known))
    page = context.new_page()
    page.goto(f"{site.base}/e/ku-cun")
    ends = time.monotonic() + GRACE_S
    while time.monotonic() < ends and len(truth - seconds_of(sessions(site, known))) > 1:
        time.sleep(0.1)
    assert len(truth) >= 2 and len(truth - seconds_of(sessions(site, known))) <= 1
    page.wait_for_function("() => !localStorage.getItem('rp-views')")
    context.close()


def test_what_is_pressed_is_told_where_there_is_a_film_and_where_there_is_none(viewer: Any, site: Any) -> None:
    """A poster that is saved on the event's page, and the contact of the card that leads there; a script's click is none."""
    who = people.create(site.engine, slug="zhou-yuan", name="周远", language="zh")
    context = reader(viewer, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{site.base}/e/ku-cun")
    play(page, 1)
    page.evaluate("() => document.querySelector('#video').pause()")
    page.locator(".posters a").first.click()
    page.evaluate("() => document.querySelector('dialog [data-cta=poster]').click()")
    with page.expect_download():
        page.locator("dialog [data-cta=poster]").first.click()
    page.goto(f"{site.base}/c/zhou-yuan")
    with page.expect_download():
        page.locator("[data-cta=card]").click()
    page.close()
    asked = select(view_events.c.a, view_sessions.c.person_id, view_sessions.c.channel, view_sessions.c.loads).join(
        view_sessions, view_sessions.c.psid == view_events.c.psid
    )
    ends, rows = time.monotonic() + GRACE_S, []
    while time.monotonic() < ends and len(rows) < 2:
        with reading(site.engine) as connection:
            rows = [tuple(row) for row in connection.execute(asked.where(view_events.c.k == "cta"))]
        time.sleep(0.1)
    assert sorted(rows) == [(2, "", "site", 1), (3, who.id, "card", 0)]
    context.close()


def test_global_privacy_control_is_a_no(viewer: Any, site: Any) -> None:
    context = reader(viewer, extra_http_headers={"sec-gpc": "1"})
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    page = context.new_page()
    page.goto(f"{site.base}/e/ku-cun")
    play(page, 1)
    assert not page.locator("#consent").is_visible() and not page.locator("#consent-door").is_visible()
    assert context.cookies() == []
    context.close()


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=10)
    options.add_argument("--offline", type=float, default=60)
    asked = options.parse_args()
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM

    found: list[tuple[str, int, int, int]] = []
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        viewer = driver.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={AGENT}"])
        for site in site_in(Path(folder)):
            for k in range(asked.count):
                for how in ("close", "navigate", "background", "seek", *(["offline"] if k < 3 else [])):
                    truth, counted = leave(viewer, site, how, 5 + k % 4, asked.offline)
                    found.append((how, len(truth), len(truth - counted), len(counted - truth)))
                    print(*found[-1], flush=True)
            fates = views.fates(site.engine, site.event.id)
        viewer.close()
    shown_s, lost = sum(one[1] for one in found), [one[2] for one in found]
    share = 100 * (1 - sum(lost) / shown_s)
    print(
        f"{len(found)} visits, {shown_s} s watched, {share:.1f} % recovered, median loss {statistics.median(lost):g} s, most {max(lost)} s, {fates}"
    )
    return 0 if share >= 98 else 1


if __name__ == "__main__":
    sys.exit(main())
