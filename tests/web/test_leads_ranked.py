"""Leads by score over the API: the same scores and reasons as on the command line, pages that hold still, and who is forgotten."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.event import listens_for, remove

from repurpose.cli import answer
from repurpose.client import ApiError, Client
from repurpose.db import audit, events, leads, scores
from repurpose.db.jobs import now
from repurpose.leads.known import Sighting, identify
from repurpose.leads.vault import vault_of
from repurpose.models.base import DAY_MS
from repurpose.models.scored import Word
from repurpose.pipeline.standing import every_standing, standings
from repurpose.track.writer import write
from repurpose.web.api.ranked import MOMENT_MS
from tests.leads.audience import audience, known, watch, watching
from tests.web.served import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Twelve leads: each watched a little more than the one before, the first nothing; one was there and one is won."""
    with served(tmp_path_factory.mktemp("ranked") / "home") as server:
        site = audience(server.place)
        ids = [
            known(site, n, when=site.now - 3 * DAY_MS, came_by=n == 0, title="CMO" if n > 8 else "") for n in range(12)
        ]
        for n in range(1, 12):
            watch(site, n, site.replay, [(0, 2 * n)], when=site.now - DAY_MS, channel="mail" if n % 2 else "site")
        scores.say(server.place.engine, ids[11], Word(site.now - 120_000, "won", 100), "test")
        yield SimpleNamespace(server=server, site=site, ids=ids)


def listed(api: Client, **query: Any) -> list[dict[str, Any]]:
    """Every page of a list, in order."""
    found: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        page = api.leads(limit=5, **query, **after)
        found += page["items"]  # type: ignore[arg-type]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


