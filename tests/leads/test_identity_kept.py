"""Leads in the database, on both: sealed, told apart as the pure rules say, merged and taken apart without a trace."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from repurpose.db import leads as rows
from repurpose.db import views
from repurpose.db.session import Database, open_database, reading
from repurpose.db.tables import metadata
from repurpose.errors import UserError
from repurpose.leads.known import Sighting, identify, merge, unmerge
from repurpose.leads.people import find, people
from repurpose.leads.vault import Vault, vault_of
from repurpose.models.base import DAY_MS
from repurpose.models.browsers import whose
from repurpose.settings import Settings
from tests.databases import BOTH, ready_database

T = 1_790_000_000_000
LAPTOP, PHONE = f"v{'a' * 22}", f"v{'b' * 22}"
LEADS = sorted(name for name in metadata.tables if name.startswith("lead") and name != "lead_merges")


@pytest.fixture(params=BOTH)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Vault, Settings]]:
    settings = Settings(home=tmp_path, database=ready_database(request.param, tmp_path))
    engine = open_database(settings.database)
    for visitor in (LAPTOP, PHONE):
        views.consent(engine, visitor, "given", "", "1", "zh")
    yield engine, vault_of(engine, settings), settings
    engine.dispose()


def form(email: str, when: int, visitor: str = "", **about: str) -> Sighting:
    return Sighting("form", (("email", email),), at=when, visitor=visitor, about=about)


def crm(number: int, when: int, *emails: str) -> Sighting:
    keys = (("crm", str(number)), *(("email", email) for email in emails))
    return Sighting("api", keys, at=when, strength="strong")


def whole(engine: Database) -> dict[str, list[Any]]:
    with reading(engine) as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(metadata.tables[name]))), key=str)
            for name in LEADS
        }


def groups(engine: Database, vault: Vault) -> set[frozenset[tuple[str, str]]]:
    found = people(engine, vault, rows.listed(engine, limit=200))
    return {frozenset(one.known_by) for one in found}


def theirs(engine: Database, at: int) -> str | None:
    """Whose the laptop was."""
    return whose(rows.turns(engine, [LAPTOP]).get(LAPTOP, []), at)


def test_nothing_that_names_a_person_lies_open(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, settings = at
    [outcome] = identify(engine, vault, [form("Anna@Example.com", T, LAPTOP, name="Anna Berg", company="墨川")])
    kept = str(whole(engine)).casefold()
    assert outcome.state == "new" and not any(word in kept for word in ("anna", "example.com", "berg", "墨川"))
    row = find(engine, vault, "anna@EXAMPLE.com")
    assert row and row.id == outcome.lead
    [person] = people(engine, vault, [row])
    assert person.email == "anna@example.com" and person.about == {"name": "Anna Berg", "company": "墨川"}
    with pytest.raises(UserError, match="REPURPOSE_SECRET"):
        vault_of(engine, replace(settings, secrets=("another" * 8,)))
    own = (settings.home / "secret").read_text().strip()
    changed = replace(settings, secrets=("another" * 8, own))
    assert find(engine, vault_of(engine, changed), "anna@example.com") == row
    assert vault_of(engine, replace(settings, secrets=("another" * 8,))).index == vault.index  # sealed anew


def test_said_twice_is_once(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, _ = at
    again = [form("a@x.com", T), form("A@X.com", T)]
    assert [one.state for one in identify(engine, vault, again)] == ["new", "again"]
    before = whole(engine)
    assert identify(engine, vault, again)[0].state == "again" and whole(engine) == before
    assert [one.state for one in identify(engine, vault, [form("null", T), Sighting("form", ())])] == ["refused"] * 2


def test_cookie_cleared_two_mails_shared_laptop(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, _ = at
    anna = identify(engine, vault, [form("a@x.com", T, LAPTOP), form("a@x.com", T + DAY_MS, PHONE)])[0].lead or ""
    assert [visitor for visitor, *_ in rows.visitors_of(engine, anna)] == [LAPTOP, PHONE]
    assert theirs(engine, T - DAY_MS) == anna and theirs(engine, T - 31 * DAY_MS) is None
    ben = identify(engine, vault, [form("b@x.com", T + 3 * DAY_MS, LAPTOP)])[0].lead
    assert ben != anna and theirs(engine, T + 3 * DAY_MS) == ben
    assert theirs(engine, T + 2 * DAY_MS) == anna and theirs(engine, T + 5 * DAY_MS) is None
    merge(engine, ben or "", anna, "us_1", "Anna's other address")
    assert theirs(engine, T + 5 * DAY_MS) == anna and rows.load(engine, ben or "") == rows.load(engine, anna)


def test_only_a_browser_that_agreed_joins(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, _ = at
    day, stranger = f"d{'c' * 22}", f"v{'d' * 22}"
    [one, _, _] = identify(
        engine, vault, [form("a@x.com", T + n, who) for n, who in enumerate((day, stranger, LAPTOP))]
    )
    assert [visitor for visitor, *_ in rows.visitors_of(engine, one.lead or "")] == [LAPTOP]
    views.consent(engine, PHONE, "withdrawn", "", "1", "zh")
    identify(engine, vault, [form("a@x.com", T + 9, PHONE)])
    assert [visitor for visitor, *_ in rows.visitors_of(engine, one.lead or "")] == [LAPTOP]


def test_late_evidence_that_two_always_were_one_brings_them_together(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, _ = at
    [one, two] = identify(engine, vault, [crm(7, T + 5), form("a@x.com", T + 6)])
    [late] = identify(engine, vault, [crm(7, T, "a@x.com")])
    assert one.lead != two.lead and groups(engine, vault) == {frozenset({("crm", "7"), ("email", "a@x.com")})}
    assert {rows.load(engine, one.lead or ""), rows.load(engine, two.lead or "")} == {
        rows.load(engine, late.lead or "")
    }


@pytest.mark.slow
@pytest.mark.parametrize("many", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_the_database_comes_to_the_same_in_any_order(at: tuple[Database, Vault, Settings], many: int) -> None:
    engine, vault, _ = at
    rng = random.Random(5)
    for number in range(many):
        found = set()
        said = []
        for k in range(rng.randint(3, 8)):
            mail = f"m{rng.randint(0, 3)}"
            keys = [("email", mail + "@{}.com")] * (rng.random() < 0.8) + [("crm", f"{rng.randint(0, 2)}-{{}}")] * (
                rng.random() < 0.5
            )
            said.append((k, rng.randint(0, 4), tuple(keys), rng.choice(["strong", "medium"])))
        for order in range(3):
            rng.shuffle(said)
            own = f"n{number}o{order}"
            for k, when, keys, strength in said:
                named = tuple((kind, value.format(own)) for kind, value in keys)
                identify(engine, vault, [Sighting("api", named, at=T + 10 * when + k, strength=strength, ref=str(k))])
            found.add(frozenset(
                frozenset((kind, value.replace(own, "")) for kind, value in one) for one in everybody(engine, vault)
                if any(own + "." in value or value.endswith(own) for _, value in one)
            ))  # fmt: skip
        assert len(found) == 1, said


def everybody(engine: Database, vault: Vault) -> set[frozenset[tuple[str, str]]]:
    every: list[Any] = []
    while page := rows.listed(engine, limit=200, after=(every[-1].created, every[-1].id) if every else None):
        every += page
    return {frozenset(one.known_by) for one in people(engine, vault, every)}


@pytest.mark.parametrize("many", [6, pytest.param(1000, marks=pytest.mark.slow)])
def test_what_is_merged_can_be_taken_apart_as_it_was(at: tuple[Database, Vault, Settings], many: int) -> None:
    engine, vault, _ = at
    rng = random.Random(8)
    made = identify(
        engine, vault, [form(f"p{n}@x.com", T + n, rng.choice((LAPTOP, PHONE, "")), name=str(n)) for n in range(8)]
    )
    ids = [one.lead or "" for one in made]
    for _ in range(
        many if engine.dialect.name == "sqlite" else min(many, 100)
    ):  # there each look at all rows takes long
        one, other = rng.sample(ids, 2)
        before, known = whole(engine), everybody(engine, vault)
        try:
            kept = merge(engine, one, other, "us_1", "the same person")
        except UserError:  # they are one already
            out = unmerge(
                engine,
                rng.choice([lead for lead in ids if (row := rows.load(engine, lead)) and row.id != lead]),
                "us_1",
                "no",
            )
            assert out in ids
            continue
        assert whole(engine) != before and len(everybody(engine, vault)) == len(known) - 1
        if rng.random() < 0.5:
            moved = next(row[0] for row in set(whole(engine)["leads"]) - set(before["leads"]))
            inside = [row[0] for row in whole(engine)["leads"] if row[1] == kept]
            unmerge(
                engine, kept if len(inside) == 1 and not before_merged(before, kept) else moved, "us_1", "they are two"
            )
            assert whole(engine) == before and everybody(engine, vault) == known


def before_merged(before: dict[str, list[Any]], lead: str) -> bool:
    return any(row[0] == lead and row[1] for row in before["leads"])


def test_who_has_two_ids_of_their_own_is_not_merged(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, _ = at
    [one, two] = identify(engine, vault, [crm(7, T), crm(8, T)])
    with pytest.raises(UserError, match="crm"):
        merge(engine, one.lead or "", two.lead or "", "us_1", "")
    with pytest.raises(UserError, match="Nothing was merged"):
        unmerge(engine, one.lead or "", "us_1", "")


def test_two_that_a_person_should_look_at(at: tuple[Database, Vault, Settings]) -> None:
    engine, vault, _ = at
    made = identify(
        engine, vault, [form("a@x.com", T), form("b@x.com", T + 1), crm(7, T + 2, "a@x.com"), crm(7, T + 3, "b@x.com")]
    )
    [asked] = rows.conflicts(engine, lead_id=made[0].lead or "")
    assert {asked.lead_id, asked.other_id} == {made[0].lead, made[1].lead} and asked.kind == "email"
    merge(engine, made[1].lead or "", made[0].lead or "", "us_1", "yes")
    assert rows.conflicts(engine) == []
    unmerge(engine, made[0].lead or "", "us_1", "no: split by the one that stands for both")
    assert rows.conflicts(engine) == [asked]
