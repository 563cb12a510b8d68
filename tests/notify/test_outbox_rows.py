"""The rows of the outbox, on both databases: there with the change and never without, in order, one at a time, settled once."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from repurpose.db import endpoints, outbox, people
from repurpose.db.endpoints import EndpointRow
from repurpose.db.jobs import now
from repurpose.db.outbox import MOST_BYTES, MessageRow, Rooms, Settled, frozen
from repurpose.db.session import Database, open_database, together
from repurpose.errors import Taken, UserError
from tests.databases import BOTH, ready_database


@pytest.fixture(scope="module", params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    engine = open_database(ready_database(request.param, tmp_path_factory.mktemp("outbox")))
    yield engine
    engine.dispose()


@pytest.fixture
def hears(engine: Database) -> Any:
    row = endpoints.add(engine, "webhook", "https://a.example/", types=["event.published"], by="test")
    yield row
    for one in endpoints.listed(engine):
        endpoints.remove(engine, one.id)


def claim(engine: Database, worker: str = "w", room: int = 10) -> list[MessageRow]:
    return [message for message, _ in outbox.claim(engine, worker, Rooms(room))]


def done(message: MessageRow, **values: Any) -> Settled:
    return replace(Settled(message, "delivered", 0, 204, "", message.available_at), **values)


def tell(engine: Database, about: str, n: int = 0, **more: Any) -> int:
    return outbox.tell(engine, "event.published", about, {"n": n}, **more)


def test_it_is_there_with_the_change_and_never_without(engine: Database, hears: EndpointRow) -> None:
    with pytest.raises(UserError), together(engine):
        assert tell(engine, "ev") == 1
        raise UserError("undone")
    assert claim(engine) == []
    with together(engine):
        tell(engine, "ev")
    assert [json.loads(one.payload)["data"] for one in claim(engine)] == [{"n": 0}]
    assert outbox.tell(engine, "event.withdrawn", "ev", {}) == 0  # nobody hears of that


def test_of_one_thing_the_first_goes_first(engine: Database, hears: EndpointRow) -> None:
    for n in range(3):
        tell(engine, "ev_a", n)
    tell(engine, "ev_b")
    first, other = claim(engine)
    assert (first.aggregate, other.aggregate, json.loads(first.payload)["data"]["n"]) == ("ev_a", "ev_b", 0)
    assert claim(engine, "another") == []
    later = done(first, state="waiting", failed=1, available_at=now() + 60_000)
    outbox.settle(engine, [later, done(other)])
    assert claim(engine) == []  # what comes after it waits for it
    outbox.settle(engine, [replace(later, state="dead")])
    (second,) = claim(engine)  # and waits no longer for what was given up
    assert json.loads(second.payload)["data"]["n"] == 1


def test_only_the_latest_attempt_counts(engine: Database, hears: EndpointRow, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(engine, "ev")
    (old,) = claim(engine, "dead")
    outbox.free(engine, lambda worker: worker == "somebody else")
    assert claim(engine) == []
    outbox.free(engine, lambda worker: worker == "dead")
    (new,) = claim(engine)
    assert (new.id, new.attempts) == (old.id, 2)
    outbox.settle(engine, [done(old, state="dead")])  # it wakes up again
    row = outbox.find(engine, new.id)
    assert row and row.state == "waiting"
    outbox.settle(engine, [done(new)])
    row = outbox.find(engine, new.id)
    assert row and (row.state, row.status, row.holder) == ("delivered", 204, "")


@pytest.mark.slow
def test_many_who_claim_share(engine: Database, hears: EndpointRow) -> None:
    for n in range(60):
        tell(engine, f"ev_{n}")
    taken: list[str] = []

    def work(name: str) -> None:
        while mine := claim(engine, name, 4):
            taken.extend(one.id for one in mine)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(taken) == len(set(taken)) == 60


def test_a_robot_has_its_turn_and_others_are_let_alone(engine: Database, hears: EndpointRow) -> None:
    robot = endpoints.add(engine, "wecom", "https://qyapi.weixin.qq.com/x", types=["event.published"], by="test")
    for n in range(3):
        tell(engine, f"ev_{n}")
    taken = claim(engine)
    assert sorted(one.endpoint_id == robot.id for one in taken) == [False] * 3 + [True]
    mine = next(one for one in taken if one.endpoint_id == robot.id)
    outbox.settle(engine, [done(mine)])
    assert claim(engine) == []  # 20 a minute
    at = now()
    outbox.settle(engine, [done(taken[0], state="waiting", failed=1, available_at=at, pause_until=at + 60_000)])
    assert claim(engine) == []
    outbox.settle(engine, [done(taken[1], state="waiting", disable="410")])
    row = endpoints.find(engine, taken[1].endpoint_id)
    assert row and row.state in ("active", "disabled")


def test_who_is_disabled_is_told_later(engine: Database, hears: EndpointRow) -> None:
    tell(engine, "ev")
    (mine,) = claim(engine)
    outbox.settle(engine, [done(mine, state="waiting", available_at=now(), disable="410")])
    row = endpoints.find(engine, hears.id)
    assert row and (row.state, row.why) == ("disabled", "410")
    assert (claim(engine), tell(engine, "ev_2")) == ([], 0)
    endpoints.change(engine, hears.id, state="active")
    assert [one.id for one in claim(engine)] == [mine.id]


def test_what_was_given_up_can_be_sent_again(engine: Database, hears: EndpointRow) -> None:
    tell(engine, "ev")
    (mine,) = claim(engine)
    outbox.settle(engine, [done(mine, state="dead", failed=10, why="500")])
    assert outbox.again(engine, hears.id, since=now() + 1000) == 0
    assert outbox.again(engine, hears.id) == 1
    (again,) = claim(engine)
    assert (again.id, again.payload, again.failed) == (mine.id, mine.payload, 0)
    outbox.settle(engine, [done(again)])
    assert outbox.again(engine, hears.id) == 0
    assert outbox.again(engine, hears.id, message_id=mine.id) == 1  # asked for by name, whatever became of it
    assert [row.state for row in outbox.listed(engine, hears.id)] == ["waiting"]
    (last,) = claim(engine)
    outbox.settle(engine, [done(last)])
    assert (outbox.forget(engine, now() - 60_000), outbox.forget(engine, now() + 60_000)) == (0, 1)


def test_the_owner_of_a_card_is_told_and_not_twice_in_a_minute(engine: Database, hears: EndpointRow) -> None:
    notify = {"wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "mail": "lin@example.com"}
    lin = people.create(engine, slug=f"lin-{now()}", name="林晓", notify=notify, language="en")
    assert outbox.tell(engine, "watch.by_known", "le/ev", {}, person=lin.id, quiet_ms=60_000) == 2
    assert outbox.tell(engine, "watch.by_known", "le/ev", {}, person=lin.id, quiet_ms=60_000) == 0
    assert outbox.tell(engine, "watch.by_known", "le/ev_2", {}, person=lin.id, quiet_ms=60_000) == 2
    made = [row for row in endpoints.listed(engine) if row.by == endpoints.CARD]
    assert {(row.kind, row.address, row.language) for row in made} == {(k, a, "en") for k, a in notify.items()}
    people.change(engine, lin.id, language="zh")
    assert outbox.tell(engine, "watch.by_known", "le/ev_4", {}, person=lin.id) == 2
    assert {row.language for row in endpoints.listed(engine) if row.by == endpoints.CARD} == {"zh"}
    people.change(engine, lin.id, state="left")
    assert outbox.tell(engine, "watch.by_known", "le/ev_3", {}, person=lin.id) == 0


@pytest.mark.slow
def test_two_who_tell_a_new_owner_at_once_both_do(engine: Database, hears: EndpointRow) -> None:
    told: list[int] = []
    for turn in range(5):
        person = people.create(engine, slug=f"new-{turn}-{now()}", name="新", notify={"mail": f"{turn}@example.com"})
        start = threading.Barrier(6)

        def work(n: int, person_id: str = person.id, start: threading.Barrier = start) -> None:
            start.wait()
            told.append(outbox.tell(engine, "watch.by_known", f"le_{n}/ev", {}, person=person_id))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        (made,) = [row for row in endpoints.listed(engine) if row.address == f"{turn}@example.com"]
        assert len(outbox.listed(engine, made.id)) == 6
    assert told == [1] * 30


def test_an_address_is_told_once(engine: Database, hears: EndpointRow) -> None:
    with pytest.raises(Taken):
        endpoints.add(engine, "webhook", hears.address, types=["event.withdrawn"], by="test")


@pytest.mark.parametrize("size", [10, 5000, 30_000])
def test_no_message_is_too_long(size: int) -> None:
    text = frozen("submission.received", {"fields": {f"f{n}": "字" * size for n in range(4)}}, 1_790_000_000_123)
    body = json.loads(text)
    assert len(text.encode()) < MOST_BYTES
    assert (body.get("cut", False), body["timestamp"]) == (size > 1000, "2026-09-21T14:13:20.123Z")
    assert len(json.dumps(frozen("event.published", {f"k{n}": "v" for n in range(9000)}, 0))) < MOST_BYTES
