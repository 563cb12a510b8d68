"""A long film as HLS in a real browser: the player comes when the film is played, seeks, counts the same seconds, and gives way
to the mp4 where the ladder fails."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from repurpose.db import assets, events
from repurpose.db.session import reading
from repurpose.db.tables import view_sessions
from repurpose.models.published import SiteSettings
from repurpose.models.seconds import runs, unpack
from repurpose.pipeline import release
from repurpose.presets import StreamPreset
from repurpose.publish.release import compose
from repurpose.render.ladder import of_replay
from tests.browser.test_beacon import ARGUMENTS
from tests.media import context
from tests.publish.sample import packed, parts
from tests.track.made import AGENT
from tests.web.served import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLAYED = "() => { const p = document.querySelector('#video').played; return Array.from({length: p.length}, (_, k) => [p.start(k), p.end(k)]) }"
AT = "t => { const v = document.querySelector('#video'); return !v.seeking && v.readyState > 2 && v.currentTime >= t }"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The sample on the site, its replay of half a minute with a ladder."""
    folder = tmp_path_factory.mktemp("stream")
    with served(folder / "home", view_rate=10**9) as server:
        place = server.place
        given = parts(folder / "sample", place.store)
        package = packed(folder / "sample", place.store, **given)
        ctx = context(folder)
        preset = StreamPreset(at_least=1000, segment=2000, rungs=(90,))
        ladder = of_replay(given["recording"], preset, type(ctx)(ctx.scratch, place.store))
        row = events.create(place.engine, slug="ku-cun", title=package.event.title, language="zh")
        content = compose(
            "ku-cun", package, given["spoken"], given["chapters"], given["slides"], given["highlights"], SiteSettings(),
            [ladder],
        )  # fmt: skip
        event = release.point(place, row.id, release.enter(place, row, content, "test").number, "test")
        files = {one.path: one for one in assets.of_release(place.engine, event.id, event.release or 0)}
        yield SimpleNamespace(base=server.base, engine=place.engine, event=event, files=files, ladder=ladder)


@pytest.fixture(scope="module")
def viewer(chromium: Any) -> Iterator[Any]:
    """A browser that does not say that it is driven."""
    from tests.conftest import CHROMIUM

    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={AGENT}"])
    yield browser
    browser.close()


WITHOUT = """
const asked = HTMLMediaElement.prototype.canPlayType
HTMLMediaElement.prototype.canPlayType = function (kind) { return /mpegurl/i.test(kind) ? '' : asked.call(this, kind) }
"""  # as a browser that does not play HLS by itself


class Watching:
    """A page of the site with all it asked for and logged."""

    def __init__(self, viewer: Any, site: Any, path: str, *, native: bool = False) -> None:
        self.context = viewer.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        if not native:
            self.page.add_init_script(WITHOUT)
        self.asked: list[str] = []
        self.logged: list[str] = []
        self.page.on("request", lambda request: self.asked.append(urlsplit(request.url).path))
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.context.set_default_timeout(120_000)
        self.page.goto(site.base + path)

    def begin(self, at: float = 0.5) -> None:
        self.page.evaluate("() => void document.querySelector('#video').play().catch(() => {})")
        self.page.wait_for_function(AT, arg=at, timeout=120_000)

    @property
    def source(self) -> str:
        return str(self.page.evaluate("() => document.querySelector('#video').currentSrc"))


def counted(engine: Any, known: set[str], asset: str) -> set[int]:
    with reading(engine) as connection:
        rows = [row for row in connection.execute(select(view_sessions)) if row.psid not in known]
    assert {row.asset_id for row in rows} <= {asset}
    return {at for row in rows for first, end in runs(unpack(row.bits)) for at in range(first, end)}


def test_the_player_comes_when_it_is_played_and_its_seconds_are_the_films(viewer: Any, site: Any) -> None:
    with reading(site.engine) as connection:
        known = {row.psid for row in connection.execute(select(view_sessions))}
    watching = Watching(viewer, site, "/e/ku-cun")
    assert not [path for path in watching.asked if path.startswith("/h/") or path == "/a/hls.js"]
    watching.begin(2.2)
    assert watching.source.startswith("blob:")
    assert "/a/hls.js" in watching.asked
    rung = {path.rpartition("/")[2] for path in watching.asked if path.startswith("/h/")}
    assert "master.m3u8" in rung and any(name.startswith("sound-") and name.endswith(".mp4") for name in rung)
    watching.page.evaluate("() => { document.querySelector('#video').currentTime = 20.1 }")
    watching.page.wait_for_function(AT, arg=22.3, timeout=120_000)
    watching.page.evaluate("() => document.querySelector('#video').pause()")
    length = watching.page.evaluate("() => document.querySelector('#video').duration")
    played = watching.page.evaluate(PLAYED)
    watching.page.wait_for_timeout(1000)
    watching.context.close()
    assert length == pytest.approx(site.ladder.duration / 1000, abs=0.1)
    assert watching.logged == []
    shown = {s for a, b in played for s in range(int(b) + 1) if a <= s + 0.5 < b}
    found = counted(site.engine, known, site.files["replay.mp4"].id)
    assert len(shown) >= 4 and 0 in shown and 21 in shown and max(shown) < 24
    assert len(found ^ shown) <= 1, (sorted(found), sorted(shown))


def test_it_opens_at_a_second_and_a_moment_on_the_page(viewer: Any, site: Any) -> None:
    watching = Watching(viewer, site, "/e/ku-cun?t=12")
    watching.begin(12.6)
    assert watching.source.startswith("blob:")
    assert watching.page.evaluate(PLAYED)[0][0] == pytest.approx(12, abs=0.3)
    watching.context.close()


def test_a_ladder_that_fails_gives_way_to_the_mp4(viewer: Any, site: Any) -> None:
    """First from the start; then in the middle, where a rung ends to be given out."""
    watching = Watching(viewer, site, "/e/ku-cun")
    watching.context.route("**/h/**", lambda route: route.fulfill(status=410, body=""))
    watching.begin(1.0)
    assert "/replay.mp4" in watching.source
    watching.context.close()
    watching = Watching(viewer, site, "/e/ku-cun?t=5")
    given: list[str] = []

    def some(route: Any) -> None:
        """The playlists, and of the rungs the first pieces: some seconds."""
        if "m3u8" not in route.request.url and len(given) >= 8:
            route.abort()
            return
        given.append(route.request.url)
        route.continue_()

    watching.context.route("**/h/**", some)
    watching.begin(5.5)
    assert len(given) > 3
    watching.page.wait_for_function(
        "() => document.querySelector('#video').currentSrc.includes('/replay.mp4')", timeout=120_000
    )
    watching.page.wait_for_function(AT, arg=6, timeout=120_000)
    watching.context.close()


def test_the_bare_player_streams_too(viewer: Any, site: Any) -> None:
    watching = Watching(viewer, site, f"/embed/{site.files['replay.mp4'].id}")
    watching.begin(1.0)
    assert watching.source.startswith("blob:") and watching.logged == []
    watching.context.close()


def test_a_browser_that_plays_hls_by_itself_needs_no_player(viewer: Any, site: Any) -> None:
    watching = Watching(viewer, site, "/e/ku-cun?t=8", native=True)
    if not watching.page.evaluate(
        "() => document.querySelector('#video').canPlayType('application/vnd.apple.mpegurl')"
    ):
        pytest.skip("this Chromium plays HLS with our help only")
    watching.begin(9.0)
    assert watching.source.endswith("/master.m3u8") and "/a/hls.js" not in watching.asked and watching.logged == []
    watching.context.close()
