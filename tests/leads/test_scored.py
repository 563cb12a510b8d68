"""Ledgers as they are kept: the same as made anew, whatever came when; nothing for programs that click; stages by the CRM."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from repurpose.db import leads, links, scores, views
from repurpose.db.session import reading, writing
from repurpose.db.tables import lead_scores, score_entries, view_sessions
from repurpose.leads.known import merge, unmerge
from repurpose.models import Highlight
from repurpose.models.base import DAY_MS
from repurpose.pipeline.scored import answers_of, scored
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.track.arrived import PRESSED
from repurpose.track.token import ViewToken
from repurpose.track.writer import write
from repurpose.web.viewing import view_token
from tests.databases import ready_database
from tests.leads.audience import audience, known, watch, watching
from tests.track.made import psid_of, seg, wire
from tests.web.served import Served, served

BEGINS = 4 * DAY_MS


@pytest.fixture
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    with Workplace(Settings(home=tmp_path, database=ready_database(request.param, tmp_path))) as place:
        yield audience(place, best=[Highlight(start=6000, end=11_000, sentence=1, score=0.9)])


def stand(at: Any, ids: list[str]) -> list[Any]:
    return scored(at.place, ids, answers_of(at.place, ids), at.now)


def anew(at: Any) -> None:
    """Forget every ledger."""
    with writing(at.place.engine) as connection:
        connection.execute(delete(score_entries))
        connection.execute(delete(lead_scores))


def some(chance: random.Random, film: Any) -> list[tuple[int, int]]:
    starts = [chance.randrange(film.seconds) for _ in range(chance.randrange(1, 5))]
    return [(first, chance.randrange(first, film.seconds) + 1) for first in starts]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("sqlite", 12),
        pytest.param("sqlite", 1000, marks=pytest.mark.slow),
        pytest.param("postgresql", 100, marks=pytest.mark.slow),
    ],
    indirect=["at"],
)
def test_what_is_kept_is_what_would_be_made_anew(at: Any, count: int) -> None:
    """Every lead's history comes in four pieces, out of order, with presses of every kind and forms; leads are merged and
    taken apart between them, and scored after each. In the end the ledgers are those that are made of everything at once."""
    chance = random.Random(count)
    ids = [known(at, n, when=at.now - 3 * DAY_MS, title=chance.choice(["CMO", "内容运营", ""])) for n in range(count)]
    engine = at.place.engine
    for turn in range(4):
        films = [chance.choice([at.replay, at.short, None]) for _ in ids]
        came = [
            watching(
                number, film, some(chance, film), when=at.now - chance.randrange(20 * DAY_MS), player=turn,
                pressed=chance.choice([None, None, *range(5)]),
            )
            for number, film in enumerate(films)
            if film is not None
        ]  # fmt: skip
        for first in range(0, len(came), 100):
            write(engine, came[first : first + 100], Counter())
        for number in range(turn, count, 11):
            known(at, number, source="form", when=at.now - chance.randrange(20 * DAY_MS))
        stand(at, [one for one in ids if chance.random() < 0.6])
        pairs = [(ids[k], ids[k - 1]) for k in range(1 + turn, count, 7)]
        for lead, other in pairs:
            merge(engine, lead, other, "test", "")
        stand(at, [other for _, other in pairs])
        for lead, _ in pairs[:: 1 if turn < 3 else 2]:
            unmerge(engine, lead, "test", "")
        stand(at, [one for pair in pairs for one in pair])
    kept = {one.id: one for one in stand(at, ids)}
    anew(at)
    assert {one.id: one for one in stand(at, ids)} == kept
    assert len(kept) < count, "some were left merged"
    assert sum(bool(one.ledger) for one in kept.values()) > count / 4
    rules = {line.rule for one in kept.values() for line in one.ledger}
    assert {*PRESSED, "form", "rewatch", "watched-25", "watched-95"} <= rules or count < 50


# What mail gateways call themselves when they follow the links in a mail; half of them look like anybody's browser.
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Safari/537.36"
)
GATEWAYS = (
    "Mozilla/5.0 (compatible; Microsoft SafeLinks)", "Mimecast-TTP", "Barracuda Sentinel (EE)", "ProofPoint URL Defense",
    "Symantec Email Security.cloud", "python-requests/2.32", "curl/8.5.0",
    *(BROWSER.format(n=n) for n in range(126, 131)),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("home"), view_rate=1_000_000) as server:
        yield server


@pytest.mark.slow
def test_twelve_gateways_that_click_earn_nothing(site: Served) -> None:
    """Each follows a lead's link at once and again, takes the cookie it is given, runs the page's script: the film is
    loaded, played out of sight, and its button pressed faster than anybody sees it."""
    at, chance = audience(site.place), random.Random(12)
    film = at.short
    ids = []
    for number, agent in enumerate(GATEWAYS):
        lead = known(at, 100 + number, when=at.now - DAY_MS)
        ids.append(lead)
        link = links.make(site.place.engine, "event", by="test", event_id=at.event.id, channel=f"mail {number}")
        with site.client(headers={"user-agent": agent}, follow_redirects=True) as gateway:
            gateway.get(f"/l/{link.code}")
            gateway.head(f"/l/{link.code}")
        token = view_token(site.place.settings, ViewToken(at.event.id, 1, int(time.time())))
        load = {"n": 1, "k": "load", "a": 0, "b": 0, "r": 1, "m": 0, "vis": 1, "dt": 0, "w": 0}
        press = load | {"n": 3, "k": "cta", "a": number % 4, "dt": 20}
        unseen = wire([seg(2, 0, 6000, 10, flags=0)], token, film.asset, psid_of(chance))
        rushed = wire([seg(2, 0, 6000, 10, w=20)], token, film.asset, psid_of(chance), sent=40)
        for body in (unseen, rushed):
            body["ev"] = [load, *body["ev"], press]
            body["l"] = link.code
            answer = httpx.post(
                f"{site.base}/t/v1/batch", content=json.dumps(body).encode(),
                headers={"user-agent": agent, "content-type": "text/plain", "cookie": f"rp-visitor={100 + number:022}"},
            )  # fmt: skip
            assert answer.status_code in (204, 403), answer.text
    assert visitors_seen(site) >= {
        f"v{100 + number:022}" for number in range(7, 12)
    }  # taken for the lead's own browser
    found = stand(at, ids)
    assert len(found) == len(GATEWAYS) == 12
    assert [one.score for one in found] == [0.0] * 12 and not any(one.ledger for one in found)
    assert not any(one.views for one in views.counted(site.place.engine, at.event.id))
    watch(at, 111, film, [(0, 6)], when=at.now - 9000, player=9)
    assert stand(at, ids)[0].score > 0, "who watches earns"


def visitors_seen(site: Served) -> set[str]:
    with reading(site.place.engine) as connection:
        return set(connection.execute(select(view_sessions.c.visitor)).scalars())


@pytest.mark.slow
def test_the_crm_says_what_stage_a_lead_has_come_to(site: Served) -> None:
    at = audience(site.place)
    lead = known(at, 1, when=at.now - DAY_MS)
    path = f"/api/v1/leads/{lead}/stages"
    with site.client("sales") as crm:
        for _ in range(2):  # said again it is the same
            told = crm.post(path, json={"stage": "opp", "at": at.now - 5000})
            assert told.status_code == 201 and [one["stage"] for one in told.json()["stages"]] == ["opp"]
        assert crm.post(path, json={"stage": "won", "amount": 1200.5}).json()["stages"][1]["amount"] == 1200.5
        assert crm.get(path).json() == crm.get(path).json()
        assert crm.post(path, json={"stage": "mql"}).status_code == 422
        assert crm.post(path, json={"stage": "won", "at": at.now + 10**9}).status_code == 422
        assert crm.post(f"/api/v1/leads/le_{'a' * 20}/stages", json={"stage": "won"}).status_code == 404
        watch(at, 1, at.replay, [(0, 20)], when=at.now - DAY_MS)
        card = crm.get(f"/api/v1/leads/{lead}/score").json()
        assert [(one["rule"], one["seen"]) for one in card["entries"]] == [
            ("watched-25", [[0, 20_000]]), ("watched-50", [[0, 20_000]])
        ]  # fmt: skip
        assert card["score"] == pytest.approx(sum(one["now"] for one in card["entries"]), abs=0.02)
        assert 9 < card["score"] < 10 and (card["stage"], card["r"], card["f"]) == ("won", 5, 1)
        assert crm.get(f"/api/v1/leads/le_{'a' * 20}/score").status_code == 404
    with site.client("editor") as other:
        assert other.get(f"/api/v1/leads/{lead}/score").status_code == 403
        assert other.post(path, json={"stage": "lost"}).status_code == 403
    assert [word.stage for word in scores.words(site.place.engine)[lead]] == ["opp", "won"]
    at.now += 60_000
    (one,) = stand(at, [lead])
    assert (one.stage, one.highest) == ("won", "won") and lead in leads.of_event(site.place.engine, at.event.id)
