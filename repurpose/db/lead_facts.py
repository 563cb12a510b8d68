"""The rows of leads as they are written: facts, edges, questions, merges. What they come to is judged in `leads.known`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, exists, func, insert, select, text, update

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading, writing
from repurpose.db.tables import (
    lead_attendance,
    lead_conflicts,
    lead_edges,
    lead_facts,
    lead_identifiers,
    lead_merges,
    lead_suppressions,
    lead_vault,
    leads,
    view_consents,
)

_ALONE = 7240612  # PostgreSQL: one who says who is who at a time, as SQLite has it


@dataclass(frozen=True)
class Known:
    """A fact that is there: its row's id, whose it is, and the identifiers it names, by their own ids."""

    id: str
    same: str
    lead_id: str
    strength: str
    about: str
    event_id: str | None
    source: str
    at: int
    identifiers: tuple[int, ...]


@contextmanager
def deciding(engine: Engine) -> Iterator[Connection]:
    """A transaction in which leads are told apart, alone."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ALONE})"))
        yield connection


def vault(engine: Engine) -> str | None:
    """The deployment's key, sealed."""
    with reading(engine) as connection:
        return connection.execute(select(lead_vault.c.wrapped)).scalar_one_or_none()


def make_vault(engine: Engine, wrapped: str) -> str:
    """Keep a new key for the deployment, unless another made one meanwhile; the one that is kept."""
    with deciding(engine) as connection:
        kept = connection.execute(select(lead_vault.c.wrapped)).scalar_one_or_none()
        if kept is None:
            connection.execute(insert(lead_vault).values(id=1, wrapped=wrapped))
        return kept or wrapped


def put_vault(engine: Engine, wrapped: str) -> None:
    """Keep the deployment's key as it is sealed now."""
    with writing(engine) as connection:
        connection.execute(update(lead_vault).values(wrapped=wrapped))


def agreed(connection: Connection, visitor: str) -> bool:
    """Did this browser agree to be recognised, and not take it back?"""
    c = view_consents.c
    last = select(c.choice).where(c.visitor == visitor).order_by(c.id.desc()).limit(1)
    return bool(connection.execute(last).scalar() == "given")


def suppressed(connection: Connection, hashes: Collection[str]) -> dict[str, int]:
    """Which of these are never to be taken in again, and since when."""
    c = lead_suppressions.c
    found = select(c.hmac, c.at).where(c.hmac.in_(list(hashes)))
    return {row.hmac: row.at for row in connection.execute(found)}


def suppress(connection: Connection, hashes: Iterable[str], at: int) -> None:
    """Never take these in again."""
    wanted = set(hashes)
    known = suppressed(connection, wanted)
    if known:
        connection.execute(update(lead_suppressions).where(lead_suppressions.c.hmac.in_(list(known))).values(at=at))
    if wanted - known.keys():
        connection.execute(
            insert(lead_suppressions), [{"hmac": one, "at": at} for one in sorted(wanted - known.keys())]
        )


def allow(connection: Connection, hashes: Collection[str]) -> None:
    """Who asked to be forgotten came back by themselves."""
    connection.execute(delete(lead_suppressions).where(lead_suppressions.c.hmac.in_(list(hashes))))


def said_before(connection: Connection, same: str) -> str | None:
    """The lead of the fact that says the same, when there is one."""
    return connection.execute(select(lead_facts.c.lead_id).where(lead_facts.c.same == same)).scalar_one_or_none()


