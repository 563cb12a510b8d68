"""Signatures beside the published library, in both directions; what is old, changed or another's is refused."""

from __future__ import annotations

import datetime
import random
import time

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from repurpose.db.endpoints import Key
from repurpose.notify.signature import headers_of, secrets_of
from tests.notify.receiver import Unsigned, verify

SITE = (b"s" * 32,)
NOW = 1_790_000_000


def secret(nonce: str = "00", site: tuple[bytes, ...] = SITE) -> str:
    return secrets_of("en_a", [Key(nonce)], site, 0)[0]


def test_a_vector_of_the_specification() -> None:
    """The example that the libraries of Standard Webhooks share."""
    given = headers_of(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )
    assert given["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_say_the_same_of_a_thousand_messages() -> None:
    chance, now = random.Random(1), int(time.time())
    for n in range(1000):
        ours, body = secret(f"{n:x}"), "".join(chr(chance.choice((65, 0x7533, 0x1F600, 10))) for _ in range(n % 50))
        mine = headers_of(f"ms_{n}", now, body.encode(), [ours])
        Webhook(ours).verify(body.encode(), mine, json_parse=False)
        moment = datetime.datetime.fromtimestamp(now, datetime.UTC)
        theirs = {**mine, "webhook-signature": Webhook(ours).sign(f"ms_{n}", moment, body)}
        assert theirs == mine
        assert verify(theirs, body.encode(), [ours], now) == f"ms_{n}"


def test_a_secret_has_the_form_and_is_ones_own() -> None:
    ours = secret()
    assert ours.startswith("whsec_") and len(ours) == 6 + 44
    others = {secret("01"), secret(site=(b"t" * 32,)), secrets_of("en_b", [Key("00")], SITE, 0)[0]}
    assert ours not in others and len(others) == 3


@pytest.mark.parametrize("late", [301, -301, 360, 86_400])
def test_what_was_kept_and_sent_again_is_refused(late: int) -> None:
    given = headers_of("ms_1", int(time.time()) - late, b"{}", [secret()])
    with pytest.raises(Unsigned, match="five minutes"):
        verify(given, b"{}", [secret()], time.time())
    with pytest.raises(WebhookVerificationError):
        Webhook(secret()).verify(b"{}", given)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "ms_2"}, {"webhook-timestamp": str(NOW + 1)}, {"webhook-timestamp": "x"}, {"webhook-id": ""},
        {"webhook-signature": ""}, {"webhook-signature": "v1,"}, {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1a,AAAA v2 ,, v1"}, {"webhook-signature": "v1,é"},
    ],
)  # fmt: skip
def test_what_was_changed_is_refused(change: dict[str, str]) -> None:
    given = headers_of("ms_1", NOW, b"{}", [secret()])
    assert verify(given, b"{}", [secret("01"), secret()], NOW + 299) == "ms_1"
    with pytest.raises(Unsigned):
        verify(given | change, b"{}", [secret()], NOW)
    with pytest.raises(Unsigned):
        verify(given, b"{} ", [secret()], NOW)


def test_while_a_secret_is_changed_both_sign() -> None:
    keys = [Key("new"), Key("old", until=2000), Key("older", until=999)]
    assert secrets_of("en_a", keys, SITE, 1000) == [secret("new"), secret("old")]
    assert secrets_of("en_a", keys, SITE, 2000) == [secret("new")]
    given = headers_of("ms_1", int(time.time()), b"{}", secrets_of("en_a", keys, SITE, 1000))
    for one in ("new", "old"):
        Webhook(secret(one)).verify(b"{}", given)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret("older")).verify(b"{}", given)
    both = secrets_of("en_a", [Key("new")], (b"n" * 32, *SITE), 0)  # the site's own secret is being changed
    assert both[1] == secret("new") != both[0]
