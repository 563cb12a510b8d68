"""The API: everything it tells and changes, who may, and what it says when not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from repurpose.db import access, people
from tests.web.served import published, served


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server with a published event in two releases, a draft, and a folder it may take files from."""
    folder = tmp_path_factory.mktemp("api")
    (folder / "in").mkdir()
    (folder / "in" / "talk.mp4").write_bytes(b"no film, but it is only handed in")
    (folder / "outside.mp4").write_bytes(b"not for everyone")
    (folder / "in" / "link.mp4").symlink_to(folder / "outside.mp4")
    with served(folder / "home", ingest=(folder / "in",), link_hosts=("www.example.com",)) as server:
        event = published(server.place)
        published(server.place, film="another")
        with server.client("admin") as admin:
            draft = admin.post("/api/v1/events", json={"title": "Draft"}).json()
            yield SimpleNamespace(server=server, event=event.id, draft=draft, admin=admin, folder=folder)


def test_an_event_is_made_read_and_changed(at: Any) -> None:
    wish = {
        "title": "库存怎样降下来", "language": "zh", "date": "2026-11-05",
        "about": {"speakers": [{"name": "林晓", "role": "host"}], "terms": ["MES"]},
        "site": {"summary": "库存。", "embed": ["https://www.example.com"], "topics": ["供应链"]},
    }  # fmt: skip
    made = at.admin.post("/api/v1/events", json=wish)
    assert made.status_code == 201
    event, tag = made.json(), made.headers["etag"]
    assert made.headers["location"] == f"/api/v1/events/{event['id']}"
    assert (event["state"], event["slug"]) == ("draft", "ku-cun-zen-yang-jiang-xia-lai")
    assert event["about"]["speakers"][0]["name"] == "林晓"
    path = f"/api/v1/events/{event['id']}"
    assert at.admin.get(path).json() == event
    assert at.admin.get(path, headers={"if-none-match": tag}).status_code == 304
    changed = at.admin.patch(path, json={"title": "New", "site": {"listed": False}}, headers={"if-match": tag})
    assert (changed.json()["title"], changed.json()["site"]["listed"]) == ("New", False)
    assert changed.json()["about"]["terms"] == ["MES"]
    stale = at.admin.patch(path, json={"title": "Late"}, headers={"if-match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/changed")
    taken = at.admin.patch(path, json={"slug": "ku-cun"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/conflict")


def test_lists_come_in_pages_without_gap_or_double(at: Any) -> None:
    for number in range(5):
        at.admin.post("/api/v1/events", json={"title": f"Page {number}"})
    whole = [one["id"] for one in at.admin.get("/api/v1/events?limit=200").json()["items"]]
    paged: list[str] = []
    after: str | None = ""
    while after is not None:
        page = at.admin.get("/api/v1/events?limit=2" + (f"&after={after}" if after else "")).json()
        paged += [one["id"] for one in page["items"]]
        after = page["next"]
    assert paged == whole
    assert len(set(whole)) == len(whole) >= 7


def test_choices_are_kept_with_their_version(at: Any) -> None:
    path = f"/api/v1/events/{at.draft['id']}/choices"
    put = at.admin.put(path, json={"keep": [{"start": 0, "end": 5000}]})
    assert put.status_code == 200
    read = at.admin.get(path)
    assert (read.json(), read.headers["etag"]) == (put.json(), put.headers["etag"])
    assert at.admin.put(path, json={"keep": [{"start": 5, "end": 5}]}).status_code == 422
    assert at.admin.put(path, json={}, headers={"if-match": '"1"'}).status_code == 412


def test_a_run_takes_along_what_is_to_be_kept(at: Any) -> None:
    path = f"/api/v1/events/{at.admin.post('/api/v1/events', json={'title': 'Kept'}).json()['id']}"
    at.admin.post(f"{path}/recordings", json={"path": str(at.folder / "in" / "talk.mp4")})
    first, more, gone = {"start": 0, "end": 5000}, {"start": 8000, "end": 10_000}, {"start": 9000, "end": 12_000}
    at.admin.put(f"{path}/choices", json={"keep": [first], "drop": [gone]})
    assert at.admin.post(f"{path}/runs", json={"keep": [{"start": 5, "end": 5}]}).status_code == 422
    begun = at.admin.post(f"{path}/runs", json={"cuts": ["1min"], "keep": [more]})
    assert begun.status_code == 202
    assert at.admin.get(f"{path}/choices").json() == {"keep": [first, more], "drop": []}
    assert at.admin.post(f"/api/v1/runs/{begun.json()['id']}/cancel").status_code in (202, 409)


def test_a_file_is_taken_only_from_where_it_may_be(at: Any) -> None:
    path = f"/api/v1/events/{at.draft['id']}/recordings"
    good = at.admin.post(path, json={"path": str(at.folder / "in" / "talk.mp4")})
    assert (good.status_code, good.json()["name"]) == (201, "talk.mp4")
    assert at.admin.post(path, json={"path": str(at.folder / "in" / "talk.mp4")}).json() == good.json()
    inside = at.folder / "in"
    for bad in (
        at.folder / "outside.mp4", inside / ".." / "outside.mp4", inside / "link.mp4", inside, inside / "none.mp4",
        "talk.mp4", "in/talk.mp4", "/etc/passwd", f"{inside}/../outside.mp4", f"{inside}2/talk.mp4", "/proc/self/environ",
    ):  # fmt: skip
        answer = at.admin.post(path, json={"path": str(bad)})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/refused"), bad
    assert len(at.admin.get(path).json()["items"]) == 1


@pytest.mark.slow
def test_what_is_shown_is_switched_and_taken_back(at: Any) -> None:
    path = f"/api/v1/events/{at.event}"
    kept = at.admin.get(f"{path}/publications").json()
    assert [(one["number"], one["shown"]) for one in kept["items"]] == [(2, True), (1, False)]
    assert at.admin.post(f"{path}/rollback", json={}).json()["release"] == 1
    assert at.admin.post(f"{path}/rollback", json={}).status_code == 422
    assert at.admin.post(f"{path}/publications/2/show").json()["release"] == 2
    assert at.admin.post(f"{path}/publications/9/show").status_code == 404
    films = [one for one in at.admin.get(f"{path}/assets").json()["items"] if one["kind"] == "video"]
    url = films[0]["url"]
    assert httpx.get(url).content == b"another"
    assert at.admin.get(films[0]["content"]).content == b"another"
    assert len(at.admin.get("/api/v1/feed").json()["items"]) == 1
    assert at.admin.post(f"{path}/withdraw").json()["state"] == "withdrawn"
    assert httpx.get(url).status_code == 410
    assert at.admin.get(f"/api/v1/assets/{films[0]['id']}").json()["url"] is None
    assert at.admin.get("/api/v1/feed").json()["items"] == []
    assert at.admin.get("/api/v1/search", params={"q": "周转天数"}).json()["items"] == []
    assert at.admin.post(f"{path}/publications/2/show").json()["state"] == "published"
    assert httpx.get(url).status_code == 200
    found = at.admin.get("/api/v1/search", params={"q": "周转天数"}).json()["items"]
    assert found[0]["hits"][0]["url"].endswith("/e/ku-cun?t=12")
    refused = at.admin.post(f"/api/v1/events/{at.draft['id']}/publications", json={})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/refused")


def test_a_card_shows_what_was_chosen(at: Any) -> None:
    wish = {"name": "林晓", "slug": "lin-xiao", "phone": "+86 10 1234", "email": "lin@example.com"}
    person = at.admin.post("/api/v1/people", json=wish).json()
    chosen = at.admin.put(f"/api/v1/people/{person['id']}/content", json={"events": [at.event, at.draft["id"]]})
    assert chosen.json()["content"] == [at.event, at.draft["id"]]
    card = at.admin.get("/api/v1/cards/lin-xiao")
    assert [one["event"] for one in card.json()["items"]] == [at.event]  # a draft is nobody's to see
    again = at.admin.get("/api/v1/cards/lin-xiao", headers={"if-none-match": card.headers["etag"]})
    assert again.status_code == 304
    at.admin.patch(f"/api/v1/people/{person['id']}", json={"state": "left"})
    assert at.admin.get("/api/v1/cards/lin-xiao").status_code == 410
    assert at.admin.post("/api/v1/people", json=wish).status_code == 409
    assert people.by_slug(at.server.place.engine, "lin-xiao") is not None


def test_a_link_leads_only_where_it_may(at: Any) -> None:
    made = at.admin.post(
        "/api/v1/links", json={"kind": "event", "event": at.event, "channel": "wechat", "start": 12000}
    )
    assert made.status_code == 201
    assert re.fullmatch("[0-9A-Za-z]{12}", made.json()["code"])
    same = at.admin.post(
        "/api/v1/links", json={"kind": "event", "event": at.event, "channel": "wechat", "start": 12000}
    )
    assert same.json()["code"] == made.json()["code"]
    good = at.admin.post("/api/v1/links", json={"kind": "url", "url": "https://www.example.com/a?b=c"})
    assert good.status_code == 201
    for bad in (
        {"kind": "url", "url": "https://evil.example"}, {"kind": "url", "url": "javascript:alert(1)"}, {"kind": "url"},
        {"kind": "url", "url": "https://www.example.com@evil.example"}, {"kind": "event"}, {"kind": "asset"},
        {"kind": "event", "event": "ev_" + "a" * 20}, {"kind": "event", "event": at.event, "url": "https://evil.example"},
    ):  # fmt: skip
        assert at.admin.post("/api/v1/links", json=bad).status_code == 422, bad
    gone = at.admin.delete(f"/api/v1/links/{made.json()['code']}")
    assert gone.json()["revoked"]


@pytest.mark.slow
def test_keys_that_are_not_ours_open_nothing(at: Any) -> None:
    good = at.server.keys["admin"]
    key_id, secret = good.removeprefix("rp_live_").split(".")
    other = at.server.keys["viewer"].removeprefix("rp_live_").split(".")
    bad = (
        "x", "rp_live_", f"rp_live_{key_id}", f"rp_live_{key_id}.", f"rp_live_{key_id}.{secret[:-1]}",
        f"rp_live_{key_id}.{secret}x", f"rp_live_{key_id}.{other[1]}", f"rp_live_{other[0]}.{secret}", good[8:],
        good.upper(), f" {good}x", f"rp_live_{key_id}.%00", f"rp_test_{key_id}.{secret}",
    )  # fmt: skip
    for one in bad:
        answer = httpx.get(f"{at.server.base}/api/v1/me", headers={"authorization": f"Bearer {one}"})
        assert answer.status_code == 401, one
        assert answer.headers["www-authenticate"] == "Bearer"
    ended = access.add_key(at.server.place.engine, "ke_ended", "old", "0" * 64, {"read"}, "test", 1)
    assert ended.expires == 1


def test_problems_are_told_in_the_readers_language(at: Any) -> None:
    path = f"/api/v1/events/ev_{'a' * 20}"
    english = at.admin.get(path)
    assert english.headers["content-type"] == "application/problem+json"
    assert english.json() | {"request": ""} == {
        "type": "/problems/not-found", "title": "Not found", "status": 404, "detail": "There is no event here.",
        "request": "", "errors": [],
    }  # fmt: skip
    assert english.json()["request"] == english.headers["x-request-id"]
    chinese = at.admin.get(path, headers={"accept-language": "fr, zh-CN;q=0.8, en;q=0.5"})
    assert "没有" in chinese.json()["detail"]
    invalid = at.admin.post("/api/v1/events", json={"titel": "x"})
    assert {one["field"] for one in invalid.json()["errors"]} == {"body.title", "body.titel"}
    assert at.admin.get("/api/v1/none").json()["status"] == 404
    assert at.admin.put("/api/v1/events").json()["status"] == 405


@pytest.mark.slow
def test_strange_bodies_are_refused_and_break_nothing(at: Any) -> None:
    path, json_type = "/api/v1/events", {"content-type": "application/json"}
    bodies = (
        b"", b"{", b"[" * 50_000, b'{"title": NaN}', b'{"title": "\\ud800"}', b'{"title": "\\u0000"}', b"\xff\xfe",
        b'{"title": 1e999}', b'{"date": "0000-00-00", "title": "x"}', b'{"title": "' + b"a" * 1_000 + b'"}',
        b'{"title": "x", "about": {"agenda": [{"title": "x", "at": 1' + b"0" * 400 + b"}]}}",
        b'{"title": "x", "site": {"embed": ["https://a.example; script-src *"]}}', b"null", b'"x"', b"0",
        b'{"title": "x", "site": {"form": [{"key": "__proto__"}]}}',
    )  # fmt: skip
    for body in bodies:
        answer = at.admin.post(path, content=body, headers=json_type)
        assert answer.status_code in (400, 422), (body[:60], answer.status_code)
    large = at.admin.post(path, content=b" " * (2 << 20), headers=json_type)
    assert (large.status_code, large.json()["type"]) == (413, "/problems/too-large")
    streamed = at.admin.post(path, content=iter([b" " * 65536] * 32), headers=json_type)
    assert (streamed.status_code, streamed.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.slow
def test_what_every_answer_carries(at: Any) -> None:
    for path in ("/api/v1/me", "/login", "/api/v1/openapi.json", "/nowhere"):
        headers = at.admin.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]
        assert "server" not in headers
