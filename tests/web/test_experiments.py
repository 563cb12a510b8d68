"""Two titles or covers over HTTP: each reader is dealt one and keeps it, what is told of it is counted, and the end is shown to all."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from repurpose.db import assets, events, experiments, links, releases
from repurpose.db.events import EventRow
from repurpose.feedback.experiments import dealt
from repurpose.models import Asset
from repurpose.models.base import DAY_MS
from repurpose.models.published import Release
from repurpose.pipeline import release
from repurpose.pipeline.experiments import settle
from repurpose.pipeline.workplace import Workplace
from repurpose.track.bots import is_bot
from repurpose.web.experiments import shown_of, still
from tests.track.made import AGENT, psid_of, seg, wire
from tests.web.served import Served, published, served

TITLE = "换一个标题试试"
TOKEN = re.compile(r'data-view="([^"]+)"')
ROBOT = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"


@pytest.fixture
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("home"), view_rate=1_000_000) as server:
        event = pictured(server.place)
        shown = shown_of(server.place, event)
        assert shown is not None
        view, covers, _ = shown
        yield SimpleNamespace(
            server=server, event=event, hero=view.hero, title=view.title, covers=covers, films=view.films
        )


def pictured(place: Workplace) -> EventRow:
    """A published event with the pictures of two slides."""
    event = published(place, pages=("看板 MES 42", "第二页"))
    row = releases.load(place.engine, event.id, event.release or 0)
    assert row is not None
    content = place.store.get(row.digest, Release)
    slides = tuple(
        Asset(path=f"slides/00{n}.jpg", kind="slide", file=place.store.put_bytes(b"%d" % n, ".jpg")) for n in (1, 2)
    )
    package = content.package.model_copy(update={"assets": content.package.assets + slides})
    made = release.enter(place, event, content.model_copy(update={"package": package}), "test")
    return release.point(place, event.id, made.number, "test")


def begin(server: Served, event: str, role: str = "publisher", **wish: Any) -> httpx.Response:
    with server.client(role) as api:
        return api.post(f"/api/v1/events/{event}/experiments", json=wish)


def page(at: Any, reader: int, path: str = "", **headers: str) -> httpx.Response:
    given = {"user-agent": f"{AGENT} reader/{reader}"} | {key.replace("_", "-"): one for key, one in headers.items()}
    return httpx.get(f"{at.server.base}{path or f'/e/{at.event.slug}'}", headers=given, timeout=60)


def headline(answer: httpx.Response) -> str:
    found = re.search(r'<h1 id="title">(.*?)</h1>', answer.text, re.DOTALL)
    assert found, answer.text[:500]
    return html.unescape(re.sub(r"<[^>]*>|\u2060|\u200b", "", found[1])).strip()


def bare(text: str) -> str:
    return re.sub(r"\s|\u2060|\u200b", "", text)


def ids(at: Any) -> dict[str, str]:
    shown = assets.of_release(at.server.place.engine, at.event.id, at.event.release or 0)
    return {one.path: one.id for one in shown}


def told(at: Any, answer: httpx.Response, reader: int, ms: int, path: str) -> None:
    """A player of this film in this page tells what was watched."""
    found = TOKEN.search(answer.text)
    assert found
    psid = psid_of(random.Random(reader))
    body = wire([seg(1, 0, ms, 100)], found[1], ids(at)[path], psid, sent=100 + ms)
    headers = {"user-agent": f"{AGENT} reader/{reader}", "content-type": "text/plain"}
    assert (
        httpx.post(f"{at.server.base}/t/v1/batch", content=json.dumps(body), headers=headers, timeout=60).status_code
        == 204
    )


def test_each_reader_is_dealt_one_and_keeps_it(at: Any) -> None:
    assert bare(headline(page(at, 1))) == bare(at.title)
    made = begin(at.server, at.event.id, path=at.hero.path, title=TITLE)
    assert made.status_code == 201 and made.json()["state"] == "running"
    first = {reader: headline(page(at, reader)) for reader in range(24)}
    assert {bare(one) for one in first.values()} == {bare(at.title), bare(TITLE)}
    assert first == {reader: headline(page(at, reader)) for reader in range(24)}
    assert is_bot({"user-agent": ROBOT})
    assert all(
        bare(headline(page(at, reader, user_agent=f"{ROBOT} {reader}"))) == bare(at.title) for reader in range(8)
    )


def test_a_browser_that_holds_the_page_hears_of_the_experiment(at: Any) -> None:
    """A reader who is dealt what stood there before gets the page anew: its token says so."""
    before = page(at, 1)
    assert page(at, 1, if_none_match=before.headers["etag"]).status_code == 304
    row = begin(at.server, at.event.id, path=at.hero.path, title=TITLE).json()["id"]
    for reader in range(12):
        after = page(at, reader, if_none_match=before.headers["etag"])
        assert after.status_code == 200
        assert page(at, reader, if_none_match=after.headers["etag"]).status_code == 304
    told(at, page(at, 3), 3, 4000, at.hero.path)
    seen = experiments.seen(at.server.place.engine, experiments.find(at.server.place.engine, row))  # type: ignore[arg-type]
    assert [one.variants for one in seen] == [f"{row}:{dealt(row, seen[0].visitor)}"]


def test_who_is_counted_was_shown_it(at: Any) -> None:
    """The reader is the same one at the page and at the beacon, and what they were dealt is what they saw."""
    film = next(one for one in at.films if one.path != at.hero.path)
    row = begin(at.server, at.event.id, path=film.path, title=TITLE).json()["id"]
    wanted = {"a": 0, "b": 0}
    for reader in range(30):
        answer = page(at, reader)
        variant = "b" if TITLE in answer.text else "a"
        wanted[variant] += 1
        told(at, answer, reader, 4000, film.path if variant == "b" else at.hero.path)
    with at.server.client("viewer") as api:
        now = api.get(f"/api/v1/experiments/{row}").json()
    assert {"a": now["a"]["shown"], "b": now["b"]["shown"]} == wanted
    assert now["a"]["counted"] == 0  # the hour is not over
    place = at.server.place
    found = experiments.find(place.engine, row)
    assert found is not None
    assert (
        settle(place, found.created + 29 * DAY_MS, lambda row: still(place, row)) == 1
    )  # too few to tell: the first one stays
    with at.server.client("viewer") as api:
        now = api.get(f"/api/v1/experiments/{row}").json()
    assert (now["why"], now["keep"], now["b"]["views"], now["a"]["views"]) == ("same", "a", wanted["b"], 0)
    assert not any(TITLE in page(at, reader).text for reader in range(12))


def test_the_one_that_is_kept_is_shown_to_all_where_it_was_tried(at: Any) -> None:
    cover = next(one for one in at.covers if one != at.hero.cover)
    row = begin(at.server, at.event.id, path=at.hero.path, channel="wechat", title=TITLE, cover=cover).json()["id"]
    code = links.make(at.server.place.engine, "event", by="x", event_id=at.event.id, channel="wechat").code
    by_link = f"/e/{at.event.slug}?l={code}"
    assert all(bare(headline(page(at, reader))) == bare(at.title) for reader in range(12))  # came another way
    assert {bare(headline(page(at, reader, by_link))) for reader in range(24)} == {bare(at.title), bare(TITLE)}
    with at.server.client("publisher") as api:
        ended = api.post(f"/api/v1/experiments/{row}/stop", json={"keep": "b"}).json()
    assert (ended["state"], ended["keep"], ended["why"]) == ("ended", "b", "stopped")
    shown = page(at, 1, by_link)
    assert all(bare(headline(page(at, reader, by_link))) == bare(TITLE) for reader in range(12))
    assert bare(headline(page(at, 2))) == bare(at.title)
    assert ids(at)[cover] in re.findall(r'poster="([^"]+)"', shown.text)[0]
    robot = page(at, 1, by_link, user_agent=ROBOT)
    assert bare(headline(robot)) == bare(TITLE)  # no chance is left in it


def test_the_next_one_begins_with_what_was_kept(at: Any) -> None:
    """A title that was kept stays while a cover is tried; what is shown now is what the other one is compared with."""
    cover = next(one for one in at.covers if one != at.hero.cover)
    with at.server.client("publisher") as api:
        first = begin(at.server, at.event.id, path=at.hero.path, title=TITLE).json()["id"]
        api.post(f"/api/v1/experiments/{first}/stop", json={"keep": "b"})
        assert begin(at.server, at.event.id, path=at.hero.path, title=TITLE).json()["type"].endswith("compare-same")
        second = begin(at.server, at.event.id, path=at.hero.path, cover=cover).json()
        assert (second["a"]["title"], second["b"]["title"]) == (TITLE, TITLE)
        assert {bare(headline(page(at, reader))) for reader in range(16)} == {bare(TITLE)}
        api.post(f"/api/v1/experiments/{second['id']}/stop", json={"keep": "b"})
        back = begin(at.server, at.event.id, path=at.hero.path, title=at.title)
        assert back.status_code == 201 and back.json()["a"]["title"] == TITLE
    answer = next(one for one in (page(at, reader) for reader in range(40)) if bare(headline(one)) == bare(at.title))
    assert ids(at)[cover] in re.findall(r'poster="([^"]+)"', answer.text)[0]


def test_a_release_with_another_title_is_shown_as_it_is(at: Any) -> None:
    """What was kept replaced the title it was compared with, and no other; an experiment with a title that is gone ends."""
    place = at.server.place
    with at.server.client("publisher") as api:
        first = begin(at.server, at.event.id, path=at.hero.path, title=TITLE).json()["id"]
        api.post(f"/api/v1/experiments/{first}/stop", json={"keep": "b"})
    begin(at.server, at.event.id, path=at.hero.path, title="Third")
    assert settle(place, experiments.running(place.engine)[0].created, lambda row: still(place, row)) == 0
    row = releases.load(place.engine, at.event.id, at.event.release or 0)
    assert row is not None
    content = place.store.get(row.digest, Release)
    event = content.package.event.model_copy(update={"title": "改正后的标题"})
    changed = content.model_copy(update={"package": content.package.model_copy(update={"event": event})})
    shown = release.enter(place, at.event, changed, "test")
    release.point(place, at.event.id, shown.number, "test")
    assert {bare(headline(page(at, reader))) for reader in range(16)} == {"改正后的标题"}
    assert settle(place, row.created, lambda row: still(place, row)) == 1
    assert [one.why for one in experiments.listed(place.engine, at.event.id)] == ["gone", "stopped"]


def test_who_has_a_title_of_their_channel_has_no_say_in_that_of_all(at: Any) -> None:
    with at.server.client("publisher") as api:
        first = begin(at.server, at.event.id, path=at.hero.path, channel="wechat", title=TITLE).json()["id"]
        api.post(f"/api/v1/experiments/{first}/stop", json={"keep": "b"})
    row = begin(at.server, at.event.id, path=at.hero.path, title="All").json()["id"]
    code = links.make(at.server.place.engine, "event", by="x", event_id=at.event.id, channel="wechat").code
    by_link = f"/e/{at.event.slug}?l={code}"
    assert all(bare(headline(page(at, reader, by_link))) == bare(TITLE) for reader in range(16))
    told(at, page(at, 1, by_link), 1, 4000, at.hero.path)
    found = experiments.find(at.server.place.engine, row)
    assert found is not None and experiments.seen(at.server.place.engine, found) == []
    assert {bare(headline(page(at, reader))) for reader in range(24)} == {bare(at.title), "All"}


def test_a_cut_is_compared_in_its_frame_too(at: Any) -> None:
    film = next(one for one in at.films if one.path != at.hero.path)
    begin(at.server, at.event.id, path=film.path, title=TITLE)
    titles = {
        re.findall(r"<title>(.*?)</title>", page(at, reader, f"/embed/{ids(at)[film.path]}").text)[0]
        for reader in range(24)
    }
    assert len(titles) == 2 and TITLE in {html.unescape(one) for one in titles}
    assert bare(headline(page(at, 1))) == bare(at.title)  # the page's own title is the replay's


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ({"path": "cuts/none.mp4", "title": "x"}, "refused"),
        ({"path": "HERO"}, "compare-same"),
        ({"path": "HERO", "title": "SAME"}, "compare-same"),
        ({"path": "HERO", "cover": "transcript.vtt"}, "refused"),
        ({"path": "HERO", "title": "x", "alpha": 0.5}, "invalid"),
        ({"path": "CUT", "title": "x", "channel": "embed"}, "compare-same"),
    ],
)
def test_what_cannot_be_compared_is_said(at: Any, wish: dict[str, Any], kind: str) -> None:
    real = {"HERO": at.hero.path, "SAME": at.title, "CUT": at.films[-1].path}
    answer = begin(at.server, at.event.id, **{key: real.get(str(one), one) for key, one in wish.items()})
    assert answer.status_code == 422 and answer.json()["type"].endswith(kind)


def test_one_at_a_time_and_not_too_many(at: Any) -> None:
    assert begin(at.server, at.event.id, path=at.hero.path, title=TITLE).status_code == 201
    again = begin(at.server, at.event.id, path=at.hero.path, title="Third")
    assert again.status_code == 409 and again.json()["type"].endswith("compare-running")
    for channel in ("a", "b", "c"):
        assert begin(at.server, at.event.id, path=at.hero.path, title=TITLE, channel=channel).status_code == 201
    many = begin(at.server, at.event.id, path=at.hero.path, title=TITLE, channel="d")
    assert many.status_code == 409 and many.json()["type"].endswith("compare-many")
    draft = events.create(at.server.place.engine, slug="draft", title="x")
    assert begin(at.server, draft.id, path=at.hero.path, title=TITLE).status_code == 422
    with at.server.client("viewer") as api:
        first = api.get(f"/api/v1/events/{at.event.id}/experiments", params={"limit": 3}).json()
        rest = api.get(f"/api/v1/events/{at.event.id}/experiments", params={"after": first["next"]}).json()
        assert api.post(f"/api/v1/experiments/{first['items'][0]['id']}/stop", json={"keep": "a"}).status_code == 403
    assert len(first["items"]) == 3 and len(rest["items"]) == 1 and rest["next"] is None
