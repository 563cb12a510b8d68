"""The console: who is let in and where they come back to, what its forms do and do once, what each role is shown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from repurpose import presets
from repurpose.db import events, orders, recordings
from repurpose.db.events import EventRow
from repurpose.models import Choices, Event
from tests.leads.audience import audience, known, watch
from tests.web.served import ROLES, Served, served

HTML = {"accept": "text/html", "accept-language": "zh"}
HOT, WHOLE = [(0, 30), (12, 22), (12, 22)], [(0, 30)]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A published event that eight watched, half of them its middle again; one of them left a name."""
    with served(tmp_path_factory.mktemp("console") / "home") as server:
        made = audience(server.place)
        for number in range(8):
            watch(made, number, made.replay, WHOLE if number % 2 else HOT, when=made.event.published)
        made.server = server
        made.lead = known(
            made, 0, source="form", when=made.event.published + 1, name="周岚", title="CMO", company="远山"
        )
        about = Event(name="ku-cun", title="库存怎样降下来")
        orders.put_wish(server.place.engine, made.event.id, about=about, choices=Choices())
        file = server.place.store.put_bytes(b"no film", ".mp4")
        recordings.add(server.place.engine, made.event.id, "recording", "replay.mp4", file, "test")
        yield made


def reader(server: Served, role: str, **more: str) -> httpx.Client:
    """A browser that is signed in as this role."""
    cookie, _ = server.session(role)  # type: ignore[arg-type]
    return httpx.Client(base_url=server.base, headers=HTML | cookie | more, timeout=60)


def fields(page: str, action: str, number: int = 0) -> dict[str, str]:
    """The hidden fields of the form on a page that is sent there."""
    form = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)[number]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_who_is_not_signed_in_is_asked_to_and_comes_back(at: Any) -> None:
    with at.server.client(headers=HTML) as client:
        answer = client.get("/console/leads?stage=hot")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/console/leads%3Fstage%3Dhot")
        assert 'value="/console/leads?stage=hot"' in client.get(answer.headers["location"]).text
        sent = client.post("/console/e/ku-cun/publish", data={"csrf": "x"})
        assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/console/e/ku-cun")


def test_every_text_is_there_in_both_languages() -> None:
    def keys(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, frozenset[str]]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from keys(value, f"{before}{name}.")
            else:
                yield f"{before}{name}", frozenset(re.findall(r"\{(\w+)\}", value))

    folder = presets.assets() / "locales" / "console"
    zh, en = (dict(keys(tomllib.loads((folder / f"{name}.toml").read_text("utf-8")))) for name in ("zh_CN", "en"))
    assert zh == en


@pytest.mark.slow
def test_the_cut_that_viewers_ask_for_is_ordered_once(at: Any) -> None:
    engine = at.server.place.engine
    with reader(at.server, "editor") as client:
        page = client.get("/console/e/ku-cun").text
        assert "观众反复观看 0:12–0:22" in page and "做成 15 秒" in page
        sent = fields(page, "/console/e/ku-cun/run")
        foreign = client.post("/console/e/ku-cun/run", data=sent, headers={"origin": "https://evil.example"})
        assert client.post("/console/e/ku-cun/run", data=sent | {"csrf": "x"}).status_code == 403
        assert foreign.status_code == 403
        stale = client.post("/console/e/ku-cun/run", data=sent | {"start": "1", "once": "a1"})
        assert stale.status_code == 409 and "这条建议已不在" in stale.text
        assert orders.listed(engine) == []
        answers = [client.post("/console/e/ku-cun/run", data=sent) for _ in range(3)]
        assert {one.headers["location"] for one in answers} == {"/console/e/ku-cun?done=run"}
        assert [one.status_code for one in answers] == [303] * 3
    (order,) = orders.listed(engine)
    assert (order.event_id, order.cuts) == (at.event.id, ())
    wished = orders.wish(engine, at.event.id)
    assert wished is not None
    assert [(one.start, one.end) for one in wished.choices.keep] == [(int(sent["start"]), int(sent["end"]))]


@pytest.mark.slow
def test_a_run_that_failed_says_why_and_may_be_tried_again(at: Any) -> None:
    engine = at.server.place.engine
    event = event_of(at.server, "fails")
    with reader(at.server, "editor", **{"accept-language": "en"}) as client:
        again = fields(client.get("/console/e/fails").text, "/console/e/fails/run")
        assert client.post("/console/e/fails/run", data=again).status_code == 303
        with at.server.client("editor") as api:
            (order,) = orders.listed(engine, event_id=event.id)
            told = api.get(f"/api/v1/runs/{order.id}/progress").text  # until it has ended
        assert '"failed"' in told
        page = client.get("/console/e/fails").text
        assert "The last run failed" in page and "fails.mp4" in page and "Make it again" in page
        assert "The event has" not in client.get("/console").text


