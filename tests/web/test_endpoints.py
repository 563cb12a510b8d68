"""Endpoints by the API: made with a secret that is told once, changed, given another secret, looked into, sent to again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from standardwebhooks.webhooks import Webhook

from repurpose.client import ApiError, Client
from repurpose.db import audit, endpoints, outbox
from tests.notify.receiver import Receiver, Say, receiving
from tests.web.served import Served, served


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving(lambda got: Say(410 if got.path == "/gone" else 204)) as made:
        yield made


@pytest.fixture(scope="module")
def server(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    inside = (receiver.url.split("/")[2],)
    with served(tmp_path_factory.mktemp("endpoints") / "home", webhook_inside=inside) as made:
        yield made


@pytest.mark.slow
def test_from_making_one_to_sending_again(server: Served, receiver: Receiver) -> None:
    engine = server.place.engine
    with Client(server.base, server.keys["admin"]) as api:
        made = api.create_endpoint(receiver.url, ["event.published"], name="CRM")
        secret = made["secret"]
        shown = api.endpoint(made["id"])
        assert (shown["types"], shown["name"], shown["state"]) == (["event.published"], "CRM", "active")
        assert secret.startswith("whsec_") and "secret" not in shown
        assert [one["id"] for one in api.endpoints()["items"]] == [made["id"]]
        with pytest.raises(ApiError) as taken:
            api.create_endpoint(receiver.url, ["event.withdrawn"])
        assert taken.value.status == 409
        outbox.tell(engine, "event.published", "ev_1", {"n": 1})
        Webhook(secret).verify(receiver.wait(1)[0].body, receiver.got[0].headers)
        newer = api.renew_secret(made["id"])["secret"]
        (message,) = api.messages(made["id"])["items"]
        assert message["payload"]["data"] == {"n": 1} and newer != secret
        assert api.replay(made["id"], message=message["id"]) == 1
        again = receiver.wait(2)[1]
        assert again.headers["webhook-id"] == message["id"]
        for one in (secret, newer):
            Webhook(one).verify(again.body, again.headers)
        assert api.replay(made["id"]) == 0  # nothing was given up
        changed = api.change_endpoint(shown | {"updated": api.endpoint(made["id"])["updated"]}, state="disabled")
        assert changed["state"] == "disabled"
        with pytest.raises(ApiError) as stale:
            api.change_endpoint(shown, name="other")
        assert stale.value.status == 412
        api.delete_endpoint(made["id"])
        assert api.endpoints()["items"] == []
    done = [row.action for row in audit.noted(engine, about=made["id"])]
    assert done == [f"endpoint.{what}" for what in ("delete", "change", "replay", "secret", "make")]
    kept = str([vars(row) for row in audit.noted(engine)])
    assert secret not in kept and newer not in kept


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("webhook", "http://example.com/"), ("webhook", "https://127.0.0.1/"), ("webhook", "https://[::1]/"),
        ("webhook", "https://a:b@example.com/"), ("webhook", "https://example.com:22/"), ("webhook", "mail@example.com"),
        ("wecom", "https://example.com/cgi-bin/webhook/send?key=1"), ("mail", "https://example.com/"),
        ("mail", "no-address"), ("mail", "a@b"), ("mail", "a@example.com,b@example.com"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(server: Served, kind: str, address: str) -> None:
    with server.client("admin") as client:
        answer = client.post("/api/v1/endpoints", json={"kind": kind, "address": address, "types": ["event.published"]})
    assert answer.status_code == 422, answer.text


def test_the_key_of_a_robot_is_not_shown(server: Served) -> None:
    engine = server.place.engine
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    with server.client("admin") as client:
        wish = {"kind": "wecom", "address": address, "types": ["submission.received"]}
        made = client.post("/api/v1/endpoints", json=wish).json()
        assert made["secret"] == "" and made["address"].endswith("?key=…5aaa")
        listed = client.get("/api/v1/endpoints").text
    assert "693a91f6" not in listed
    endpoints.remove(engine, made["id"])
