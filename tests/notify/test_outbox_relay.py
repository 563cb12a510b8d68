"""The relay at work: what is taken, what is tried again and when, who is left alone, and who is not kept waiting."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from repurpose.db import endpoints, outbox
from repurpose.db.endpoints import EndpointRow
from repurpose.db.outbox import MessageRow
from repurpose.db.session import Database, open_database
from repurpose.notify.relay import Relay
from repurpose.notify.schedule import SCHEDULE_S, Outcome, after, retry_after
from repurpose.notify.signature import secrets_of
from repurpose.secret import alive
from repurpose.settings import Settings
from tests.databases import ready_database
from tests.notify.receiver import Got, Say, receiving

SOON_S = (0.01,) * 9
WAIT_S = 60.0


class Place:
    """A database, settings under which these receivers may be told, and a relay over them."""

    def __init__(self, folder: Path, *urls: str, **more: Any) -> None:
        inside = tuple(urlsplit(url).netloc for url in urls)
        self.settings = Settings(folder, ready_database("sqlite", folder), webhook_inside=inside, **more)
        self.engine: Database = open_database(self.settings.database)

    def hears(self, address: str, kind: Any = "webhook", **more: Any) -> EndpointRow:
        return endpoints.add(self.engine, kind, address, types=["submission.received"], by="test", **more)

    def tell(self, about: str, **data: Any) -> None:
        outbox.tell(self.engine, "submission.received", about, data)

    @contextmanager
    def relay(self, **more: Any) -> Iterator[None]:
        with Relay(
            self.engine,
            self.settings,
            alive(self.settings),
            "w",
            lambda _: False,
            **{"schedule": SOON_S, "look_s": 0.02, **more},
        ):
            yield

    def messages(self, endpoint: EndpointRow) -> list[MessageRow]:
        return outbox.listed(self.engine, endpoint.id)

    def until(self, holds: Callable[[], Any]) -> None:
        end = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < end, "it did not come to pass"
            time.sleep(0.02)


def test_what_fails_is_tried_until_it_is_taken_and_says_the_same(tmp_path: Path) -> None:
    says = iter([Say(500), Say(302, {"location": "http://169.254.169.254/"}), Say(drop=True), Say(204)])
    with receiving(lambda _: next(says)) as receiver:
        place = Place(tmp_path, receiver.url)
        row = place.hears(receiver.url)
        place.tell("su_1", fields={"name": "林晓"})
        with place.relay():
            got = receiver.wait(4)
            place.until(lambda: place.messages(row)[0].state == "delivered")
        (message,) = place.messages(row)
        assert (message.failed, message.attempts, message.status) == (3, 4, 204)
        assert {one.headers["webhook-id"] for one in got} == {message.id}
        assert {one.body for one in got} == {message.payload.encode()}
        assert got[0].headers["content-type"] == "application/json"


@pytest.mark.slow
def test_after_ten_failures_it_is_given_up_and_410_ends_it(tmp_path: Path) -> None:
    with receiving(lambda got: Say(410 if got.path == "/gone" else 503)) as receiver:
        place = Place(tmp_path, receiver.url)
        fails, gone = place.hears(receiver.url), place.hears(receiver.url.replace("hooks", "gone"))
        place.tell("su_1")
        place.tell("su_2")
        with place.relay():
            place.until(lambda: {one.state for one in place.messages(fails)} == {"dead"})
        assert [one.failed for one in place.messages(fails)] == [10, 10]
        row = endpoints.find(place.engine, gone.id)
        assert row and (row.state, row.why) == ("disabled", "410")
        assert sum(one.path == "/gone" for one in receiver.got) in (1, 2)  # both may have been under way
        assert {one.state for one in place.messages(gone)} == {"waiting"}


@pytest.mark.slow
def test_who_is_dead_or_slow_keeps_nobody_waiting(tmp_path: Path) -> None:
    from threading import Event

    over = Event()
    with receiving(lambda _: Say(wait=lambda: over.wait(60))) as slow, receiving() as good:
        place = Place(tmp_path, slow.url, good.url, "http://127.0.0.1:9/")
        for address in (slow.url, "http://127.0.0.1:9/", "https://127.0.0.1/", good.url):
            place.hears(address)
        with place.relay(timeout_s=30):
            slow_ones = 20
            for n in range(slow_ones):
                place.tell(f"su_{n}")
            good.wait(slow_ones)
            assert not over.is_set()
            over.set()


@pytest.mark.slow
def test_a_new_secret_costs_no_delivery(tmp_path: Path) -> None:
    """Receivers go on with the old one, change when they like, and believe every message."""
    with receiving() as receiver:
        place = Place(tmp_path, receiver.url)
        row = place.hears(receiver.url)
        known = lambda: secrets_of(row.id, endpoints.find(place.engine, row.id).keys, alive(place.settings), 0)  # type: ignore[union-attr]  # noqa: E731
        (old,) = known()
        with place.relay():
            place.tell("su_1")
            receiver.wait(1)
            endpoints.renew(place.engine, row.id)
            new = known()[0]
            place.tell("su_2")
            before, between = receiver.wait(2)
            Webhook(old).verify(before.body, before.headers)
            for one in (old, new):
                Webhook(one).verify(between.body, between.headers)
            (fresh, kept) = endpoints.find(place.engine, row.id).keys  # type: ignore[union-attr]
            endpoints.change(place.engine, row.id, keys=(fresh, endpoints.Key(kept.nonce, 1)))  # a day has passed
            place.tell("su_3")
            last = receiver.wait(3)[2]
            Webhook(new).verify(last.body, last.headers)
            with pytest.raises(WebhookVerificationError):
                Webhook(old).verify(last.body, last.headers)
            place.until(lambda: {one.state for one in place.messages(row)} == {"delivered"})
        assert [one.failed for one in place.messages(row)] == [0, 0, 0]


def test_a_group_robot_is_written_to(tmp_path: Path) -> None:
    says = iter([{"errcode": 45009, "errmsg": "api freq out of limit"}, {"errcode": 0, "errmsg": "ok"}])

    def answer(got: Got) -> Say:
        return Say(200, {"content-type": "application/json"}, json.dumps(next(says)).encode())

    with receiving(answer) as receiver:
        place = Place(tmp_path, receiver.url, public_url="https://live.example.com")
        row = place.hears(receiver.url, "wecom")
        event = {"title": "库存*怎样*降下来", "path": "/e/ku-cun"}
        fields = {"name": "林晓", "company": "[点我](http://evil)", "text": "<@all> `x`\n> 第二行" + "长" * 3000}
        place.tell("su_1", event=event, fields=fields, channel="wecom")
        with place.relay():
            (got,) = receiver.wait(1)
            place.until(lambda: (endpoints.find(place.engine, row.id).paused_until) > time.time() * 1000 + 50_000)  # type: ignore[union-attr]
            endpoints.change(place.engine, row.id, state="active")  # as after a minute
            assert outbox.again(place.engine, row.id) == 0
            place.engine.dispose()
        (message,) = place.messages(row)
        assert (message.state, message.why) == ("waiting", "45009 api freq out of limit")
        body = json.loads(got.body)
        text = body["markdown"]["content"]
        assert (body["msgtype"], len(text.encode()) < 4096) == ("markdown", True)
        assert text.startswith("**［点我］(http://evil) 林晓 在《库存＊怎样＊降下来》留下了资料**\n> 姓名：林晓")
        assert text.endswith("\n> 渠道：wecom\n[查看活动](https://live.example.com/e/ku-cun)")
        assert not {"<", "`"} & set(text) and text.count("\n> ") == 4
    lost = place.hears("https://elsewhere.example.com/robot", "wecom")
    place.tell("su_2")
    with place.relay():
        place.until(lambda: endpoints.find(place.engine, lost.id).state == "disabled")  # type: ignore[union-attr]


class Mailbox:
    """A mail server that says no to the first."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.asked = 0

    async def handle_DATA(  # noqa: N802 - as the library calls it
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.asked += 1
        if self.asked == 1:
            return "451 try again"
        self.got.append(envelope.content)
        return "250 OK"


def test_a_mail_is_handed_in(tmp_path: Path) -> None:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=WAIT_S)
    server.start()
    try:
        place = Place(
            tmp_path, smtp=f"smtp://127.0.0.1:{port}", mail_from="live@example.com", public_url="https://l.example"
        )
        row = place.hears("lin@example.com", "mail", language="en")
        event = {"title": "Stock\r\nBcc: all@example.com", "path": "/e/stock"}
        place.tell("su_1", event=event, fields={"name": "Lin", "text": "line\nline"})
        with place.relay():
            place.until(lambda: place.messages(row)[0].state == "delivered")
    finally:
        server.stop()
    mail = message_from_bytes(box.got[0], policy=default)
    (message,) = place.messages(row)
    assert (mail["from"], mail["to"], mail["bcc"]) == ("live@example.com", "lin@example.com", None)
    assert mail["subject"] == "Lin filled in the form of “Stock Bcc: all@example.com”"
    assert mail["message-id"] == f"<{message.id}@example.com>" and message.failed == 1
    assert "Name: Lin\ntext: line line\n\nOpen the event: https://l.example/e/stock" in mail.get_content().replace(
        "\r", ""
    )


