"""From a form on the site to a receiver's door: what is sent in is told, signed, by the server that took it; and the owner of
a card reads who is watching."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from standardwebhooks.webhooks import Webhook

from repurpose.db import endpoints, outbox, people, submissions, views
from repurpose.db.films import films_of
from repurpose.db.submissions import Consent
from repurpose.leads.forms import take_in
from repurpose.leads.vault import vault_of
from repurpose.models.published import FormField
from repurpose.notify.signature import secrets_of
from repurpose.secret import alive
from repurpose.track.fold import Arrival, arrive
from repurpose.track.writer import write
from tests.notify.receiver import Say, receiving
from tests.track.made import batch, came, seg, since
from tests.web.served import published, served

ANNA = f"v{'a' * 22}"


@pytest.mark.slow
def test_what_is_sent_in_is_told(tmp_path: Path) -> None:
    with receiving() as receiver, served(tmp_path / "home", webhook_inside=(urlsplit(receiver.url).netloc,)) as server:
        engine = server.place.engine
        row = endpoints.add(
            engine, "webhook", receiver.url, types=["submission.received", "event.published"], by="test"
        )
        event = published(server.place)
        kept = submissions.add(engine, event.id, {"email": "lin@example.com", "name": "林晓"}, visitor="")
        got = receiver.wait(2)
        (secret,) = secrets_of(row.id, row.keys, alive(server.place.settings), 0)
        told = [Webhook(secret).verify(one.body, one.headers) for one in got]
    assert sorted(one["type"] for one in told) == ["event.published", "submission.received"]
    form = next(one["data"] for one in told if one["type"] == "submission.received")
    assert (form["submission"], form["fields"]["name"], form["event"]["path"]) == (kept.id, "林晓", "/e/ku-cun")
    assert all(json.loads(one.body)["version"] == 1 for one in got)


@pytest.mark.slow
def test_the_owner_of_a_card_reads_who_watches(tmp_path: Path) -> None:
    def robot(_: object) -> Say:
        return Say(200, {}, b'{"errcode": 0, "errmsg": "ok"}')

    with (
        receiving(robot) as group,
        served(
            tmp_path / "home", webhook_inside=(urlsplit(group.url).netloc,), public_url="https://live.example.com"
        ) as server,
    ):
        engine, event = server.place.engine, published(server.place)
        lin = people.create(engine, slug="lin", name="林晓", notify={"wecom": group.url})
        asked = [
            FormField(key="name", kind="name"),
            FormField(key="email", kind="email"),
            FormField(key="agree", kind="consent"),
        ]
        given = {"name": "安娜", "email": "anna@example.com", "agree": "yes"}
        views.consent(engine, ANNA, "given", "0" * 64, "1", "zh-CN")
        agreed = Consent("0" * 64, "1", "zh-CN", since())
        form = submissions.add(engine, event.id, given, visitor=ANNA, consent=agreed)
        assert take_in(engine, vault_of(engine, server.place.settings), form, asked) is not None
        of = max(films_of(engine, event.id).values(), key=lambda one: one.length)
        one = arrive(
            batch([seg(0, 0, 11_000, 0)], sent=11_000),
            came(of, at=since(), visitor=ANNA, person=lin.id, channel="card"),
        )
        assert isinstance(one, Arrival)
        write(engine, [one], Counter())
        (got,) = group.wait(1)
        (card,) = endpoints.listed(engine)
        (message,) = outbox.listed(engine, card.id)
    text = json.loads(got.body)["markdown"]["content"].splitlines()
    assert text[0] == "**安娜 正在看《库存怎样降下来》**"
    assert text[2:] == ["> 已看：0 分 11 秒", "> 渠道：card", "[查看活动](https://live.example.com/e/ku-cun)"]
    assert "安娜" not in message.payload and "anna" not in message.payload