def test_by_score_with_reasons_tags_and_filters(at: Any) -> None:
    direct = standings(at.server.place, at.ids, now() // MOMENT_MS * MOMENT_MS)
    with Client(at.server.base, at.server.keys["sales"]) as api:
        every = listed(api, sort="score")
        assert [one["id"] for one in every] == [one.scored.id for one in direct] and len(every) == 12
        assert [one["score"] for one in every] == pytest.approx([one.points / 100 for one in direct], abs=0.02)
        top = next(one for one in every if one["id"] == at.ids[11])  # another may have the same score
        assert top["stage"] == "won" and top["reasons"][0]["points"] >= top["reasons"][-1]["points"]
        assert {"topic", "stage", "channel"} <= {tag["kind"] for tag in top["tags"]}
        topic = next(tag for tag in top["tags"] if tag["kind"] == "topic")
        assert topic["event"] == at.site.event.id and 0 < topic["seen"] <= topic["of"]
        assert {one["id"] for one in listed(api)} == set(at.ids)
        assert [one["id"] for one in listed(api, stage="won")] == [at.ids[11]]
        least = every[4]["score"]
        assert [one["id"] for one in listed(api, sort="score", min_score=least)] == [
            one["id"] for one in every if one["score"] >= least
        ]
        assert [one["id"] for one in listed(api, segment="no-replay")] == [at.ids[0]]
        assert len(listed(api, sort="score", event=at.site.event.id)) == 12
        for wrong in (
            {"segment": "none"},
            {"stage": "hot"},
            {"min_score": "nan"},
            {"sort": "score", "after": "5-le_a"},
        ):
            with pytest.raises(ApiError) as refused:
                api.leads(**wrong)  # type: ignore[arg-type]
            assert refused.value.status == 422


def test_pages_hold_still_while_people_watch(at: Any) -> None:
    with Client(at.server.base, at.server.keys["sales"]) as api:
        before = [one["id"] for one in listed(api, sort="score")]
        first = api.leads(sort="score", limit=5)
        last = at.ids.index(before[-1])
        watch(at.site, last, at.site.replay, [(0, 29)], when=now() + 60_000, player=7)  # the last becomes the first
        moment = int((first["next"] or "").split("-")[0])
        at.server.app.state.standing.at(moment + MOMENT_MS)  # what was kept is of other moments now
        at.server.app.state.standing.at(moment + 2 * MOMENT_MS)
        rest = api.leads(sort="score", limit=200, after=first["next"])
        assert [one["id"] for one in first["items"] + rest["items"]] == before


def test_one_lead_has_the_grades_it_has_in_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sixty are so many that each is graded by the others: wherever one is told of alone, it is among the same."""
    with served(tmp_path / "home") as server:
        at, chance = audience(server.place), random.Random(60)
        ids = [known(at, n, when=at.now - 25 * DAY_MS) for n in range(60)]
        came = [
            watching(n, at.replay, [(0, chance.randrange(2, 30))], when=at.now - chance.randrange(20) * DAY_MS - 60_000, player=day)
            for n in range(3, 60) for day in range(chance.randrange(1, 6))
        ]  # fmt: skip
        write(server.place.engine, came, Counter())
        with Client(server.base, server.keys["sales"]) as api, server.client("sales") as asking:
            told = {one["id"]: one["rfe"] for one in listed(api, sort="score")}
            assert told == {one["id"]: one["rfe"] for one in listed(api)} and told.keys() == set(ids)
            assert all({one[grade] for one in told.values()} == {1, 2, 3, 4, 5} for grade in ("r", "f", "e"))
            for lead in ids:
                card = asking.get(f"/api/v1/leads/{lead}/score").json()
                assert {grade: card[grade] for grade in ("r", "f", "e")} == told[lead]
            cookie, _ = server.session("sales")
            with server.client(headers=cookie | {"accept-language": "zh"}) as browser:
                for lead in ids:
                    page = browser.get(f"/console/leads/{lead}").text
                    found = re.search(r"R(\d) · 频次 F(\d) · 投入 E(\d)", page)
                    assert found and dict(zip("rfe", map(int, found.groups()), strict=True)) == told[lead]
            late = known(at, 60, when=at.now)
            card = asking.get(f"/api/v1/leads/{late}/score").json()
            assert {grade: card[grade] for grade in ("r", "f", "e")} == told[ids[0]], "neither ever watched"
        monkeypatch.setenv("REPURPOSE_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("REPURPOSE_DATABASE", server.place.settings.database)
        assert [answer(["leads", "show", lead, "--json"]) for lead in ids] == [0] * 60
        shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        in_all = {one.scored.id: asdict(one.scored.rfe) for one in every_standing(server.place, now())}
        assert {one["id"]: one["rfe"] for one in shown} == {lead: in_all[lead] for lead in ids}


def test_pages_of_the_console_score_nobody_anew(at: Any) -> None:
    """They tell of the leads as lists of the API do, which are scored once for all."""
    read: list[str] = []

    @listens_for(at.server.place.engine, "before_cursor_execute")
    def asked(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "score_entries" in statement:
            read.append(statement)

    cookie, _ = at.server.session("admin")
    pages = (
        "/console",
        "/console/leads",
        "/console/leads?event=ku-cun",
        "/console/e/ku-cun",
        "/api/v1/leads?sort=score",
    )
    with at.server.client(headers=cookie) as browser:
        for _ in range(9):  # a moment may end meanwhile
            browser.get(pages[-1])
            read.clear()
            assert [browser.get(page).status_code for page in pages] == [200] * len(pages)
            if not read:
                break
    remove(at.server.place.engine, "before_cursor_execute", asked)
    assert read == []


def test_who_only_watched_an_event_is_of_it_too(at: Any) -> None:
    other = events.create(at.server.place.engine, slug="other", title="Other")
    elsewhere = SimpleNamespace(place=at.server.place, event=other)
    watch(at.site, 50, at.site.replay, [(0, 30)], when=now() - 9 * DAY_MS)
    seen, before = (known(elsewhere, n, when=now() - 9 * DAY_MS) for n in (50, 51))
    other_one = Sighting("form", (("email", "p52@example.com"),), now() - 5 * DAY_MS, visitor=f"v{51:022}")
    identify(at.server.place.engine, vault_of(at.server.place.engine, at.server.place.settings), [other_one])
    watch(at.site, 51, at.site.replay, [(0, 30)], when=now() - 4 * DAY_MS)  # when it is nobody's any more
    found = leads.of_event(at.server.place.engine, at.site.event.id)
    assert seen in found and before not in found and set(at.ids) <= set(found)
    with Client(at.server.base, at.server.keys["sales"]) as api:
        assert seen in {one["id"] for one in listed(api, event=at.site.event.id)}


def test_somebody_is_forgotten(at: Any) -> None:
    with Client(at.server.base, at.server.keys["sales"]) as seller, pytest.raises(ApiError, match="403"):
        seller.erase_lead(at.ids[1])
    with Client(at.server.base, at.server.keys["admin"]) as api:
        api.erase_lead(at.ids[1])
        for gone in (lambda: api.lead(at.ids[1]), lambda: api.erase_lead(at.ids[1])):
            with pytest.raises(ApiError) as missing:
                gone()
            assert missing.value.status == 404
        assert at.ids[1] not in {one["id"] for one in listed(api, sort="score") + listed(api)}
    with at.server.client("admin") as client:
        told = client.delete(f"/api/v1/leads/{at.ids[2]}", params={"report": "true"})
        assert told.status_code == 200 and told.headers["cache-control"] == "no-store"
        assert told.json()["hits"] == {} and told.json()["files"] > 3 and told.json()["members"] == [at.ids[2]]
    erased = [one for one in audit.noted(at.server.place.engine) if one.action == "leads.erase"]
    assert len(erased) == 2