def test_without_a_mail_server_it_waits_and_says_why(tmp_path: Path) -> None:
    place = Place(tmp_path)
    row = place.hears("lin@example.com", "mail")
    place.tell("su_1")
    with place.relay(schedule=SCHEDULE_S):
        place.until(lambda: place.messages(row)[0].failed == 1)
    assert "REPURPOSE_SMTP" in place.messages(row)[0].why


def message(failed: int = 0) -> MessageRow:
    return MessageRow(
        1, "ms_1", "en_1", "ev", "event.published", "{}", "waiting", 0, 0, "", 1, failed, None, "", 0, None
    )


def test_the_schedule_is_that_of_the_standard() -> None:
    at, waits = 0, []
    for failed in range(9):
        settled = after(message(failed), Outcome(False, 500, "500"), at, 0.5)
        waits.append((settled.available_at - at) / 1000)
        at = settled.available_at
    assert waits == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert 75 * 3600 < at / 1000 < 76 * 3600
    assert after(message(9), Outcome(False, 500, "500"), at, 0.5).state == "dead"
    for chance, wait in ((0.0, 240), (1.0, 360)):
        assert after(message(1), Outcome(False), 0, chance).available_at == pytest.approx(wait * 1000, abs=1)


def test_who_asks_to_be_left_alone_is() -> None:
    asked = after(message(), Outcome(False, 429, "429", again_s=120), 1000, 0.5)
    assert (asked.available_at, asked.pause_until) == (121_000, 121_000)
    long = after(message(), Outcome(False, 503, "503", again_s=10**9), 0, 0.5)
    assert long.available_at == 24 * 3600 * 1000
    assert retry_after({"retry-after": "120"}, 0) == 120
    assert retry_after({"retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"}, 1000) == 59
    assert [retry_after({"retry-after": text}, 0) for text in ("", "soon", "-1", "٣", "1e9")] == [None] * 5
