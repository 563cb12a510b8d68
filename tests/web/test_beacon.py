"""The door of the beacon: what each batch is answered, whom it is taken for, and what no body can do to it."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from repurpose.db import assets, links, people, views
from repurpose.db.session import reading
from repurpose.db.tables import view_consents, view_sessions
from repurpose.track.fold import RECEIVED
from repurpose.track.token import ViewToken
from repurpose.track.writer import Writer
from repurpose.web.beacon import Beacon, told
from repurpose.web.limits import Rule
from repurpose.web.viewing import VISITOR, view_token
from tests.track.made import AGENT, psid_of, seg, wire
from tests.web.load import in_own_loop
from tests.web.served import Served, published, served

PATH = "/t/v1/batch"
EVENTS = [seg(1, 0, 4000, 1000), seg(2, 4000, 5900, 5000)]


def opened(server: Served) -> Any:
    event = published(server.place)
    film = next(
        one for one in assets.of_release(server.place.engine, event.id, event.release or 0) if one.kind == "video"
    )
    made = int(time.time()) - 600

    def token(**more: Any) -> str:
        return view_token(server.place.settings, ViewToken(**{"event": event.id, "release": 1, "made": made, **more}))

    return SimpleNamespace(
        server=server, engine=server.place.engine, event=event, film=film, token=token, chance=random.Random(1)
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("home"), view_rate=1_000_000) as server:
        yield opened(server)


def body(site: Any, **more: Any) -> dict[str, Any]:
    return wire(EVENTS, site.token(), site.film.id, psid_of(site.chance)) | more


def post(site: Any, given: Any, **headers: str) -> httpx.Response:
    data = given if isinstance(given, bytes) else json.dumps(given).encode()
    return httpx.post(
        site.server.base + PATH, content=data, headers={"user-agent": AGENT, "content-type": "text/plain"} | headers
    )


def session(site: Any, psid: str) -> Any:
    with reading(site.engine) as connection:
        return connection.execute(select(view_sessions).where(view_sessions.c.psid == psid)).one_or_none()


def counts(site: Any) -> dict[str, int]:
    """The fates, when all that came is counted."""
    before = None
    while True:
        found = views.fates(site.engine)
        if found == before and sum(n for fate, n in found.items() if fate != RECEIVED) == found.get(RECEIVED, 0):
            return found
        before = found
        time.sleep(1.2)  # counts without a batch are written within a second


def test_a_batch_is_on_the_disk_when_it_is_answered(site: Any) -> None:
    given = body(site)
    answer = post(site, given)
    assert answer.status_code == 204 and answer.content == b"" and answer.headers["access-control-allow-origin"] == "*"
    row = session(site, given["psid"])
    assert (row.event_id, row.asset_id, row.watch_ms, row.seconds, row.kind, row.channel) == (
        site.event.id,
        site.film.id,
        5900,
        6,
        "viewer",
        "site",
    )
    assert row.visitor.startswith("d") and "set-cookie" not in answer.headers


def test_what_is_answered(site: Any) -> None:
    assert post(site, b"{").status_code == 400
    assert post(site, b"x" * (49 << 10)).status_code == 413
    assert post(site, body(site, ctx="forged")).status_code == 403
    assert post(site, body(site, ctx=site.token()[:-1] + "A")).status_code in (403, 204)
    assert (
        post(
            site, body(site, ctx=view_token(site.server.place.settings, ViewToken(site.event.id, 1, 1000)))
        ).status_code
        == 403
    )
    assert post(site, body(site, ctx=site.token(event="ev_" + "z" * 20))).status_code == 403
    assert post(site, body(site, ctx=site.token(asset="as_" + "z" * 20))).status_code == 403
    asked = httpx.options(site.server.base + PATH)
    assert asked.status_code == 204 and asked.headers["access-control-allow-methods"] == "POST"
    assert httpx.get(site.server.base + PATH).status_code == 405


@pytest.mark.slow
def test_every_event_has_one_fate(site: Any) -> None:
    before = counts(site)
    good = body(site)
    post(site, good), post(site, good)
    post(site, body(site), **{"user-agent": "curl/8"})
    post(site, body(site, ctx="forged"))
    post(site, b"nothing")
    post(site, body(site, vid="v" * 22))
    fast = body(site)
    fast["sent_dt"] = 10_000_000
    post(site, fast)
    headers, _ = site.server.session("editor")
    post(site, body(site), cookie=headers["cookie"])
    after = counts(site)
    new = {fate: count - before.get(fate, 0) for fate, count in after.items() if count != before.get(fate, 0)}
    assert new == {
        "accepted": 2, "duplicate": 2, "bot": 2, "expired_token": 2, "malformed": 1, "no_consent": 2, "implausible": 2, "staff": 2,
        RECEIVED: 15,
    }  # fmt: skip


def test_whose_link_led_here(site: Any) -> None:
    person = people.create(site.engine, slug="lin", name="林晓")
    row = links.make(site.engine, "event", by="test", event_id=site.event.id, person_id=person.id, channel="视频号")
    given = body(site, l=row.code)
    assert post(site, given).status_code == 204
    found = session(site, given["psid"])
    assert (found.link, found.channel, found.person_id) == (row.code, "视频号", person.id)
    links.revoke(site.engine, row.code)
    given = body(site, l="0" * 12)
    post(site, given)
    assert session(site, given["psid"]).link == ""


def test_who_agreed_is_known_again_and_nobody_else(site: Any) -> None:
    with httpx.Client(base_url=site.server.base, headers={"user-agent": AGENT}, timeout=60) as browser:
        first = body(site)
        browser.post(PATH, content=json.dumps(first))
        assert not browser.cookies
        assert browser.post("/t/v1/consent", data={"choice": "maybe"}).status_code == 400
        assert browser.post("/t/v1/consent", data={"choice": "yes", "locale": "zh-CN"}).status_code == 204
        visitor = browser.cookies[VISITOR]
        second, third = body(site), body(site)
        browser.post(PATH, content=json.dumps(second))
        browser.post(PATH, content=json.dumps(third), headers={"sec-gpc": "1"})
        assert (
            browser.post("/t/v1/consent", data={"choice": "no"}).status_code == 204 and VISITOR not in browser.cookies
        )
        fourth = body(site)
        browser.post(PATH, content=json.dumps(fourth))
        whose = [session(site, one["psid"]).visitor for one in (first, second, third, fourth)]
        assert whose[1] == f"v{visitor}" and {whose[0][0], whose[2][0], whose[3][0]} == {"d"} and whose[0] == whose[3]
        assert (
            browser.post("/t/v1/consent", data={"choice": "yes"}, headers={"sec-gpc": "1"}).status_code == 204
            and not browser.cookies
        )
        assert (
            browser.post("/t/v1/consent", data={"choice": "yes"}, headers={"sec-fetch-site": "cross-site"}).status_code
            == 403
        )
    with reading(site.engine) as connection:
        rows = connection.execute(
            select(view_consents.c.choice, view_consents.c.locale).order_by(view_consents.c.id)
        ).all()
    assert rows == [("given", "zh-CN"), ("withdrawn", "zh-CN")]


def test_a_player_elsewhere(site: Any) -> None:
    with site.server.client("publisher") as client:
        made = client.post(f"/api/v1/assets/{site.film.id}/view-tokens", json={"channel": "partner", "hint": "crm-17"})
    assert made.status_code == 201
    token = made.json()
    given = body(site, ctx=token["token"], vid="V" * 22, cn=1)
    del given["as"]
    given["sent_dt"], given["ev"] = 1000, [{"n": 0, "k": "load", "dt": 0}]
    assert (
        httpx.post(token["post"], content=json.dumps(given), headers={"user-agent": AGENT}, timeout=60).status_code
        == 204
    )
    row = session(site, given["psid"])
    assert (row.visitor, row.hint, row.channel) == ("o" + "V" * 22, "crm-17", "partner")
    script = httpx.get(token["script"])
    assert script.status_code == 200 and script.headers["cross-origin-resource-policy"] == "cross-origin"


def test_heat_by_the_api(site: Any) -> None:
    with site.server.client("viewer") as client:
        answer = client.get(f"/api/v1/events/{site.event.id}/heat")
        assert answer.status_code == 200
        told = answer.json()
        assert told["duration_ms"] == 30_000 and len(told["plays"]) == 30 and sum(told["plays"]) > 0
        assert told["hot"][0]["text"] and told["assets"][0]["asset"] == site.film.id
        own = client.get(f"/api/v1/assets/{site.film.id}/heat").json()
        assert len(own["plays"]) == 6 and max(own["plays"]) > 0
        assert client.get("/api/v1/assets/as_" + "z" * 20 + "/heat").status_code == 404
        assert (
            client.get(f"/api/v1/events/{site.event.id}/heat/visitor", params={"visitor": "d" + "0" * 22}).status_code
            == 403
        )


def test_who_waits_when_the_server_ends_is_told_to_come_again(site: Any) -> None:
    """A server that ends cancels what it still answers: that is an answer too, and nothing is raised that it would log."""

    async def ended() -> list[Any]:
        reached, sent = asyncio.Event(), list[Any]()

        class Slow(Writer):  # never entered: nothing it takes comes to the disk
            def put(self, arrival: Any, who: Any) -> bool:
                reached.set()
                return super().put(arrival, who)

        async def receive() -> Any:
            return {"type": "http.request", "body": json.dumps(body(site)).encode()}

        async def send(message: Any) -> None:
            sent.append(message)

        state = site.server.app.state
        beacon = Beacon(
            site.server.app, state.door, Slow(site.engine, told), state.limits, Rule("ending", 1_000_000, 60)
        )
        headers = [(b"user-agent", AGENT.encode())]
        scope = {"type": "http", "path": PATH, "method": "POST", "headers": headers, "client": ("127.0.0.1", 1)}
        answering = asyncio.create_task(beacon(scope, receive, send))
        await reached.wait()
        answering.cancel()
        await answering
        return sent

    start, end = in_own_loop(ended())
    assert start["status"] == 503 and (b"retry-after", b"5") in start["headers"] and end["body"] == b""


@pytest.mark.slow
def test_the_same_address_may_only_ask_so_often(tmp_path: Path) -> None:
    with served(tmp_path, view_rate=5) as server:
        site = opened(server)
        codes = [post(site, body(site)).status_code for _ in range(8)]
        assert codes[:3] == [204] * 3 and codes[-1] == 429
        answer = post(site, body(site))
        assert int(answer.headers["retry-after"]) > 0


def mutations(site: Any, count: int, seed: int) -> Iterator[bytes]:
    """Bodies that were a batch once."""
    chance = random.Random(seed)
    base = json.dumps(body(site)).encode()
    odd = [
        b"NaN",
        b"Infinity",
        b"-1",
        b"1e999",
        b'"\\ud800"',
        b"null",
        b"[" * 500,
        b'{"a":' * 400,
        b"9" * 400,
        b"true",
        b'""',
        b"\x00",
        b"\xff\xfe",
    ]
    for _ in range(count):
        data = bytearray(base)
        for _ in range(chance.randrange(1, 6)):
            at, kind = chance.randrange(len(data)), chance.randrange(5)
            if kind == 0:
                data[at] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del data[at : at + chance.randrange(1, 40)]
            elif kind == 2:
                data[at:at] = chance.choice(odd)
            elif kind == 3:
                data[at:at] = data[at : at + chance.randrange(200)] * chance.randrange(1, 30)
            else:
                data = data[: at + 1]
            data = data or bytearray(b"x")
        yield bytes(data)


def fuzzed(site: Any, count: int, seed: int = 1) -> dict[int, int]:
    found: dict[int, int] = {}
    with httpx.Client(base_url=site.server.base, headers={"user-agent": AGENT}, timeout=60) as client:
        for data in mutations(site, count, seed):
            status = client.post(PATH, content=data).status_code
            found[status] = found.get(status, 0) + 1
    return found


@pytest.mark.slow
def test_no_body_breaks_it(site: Any) -> None:
    found = fuzzed(site, 150)
    assert set(found) <= {204, 400, 403, 413} and found[400] > 20
    counted = counts(site)
    assert sum(count for fate, count in counted.items() if fate != RECEIVED) == counted[RECEIVED]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    given = parser.parse_args()
    with TemporaryDirectory() as folder, served(Path(folder), view_rate=10**9) as server:
        found = fuzzed(opened(server), given.count)
    print(f"{given.count} bodies: {dict(sorted(found.items()))}")
    sys.exit(any(status >= 500 for status in found))
