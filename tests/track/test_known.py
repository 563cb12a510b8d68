"""Who hears when a lead that is known watches: card owners and endpoints, once a minute, without a name in the message."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from repurpose.db import endpoints, outbox, people
from repurpose.db.films import films_of
from repurpose.db.jobs import now
from repurpose.db.session import writing
from repurpose.db.tables import lead_facts, leads
from repurpose.db.tables import outbox as messages
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.track.fold import Arrival, arrive
from repurpose.track.writer import write
from tests.databases import ready_database
from tests.track.made import batch, came, psid_of, seg
from tests.web.served import published

ANNA, NOBODY = f"v{'a' * 22}", f"v{'b' * 22}"


def test_it_is_told_when_a_known_lead_has_a_view(tmp_path: Path) -> None:
    chance = random.Random(1)
    with Workplace(Settings(home=tmp_path, database=ready_database("sqlite", tmp_path)), threads=1) as place:
        engine, event = place.engine, published(place)
        lin = people.create(engine, slug="lin", name="林晓", notify={"mail": "lin@example.com"})
        crm = endpoints.add(engine, "webhook", "https://crm.example/", types=["watch.by_known"], by="test")
        with writing(engine) as connection:
            at = now()
            connection.execute(insert(leads).values(id="le_anna", key="", source="form", created=at, updated=at))
            fact = {"id": "fa_1", "same": "1", "lead_id": "le_anna", "source": "form", "ref": "", "strength": "medium"}
            fact |= {"visitor": ANNA, "event_id": event.id, "about": "", "at": at - 1000, "came": at}
            connection.execute(insert(lead_facts).values(fact))
        of = max(films_of(engine, event.id).values(), key=lambda one: one.length)

        def watch(visitor: str, ms: int, psid: str = "", first: int = 0, **about: Any) -> str:
            psid = psid or psid_of(chance)
            one = arrive(
                batch([seg(first, first * 1000, first * 1000 + ms, first * 1000)], psid=psid, sent=ms + first * 1000),
                came(of, visitor=visitor, person=lin.id, channel="card", **about),
            )
            assert isinstance(one, Arrival)
            write(engine, [one], Counter())
            return psid

        def told(of: endpoints.EndpointRow) -> list[Any]:
            return [json.loads(row.payload)["data"] for row in outbox.listed(engine, of.id)]

        watch(NOBODY, 12_000)
        watch(f"d{'a' * 22}", 12_000)  # without consent
        watch(ANNA, 12_000, who="staff")
        begun = watch(ANNA, 4_000)
        assert told(crm) == []
        watch(ANNA, 7_000, begun, 4)  # eleven seconds: a view
        (one,) = told(crm)
        assert (one["lead"], one["event"]["id"], one["channel"]) == ({"id": "le_anna"}, event.id, "card")
        assert (one["person"], one["watched_ms"], one["asset"]) == (lin.id, 11_000, of.asset)
        (card,) = [row for row in endpoints.listed(engine) if row.by == endpoints.CARD]
        assert told(card) == [one]
        watch(ANNA, 5_000, begun, 20)  # goes on
        watch(ANNA, 12_000)  # another film, within a minute
        assert told(crm) == [one]
        with writing(engine) as connection:
            connection.execute(update(messages).values(created=messages.c.created - 61_000))
        watch(ANNA, 12_000)
        assert (len(told(crm)), len(told(card))) == (2, 2)
