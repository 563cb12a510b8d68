"""Leads by score over the API: the same scores and reasons as on the command line, pages that hold still, and who is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from repurpose.client import ApiError, Client
from repurpose.db import audit, scores
from repurpose.db.jobs import now
from repurpose.models.base import DAY_MS
from repurpose.models.scored import Word
from repurpose.pipeline.standing import standings
from repurpose.web.api.ranked import MOMENT_MS
from tests.leads.audience import audience, known, watch
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