def event_of(server: Served, slug: str) -> EventRow:
    """A draft with a recording that is none."""
    row = events.create(server.place.engine, slug=slug, title=slug)
    orders.put_wish(server.place.engine, row.id, about=Event(name=slug), choices=Choices())
    file = server.place.store.put_bytes(slug.encode(), ".mp4")
    recordings.add(server.place.engine, row.id, "recording", f"{slug}.mp4", file, "test")
    return row


@pytest.mark.slow
def test_withdrawn_shown_again_and_rolled_back(at: Any) -> None:
    engine = at.server.place.engine
    with reader(at.server, "publisher") as client:
        page = client.get("/console/e/ku-cun").text
        gone = client.post("/console/e/ku-cun/withdraw", data=fields(page, "/console/e/ku-cun/withdraw"))
        assert gone.status_code == 303 and client.get("/e/ku-cun").status_code == 410
        page = client.get(gone.headers["location"]).text
        assert "已撤回，页面与成片链接都已关闭" in page
        shown = client.post("/console/e/ku-cun/show", data=fields(page, "/console/e/ku-cun/show"))
        assert shown.headers["location"] == "/console/e/ku-cun?done=shown"
        row = events.find(engine, at.event.id)
        assert row is not None and (row.state, row.release) == ("published", 1)
        sent = fields(page, "/console/e/ku-cun/show")
        none = client.post("/console/e/ku-cun/show", data=sent | {"release": "9", "once": "b9"})
        assert none.status_code == 409 and "不在保留的 10 版之内" in none.text
        nothing = client.post("/console/e/ku-cun/publish", data=sent | {"once": "b8"})
        assert nothing.status_code == 409 and "还没有做出可以发布的内容" in nothing.text


@pytest.mark.slow
def test_each_role_is_shown_what_it_may(at: Any) -> None:
    may = {"viewer": set(), "sales": {"leads"}, "editor": {"run"}, "publisher": {"run", "withdraw"}}
    may["admin"] = {"leads", "run", "withdraw"}
    event_of(at.server, "roles")
    for role in ROLES:
        with reader(at.server, role) as client:
            page, draft = client.get("/console/e/ku-cun").text, client.get("/console/e/roles").text
            shown = {name for name, sign in (("leads", 'id="funnel"'), ("withdraw", "/withdraw")) if sign in page} | (
                {"run"} if "/console/e/roles/run" in draft else set()
            )
            assert shown == may[role], role
            assert ("热线索" in client.get("/console").text) == ("leads" in may[role])
            leads = client.get("/console/leads")
            assert leads.status_code == (200 if "leads" in may[role] else 403)
            assert ("周岚" in leads.text) == ("leads" in may[role])
            assert "<script>" not in page and 'style="' not in page


@pytest.mark.slow
def test_a_lead_tells_why_with_the_very_seconds(at: Any) -> None:
    with reader(at.server, "sales") as client:
        cards = client.get("/console/leads?event=ku-cun").text
        assert f"/console/leads/{at.lead}" in cards and "CMO" in cards
        page = client.get(f"/console/leads/{at.lead}").text
        assert "周岚" in page and "p0@example.com" in page and "留下了联系方式" in page
        seen = re.findall(r'href="(/e/ku-cun\?t=\d+#player)">([^<]+)</a>', page)
        assert ("/e/ku-cun?t=0#player", "0:00–0:30") in seen
        assert client.get("/console/leads/le_" + "a" * 20).status_code == 404
        assert client.get("/console/leads/nobody").status_code == 422


@pytest.mark.slow
def test_a_file_of_a_draft_is_for_who_is_signed_in(at: Any) -> None:
    with reader(at.server, "viewer") as client, at.server.client() as nobody:
        page = client.get("/console/e/ku-cun").text
        film = next(one for one in re.findall(r'href="(/console/made/[^"]+)"', page) if one.endswith(".mp4"))
        part = client.get(film, headers={"range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"0123")
        assert nobody.get(film).status_code == 401
        assert client.get(film.replace("15s-1", "..%2f..%2fsecret")).status_code == 404
        assert client.get(re.sub("[0-9a-f]{64}", "0" * 64, film)).status_code == 404


def test_nothing_here_yet_says_what_to_do(tmp_path: Path) -> None:
    with served(tmp_path / "home") as server, reader(server, "admin") as client:
        page = client.get("/console").text
        assert "还没有活动" in page and "repurpose serve --watch FOLDER" in page
        assert "这里还没有线索" in client.get("/console/leads").text
