"""From a form on the site to a receiver's door: what is sent in is told, signed, by the server that took it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook

from repurpose.db import endpoints, submissions
from repurpose.notify.signature import secrets_of
from repurpose.secret import alive
from tests.notify.receiver import receiving
from tests.web.served import published, served


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
