"""A lead forgotten in the rows: what named it, what it did and whose browsers were its own, and the pages they lay on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Engine, Text, cast, delete, func, select, text, update

from repurpose.db.session import reading
from repurpose.db.tables import (
    lead_edges,
    lead_facts,
    lead_identifiers,
    lead_links,
    lead_merges,
    leads,
    links,
    metadata,
    outbox,
    submissions,
    view_consents,
    view_sessions,
    view_visitors,
)

_MANY = 500  # rows read at a time


def hashes(connection: Connection, members: Sequence[str]) -> list[str]:
    """The hashes of all that was ever said to name these leads."""
    edge, one = lead_edges.c, lead_identifiers.c
    found = select(one.hmac).join(lead_edges, one.id == edge.identifier_id).where(edge.lead_id.in_(list(members)))
    return sorted(set(connection.execute(found).scalars()))


def refs(connection: Connection, members: Sequence[str], source: str) -> list[str]:
    """What the facts of these leads rest on, of one source: the ids of forms."""
    c = lead_facts.c
    found = select(c.ref).where(c.lead_id.in_(list(members)), c.source == source, c.ref != "")
    return sorted(set(connection.execute(found).scalars()))


def all_submissions(connection: Connection) -> Iterator[tuple[str, dict[str, str]]]:
    """(id, fields) of every form that was sent in and is not empty."""
    c, last = submissions.c, ""
    while True:
        page = select(c.id, c.fields).where(c.id > last, c.fields != "{}").order_by(c.id).limit(_MANY)
        rows = list(connection.execute(page))
        if not rows:
            return
        for row in rows:
            yield row.id, json.loads(row.fields)
        last = rows[-1].id


def empty_submissions(connection: Connection, ids: Sequence[str]) -> None:
    """That these were sent in stays, with the consent; what stood in them does not."""
    here = submissions.c.id.in_(list(ids))
    connection.execute(update(submissions).where(here).values(fields="{}", visitor=""))


def forget_messages(connection: Connection, about: Collection[str], words: Collection[str]) -> int:
    """Drop what was to be told, or was told, about these, and what has one of these words in it; how many."""
    found = list(connection.execute(delete(outbox).where(outbox.c.aggregate.in_(list(about))).returning(outbox.c.seq)))
    for word in words:
        here = func.lower(outbox.c.payload).contains(word.casefold(), autoescape=True)
        found += list(connection.execute(delete(outbox).where(here).returning(outbox.c.seq)))
    return len(found)


def forget(connection: Connection, members: Sequence[str], at: int) -> None:
    """Drop all that hangs on these leads. Their rows stay, without their keys: what was merged into what, and since when."""
    ids = list(members)
    codes = list(connection.execute(select(lead_links.c.code).where(lead_links.c.lead_id.in_(ids))).scalars())
    connection.execute(update(links).where(links.c.code.in_(codes)).values(revoked=at, same=None))
    mine = select(lead_edges.c.identifier_id).where(lead_edges.c.lead_id.in_(ids))
    others = select(lead_edges.c.identifier_id).where(
        lead_edges.c.lead_id.not_in(ids), lead_edges.c.revoked_at.is_(None)
    )
    own = list(connection.execute(mine.where(lead_edges.c.identifier_id.not_in(others)).distinct()).scalars())
    connection.execute(delete(lead_identifiers).where(lead_identifiers.c.id.in_(own)))
    for table in metadata.sorted_tables:
        if table.name != lead_merges.name:
            for key in table.foreign_keys:
                if key.column is leads.c.id and table is not leads:
                    connection.execute(delete(table).where(key.parent.in_(ids)))
    told = lead_merges.c.lead_id.in_(ids) | lead_merges.c.into_id.in_(ids)
    connection.execute(update(lead_merges).where(told).values(reason=""))
    connection.execute(update(leads).where(leads.c.id.in_(ids)).values(key=None, erased=at, updated=at))


def part_from(
    connection: Connection, stretches: Mapping[str, Sequence[tuple[int, int]]], alone: Collection[str]
) -> None:
    """What was watched in these browsers stays counted, but no browser can be told by it any more.

    Of browsers that were the lead's `alone` everything; of others the times that were the lead's.
    """
    for visitor, times in stretches.items():
        other = f"v{secrets.token_urlsafe(16)}"
        here = view_sessions.c.visitor == visitor
        if visitor in alone:
            connection.execute(update(view_sessions).where(here).values(visitor=other))
            seen = view_visitors.c.visitor == visitor
            connection.execute(update(view_visitors).where(seen).values(visitor=other))
            connection.execute(delete(view_consents).where(view_consents.c.visitor == visitor))
            continue
        for start, end in times:
            then = here & (view_sessions.c.created >= start) & (view_sessions.c.created < end)
            connection.execute(update(view_sessions).where(then).values(visitor=other))


def scrub(engine: Engine) -> None:
    """Write the database anew, so that no page that was freed still holds what was deleted.

    No less will do on SQLite: with `secure_delete` too, a page that is divided because its rows grew, as messages do, keeps
    bytes of the rows that moved.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.execute(text("VACUUM FULL"))


def rows_with(engine: Engine, words: Collection[str]) -> dict[str, int]:
    """In how many rows of each table of ours one of these words stands, however it is written in capitals."""
    found = {}
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                if column.type.python_type is not str:
                    continue
                said = [func.lower(cast(column, Text)).contains(word.casefold(), autoescape=True) for word in words]
                count = sum(connection.execute(select(func.count()).where(one)).scalar_one() for one in said)
                if count:
                    found[f"{table.name}.{column.name}"] = count
    return found


def place_of(engine: Engine) -> str:
    """The file of the database; "" where a server has it."""
    return (engine.url.database or "") if engine.dialect.name == "sqlite" else ""
