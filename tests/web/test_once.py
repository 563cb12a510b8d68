"""Idempotency-Key: one effect, however often and by however many it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from repurpose.db import events, idempotency
from repurpose.db.idempotency import Once, take
from tests.web.served import Served, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("once") / "home") as made:
        yield made


@pytest.mark.slow
def test_a_thousand_times_at_once_is_one_effect(server: Served) -> None:
    before = len(events.listed(server.place.engine, limit=200))
    with server.client("editor") as client, ThreadPoolExecutor(20) as pool:

        def ask(_: int) -> httpx.Response:
            while True:
                answer = client.post("/api/v1/events", json={"title": "Once"}, headers={"idempotency-key": "one"})
                if answer.status_code != 409:
                    return answer
                assert answer.json()["type"] == "/problems/in-flight"

        answers = list(pool.map(ask, range(1000)))
    assert Counter(answer.status_code for answer in answers) == {201: 1000}
    assert len({answer.text for answer in answers}) == 1
    assert len({(a.headers["etag"], a.headers["location"]) for a in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(events.listed(server.place.engine, limit=200)) == before + 1


def test_another_request_by_the_same_key_is_refused(server: Served) -> None:
    with server.client("editor", headers={"idempotency-key": "two"}) as client:
        first = client.post("/api/v1/events", json={"title": "First"})
        assert first.status_code == 201
        other = client.post("/api/v1/events", json={"title": "Other"})
        assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
        assert client.post("/api/v1/events", json={"title": "First"}).text == first.text
    with server.client("publisher", headers={"idempotency-key": "two"}) as client:  # a key is each one's own
        assert client.post("/api/v1/events", json={"title": "Other"}).status_code == 201


def test_what_failed_may_be_asked_again(server: Served) -> None:
    with server.client("editor", headers={"idempotency-key": "three"}) as client:
        made = client.post("/api/v1/events", json={"title": "Third"}, headers={"idempotency-key": "three-0"}).json()
        path = f"/api/v1/events/{made['id']}/runs"
        refused = client.post(path, json={})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/refused")
        assert client.post(path, json={}).status_code == 422  # not 409: nothing is held


def test_while_the_first_is_at_it_others_wait(server: Served) -> None:
    engine = server.place.engine
    once = Once("ke_x", "k", "POST /x", "0" * 64)
    assert take(engine, once) == "ours"
    assert take(engine, once) == "in flight"
    idempotency.let_go(engine, once)
    assert take(engine, once) == "ours"


def test_the_effect_and_its_answer_stand_or_fall_together(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the effect and the answer, there is neither."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    from repurpose.web.api.once import Made
    from repurpose.web.api.once import Once as Asked
    from repurpose.web.api.shapes.events import CtaShape

    engine = server.place.engine
    asked = Asked(engine, Once("ke_y", "k", "POST /y", "0" * 64))
    monkeypatch.setattr(idempotency, "answered", killed)

    def effect() -> Made:
        events.create(engine, slug="half-done", title="Half done")
        return Made(CtaShape())

    with pytest.raises(KeyboardInterrupt):
        asked.answer(effect)
    assert events.by_slug(engine, "half-done") is None