def identifiers(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[int]:
    """The ids of these (kind, hash), in their order; those that are not there are made, with nothing in them yet."""
    c = lead_identifiers.c
    ids = []
    for kind, hashed in keys:
        found = connection.execute(select(c.id).where(c.kind == kind, c.hmac == hashed)).scalar_one_or_none()
        if found is None:
            made = insert(lead_identifiers).values(kind=kind, hmac=hashed, value="").returning(c.id)
            found = connection.execute(made).scalar_one()
        ids.append(found)
    return ids


def around(connection: Connection, ids: Iterable[int]) -> list[Known]:
    """All facts that hang together with these identifiers, by whatever identifiers between."""
    edge, fact = lead_edges.c, lead_facts.c
    todo, done = set(ids), set[int]()
    rows: dict[str, Any] = {}
    named: dict[str, set[int]] = {}
    while todo:
        new = select(edge.fact_id).where(edge.identifier_id.in_(list(todo))).distinct()
        done |= todo
        fresh = set(connection.execute(new).scalars()) - rows.keys()
        if not fresh:
            break
        for row in connection.execute(select(lead_facts).where(fact.id.in_(list(fresh)))):
            rows[row.id] = row
        pairs = select(edge.fact_id, edge.identifier_id).where(edge.fact_id.in_(list(fresh)))
        for fact_id, identifier in connection.execute(pairs):
            named.setdefault(fact_id, set()).add(identifier)
        todo = {one for fact_id in fresh for one in named[fact_id]} - done
    return [
        Known(
            row.id, row.same, row.lead_id, row.strength, row.about, row.event_id, row.source, row.at,
            tuple(sorted(named[row.id])),
        )
        for row in rows.values()
    ]  # fmt: skip


def kinds(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """(kind, hash, sealed value) of these identifiers."""
    c = lead_identifiers.c
    rows = connection.execute(select(c.id, c.kind, c.hmac, c.value).where(c.id.in_(list(ids))))
    return {row.id: (row.kind, row.hmac, row.value) for row in rows}


def owners(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Whose each of these identifiers is now."""
    c = lead_edges.c
    found = select(c.identifier_id, c.lead_id).where(c.identifier_id.in_(list(ids)), c.revoked_at.is_(None)).distinct()
    return {row.identifier_id: row.lead_id for row in connection.execute(found)}


def keys_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The keys of these leads, sealed."""
    found = select(leads.c.id, leads.c.key).where(leads.c.id.in_(list(ids)))
    return {lead: key for lead, key in connection.execute(found) if key}


def add_lead(connection: Connection, key: str, source: str, at: int) -> str:
    """A new lead's id."""
    lead = new_id("le")
    connection.execute(insert(leads).values(id=lead, key=key, source=source, created=at, updated=at))
    return lead


def add_fact(connection: Connection, values: Mapping[str, Any]) -> str:
    """A new fact's id."""
    fact = new_id("fa")
    connection.execute(insert(lead_facts).values(id=fact, came=now(), **values))
    return fact


def move_fact(connection: Connection, fact: Known, lead: str, about: str) -> None:
    """The fact is about this lead, and with it what was told of the live event."""
    connection.execute(update(lead_facts).where(lead_facts.c.id == fact.id).values(lead_id=lead, about=about))
    if fact.event_id:
        c = lead_attendance.c
        other = lead_attendance.alias()
        there = exists().where(other.c.event_id == c.event_id, other.c.source == c.source, other.c.lead_id == lead)
        mine = (c.event_id == fact.event_id) & (c.source == fact.source) & (c.lead_id == fact.lead_id)
        connection.execute(update(lead_attendance).where(mine, ~there).values(lead_id=lead))


def put_edges(connection: Connection, fact: str, lead: str, strength: str, at: int, held: Mapping[int, bool]) -> None:
    """What this fact says of identifiers: those that are held belong to the lead by it, the others do not."""
    c, moment = lead_edges.c, now()
    rows = {
        (row.identifier_id, row.lead_id): row.revoked_at
        for row in connection.execute(select(lead_edges).where(c.fact_id == fact))
    }
    for (identifier, owner), revoked in rows.items():
        stays = owner == lead and held.get(identifier, False)
        if stays != (revoked is None):
            here = (c.fact_id == fact) & (c.identifier_id == identifier) & (c.lead_id == owner)
            connection.execute(update(lead_edges).where(here).values(revoked_at=None if stays else moment))
    new = [
        {
            "fact_id": fact, "identifier_id": identifier, "lead_id": lead, "strength": strength, "valid_from": at,
            "revoked_at": None if good else moment,
        }
        for identifier, good in held.items() if (identifier, lead) not in rows
    ]  # fmt: skip
    if new:
        connection.execute(insert(lead_edges), new)


def put_value(connection: Connection, identifier: int, value: str) -> None:
    """What the identifier says, sealed with the key of the lead whose it is."""
    connection.execute(update(lead_identifiers).where(lead_identifiers.c.id == identifier).values(value=value))


def touch(connection: Connection, ids: Collection[str]) -> None:
    """Something new is known of these leads."""
    at = now()
    newer = (
        func.max(at, leads.c.updated + 1)
        if connection.dialect.name == "sqlite"
        else func.greatest(at, leads.c.updated + 1)
    )
    connection.execute(update(leads).where(leads.c.id.in_(list(ids))).values(updated=newer))


def put_questions(
    connection: Connection, among: Collection[str], asked: Mapping[tuple[str, str], tuple[str, str]]
) -> None:
    """The questions between leads of `among`: (lead, other) -> (kind, fact). Those nobody asks any more go; settled stay."""
    c = lead_conflicts.c
    here = select(lead_conflicts).where(c.lead_id.in_(list(among)), c.other_id.in_(list(among)))
    known = {(row.lead_id, row.other_id): row for row in connection.execute(here)}
    gone = [row.id for pair, row in known.items() if pair not in asked and row.state == "open"]
    if gone:
        connection.execute(delete(lead_conflicts).where(c.id.in_(gone)))
    for (lead, other), (kind, fact) in asked.items():
        if (lead, other) not in known:
            connection.execute(insert(lead_conflicts).values(
                lead_id=lead, other_id=other, kind=kind, fact_id=fact, at=now(), state="open", by="",
            ))  # fmt: skip


def settle(engine: Engine, question: int, by: str) -> bool:
    """These two are apart: nobody asks again. False when there is no such question that is open."""
    c = lead_conflicts.c
    with writing(engine) as connection:
        here = update(lead_conflicts).where(c.id == question, c.state == "open")
        return connection.execute(here.values(state="apart", settled=now(), by=by)).rowcount == 1


def set_merged(connection: Connection, lead: str, into: str | None) -> None:
    """Who stands for this lead from now on; None: it does itself."""
    connection.execute(update(leads).where(leads.c.id == lead).values(merged_into=into))


def log(connection: Connection, op: str, lead: str, into: str, actor: str, reason: str) -> None:
    """Write down a merge, or that it was taken back."""
    values = {"at": now(), "op": op, "lead_id": lead, "into_id": into, "actor": actor, "reason": reason}
    connection.execute(insert(lead_merges).values(values))


def into_of(connection: Connection, lead: str) -> str | None:
    """The lead this one was merged into."""
    return connection.execute(select(leads.c.merged_into).where(leads.c.id == lead)).scalar_one_or_none()


def merged_in(connection: Connection, lead: str) -> list[str]:
    """Those that were merged into this one, each by itself."""
    return list(
        connection.execute(select(leads.c.id).where(leads.c.merged_into == lead).order_by(leads.c.id)).scalars()
    )


def put_attendance(connection: Connection, values: Mapping[str, Any]) -> None:
    """What a platform tells of a lead at an event, instead of what it told before."""
    c = lead_attendance.c
    here = (c.event_id == values["event_id"]) & (c.lead_id == values["lead_id"]) & (c.source == values["source"])
    connection.execute(delete(lead_attendance).where(here))
    connection.execute(insert(lead_attendance).values(updated=now(), **values))
