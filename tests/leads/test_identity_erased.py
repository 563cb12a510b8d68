"""Somebody asks to be forgotten: nothing that names them is left, nothing brings them back, and only they can come again."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from repurpose.db import audit, endpoints, leads, submissions, views
from repurpose.db.films import films_of
from repurpose.db.jobs import now
from repurpose.db.lead_erasure import forget_messages
from repurpose.db.session import open_database, writing
from repurpose.db.submissions import Consent
from repurpose.db.tables import outbox
from repurpose.leads.erase import erase, prove, scrub
from repurpose.leads.forms import take_in
from repurpose.leads.importers import read_registrants, sightings_of
from repurpose.leads.known import identify
from repurpose.leads.people import find, people
from repurpose.leads.scan import found_in, spellings
from repurpose.leads.vault import vault_of
from repurpose.models.published import FormField
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.track.fold import Arrival, arrive
from repurpose.track.writer import write
from tests.databases import BOTH, ready_database
from tests.track.made import batch, came, seg
from tests.web.served import published

VISITOR = f"v{'a' * 22}"
FORM = (FormField(key="name", kind="name"), FormField(key="email", kind="email"), FormField(key="tel", kind="phone"))
SHEET = "name,email,phone,minutes\nAnna Berg,anna.berg@müller-weber.example,138 0013 8000,30\nBen,ben@example.com,,20\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOTH)
def test_nothing_is_left_and_nothing_comes_back(kind: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database=ready_database(kind, tmp_path))  # type: ignore[arg-type]
    with Workplace(settings, threads=1) as place:
        engine, vault = place.engine, vault_of(place.engine, settings)
        event = published(place)
        of = next(one for one in films_of(engine, event.id).values() if one.length == 30_000)
        views.consent(engine, VISITOR, "given", "", "1", "zh")
        for number, visitor in enumerate((VISITOR, f"d{'b' * 22}")):
            seen = arrive(batch([seg(1, 0, 6000, 0)], psid=f"{number:022}"), came(of, visitor=visitor))
            assert isinstance(seen, Arrival)
            write(engine, [seen], Counter())
        answers = {"name": "Anna Berg", "email": "ANNA.Berg@müller-weber.example", "tel": "+86 138-0013-8000"}
        agreed = Consent("", "1", "zh", now())
        form = submissions.add(engine, event.id, answers, visitor=VISITOR, consent=agreed)
        submissions.add(engine, event.id, answers | {"email": "anna.berg@xn--mller-weber-9db.example"}, visitor="")
        sheet = sightings_of(read_registrants(SHEET.encode()), event.id)
        take_in(engine, vault, form, FORM)
        identify(engine, vault, sheet)
        row = find(engine, vault, "13800138000")
        assert row and leads.visitors_of(engine, row.id)
        kept = tmp_path / "logs" / "access.log"
        kept.parent.mkdir()
        kept.write_text('"GET /?email=Anna.Berg%40m%c3%bcller-weber.example"\n')

        erased = erase(engine, vault, row.id, "us_1")
        assert erased.submissions == 2
        report = prove(engine, settings, erased)
        assert report.hits == {} and report.files > 5 and report.unread == []
        assert list(prove(engine, settings, erased, [kept.parent]).hits.values()) == [1]

        gone = leads.load(engine, row.id)
        assert gone and gone.erased and people(engine, vault, [gone])[0].known_by == ()
        assert leads.visitors_of(engine, row.id) == [] and leads.attendance(engine, lead_id=row.id) == []
        assert views.viewers(engine, event.id) == 0 or views.counted(engine, event.id)  # what was watched stays counted
        assert (
            views.visitor_bits(engine, event.id, VISITOR) == b"" and len(list(views.seen_bits(engine, event.id))) == 2
        )
        assert [one.action for one in audit.noted(engine, about=row.id)] == ["leads.erase"]
        assert find(engine, vault, "ben@example.com") is not None

        assert [one.state for one in identify(engine, vault, sheet)] == ["suppressed", "again"]
        again = take_in(engine, vault, form, FORM)
        assert again and again.state == "suppressed" and find(engine, vault, "13800138000") is None
        fresh = submissions.add(engine, event.id, answers, visitor=VISITOR, consent=agreed)
        back = take_in(engine, vault, fresh, FORM)
        assert back and back.state == "new" and back.lead != row.id
        assert leads.visitors_of(engine, back.lead or "") == []  # that browser did not agree again


def test_nothing_is_left_between_rows_that_grew(tmp_path: Path) -> None:
    """A message grows when it could not be sent: pages of the database are divided then, and keep what stood in them."""
    file, chance, at = tmp_path / "a.db", random.Random(1), now()
    engine = open_database(f"sqlite:///{file}")
    to = endpoints.add(engine, "mail", "a@x.com", types=["submission.received"], by="test").id
    told = {
        "endpoint_id": to, "type": "submission.received", "state": "waiting", "available_at": at, "lease_until": 0,
        "holder": "", "attempts": 0, "failed": 0, "why": "", "created": at,
    }  # fmt: skip
    for n in range(1000):
        payload = f'{{"email": "p{n:04}@example.com", "more": "{"y" * chance.randrange(40, 400)}"}}'
        with writing(engine) as connection:
            row = {"id": f"ms_{n}", "aggregate": f"s{n}", "payload": payload}
            connection.execute(outbox.insert().values(told | row))
            late = outbox.c.id == f"ms_{chance.randrange(n + 1)}"
            connection.execute(outbox.update().where(late).values(why="z" * chance.randrange(1500)))
    gone = {f"p{n:04}@example.com" for n in chance.sample(range(1000), 100)}
    with writing(engine) as connection:
        assert forget_messages(connection, (), gone) == 100
    scrub(engine)
    assert found_in(file, spellings(gone)) == found_in(file.with_name("a.db-wal"), spellings(gone)) == 0
    assert found_in(file, [b"@example.com"]) >= 900
    engine.dispose()


def test_a_word_is_found_however_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a"
    for text in (b"x" * (1 << 22) + b"ANNA@X.com", "安娜@x.com".encode("utf-16"), "安娜@x.com".encode("gb18030"), b'"\\u5b89\\u5a1c@x.com"',
                 b"?q=anna%40x.com"):  # fmt: skip
        file.write_bytes(text)
        assert found_in(file, spellings(["anna@x.com", "安娜@x.com"])) == 1, text[-40:]
    file.write_bytes(b"y" * ((1 << 22) - 5) + b"anna@x.com" + b"y" * (1 << 22))
    assert found_in(file, spellings(["anna@x.com"])) == 1
