"""The rows of accounts, sessions, tickets and keys. What comes in and goes out are hashes of secrets, never secrets."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading, writing
from repurpose.db.tables import api_keys, sessions, tickets, users
from repurpose.errors import Taken, UserError

Role = Literal["viewer", "editor", "publisher", "sales", "admin"]
Scope = Literal["read", "ingest", "publish", "leads", "admin"]
Purpose = Literal["first", "invite", "reset"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SEEN_MS = 60_000  # how exactly it is known when something was last used


@dataclass(frozen=True)
class UserRow:
    """An account; `password` is its argon2 hash, None until it was set."""

    id: str
    email: str
    name: str
    role: Role
    password: str | None
    person_id: str | None
    state: Literal["active", "disabled"]
    created: int
    updated: int
    seen: int | None


@dataclass(frozen=True)
class SessionRow:
    """A browser that is signed in."""

    hash: str
    user_id: str
    csrf: str
    agent: str
    created: int
    seen: int
    expires: int


@dataclass(frozen=True)
class TicketRow:
    """A link that lets someone in once."""

    hash: str
    purpose: Purpose
    user_id: str | None
    role: Role
    created: int
    expires: int
    used: int | None


@dataclass(frozen=True)
class KeyRow:
    """A key for a program."""

    id: str
    name: str
    hash: str
    scopes: tuple[Scope, ...]
    created: int
    by: str
    expires: int | None
    used: int | None
    revoked: int | None


# -- accounts ----------------------------------------------------------------------------------------------------------


def add_user(engine: Engine, email: str, name: str, role: Role, password: str | None = None) -> UserRow:
    """A new account. Raises Taken when there is one of this address."""
    at = now()
    row = UserRow(new_id("us"), email.lower(), name, role, password, None, "active", at, at, None)
    try:
        with writing(engine) as connection:
            connection.execute(insert(users).values(**row.__dict__))
    except IntegrityError:
        raise Taken(f"{email}: there is an account of this address already.") from None
    return row


def user(engine: Engine, user_id: str) -> UserRow | None:
    """The account of this id; None when there is none."""
    with reading(engine) as connection:
        return _user(connection.execute(select(users).where(users.c.id == user_id)).one_or_none())


def user_of(engine: Engine, email: str) -> UserRow | None:
    """The account of this address, however it is written."""
    with reading(engine) as connection:
        return _user(connection.execute(select(users).where(users.c.email == email.lower())).one_or_none())


def all_users(engine: Engine, after: str = "", limit: int = 100) -> list[UserRow]:
    """Accounts in the order of their ids, beginning after `after`."""
    with reading(engine) as connection:
        found = connection.execute(select(users).where(users.c.id > after).order_by(users.c.id).limit(limit))
        return [UserRow(**row._mapping) for row in found]


def change_user(engine: Engine, user_id: str, expected: int | None = None, **values: Any) -> UserRow | None:
    """Change an account; None when there is none, or it is not as it was at `expected` (its `updated`).

    Whoever is disabled or gets another password or role is signed out everywhere. Raises UserError rather than leave
    nobody who can administrate.
    """
    with writing(engine) as connection:
        row = _user(connection.execute(select(users).where(users.c.id == user_id).with_for_update()).one_or_none())
        if row is None or expected not in (None, row.updated):
            return None
        changed = UserRow(**{**row.__dict__, **values, "updated": max(now(), row.updated + 1)})
        if _rules(row) and not _rules(changed):
            others = select(func.count()).where(
                users.c.id != user_id, users.c.role == "admin", users.c.state == "active"
            )
            if not connection.execute(others).scalar_one():
                raise UserError("This is the last administrator. Make another one first.")
        connection.execute(update(users).where(users.c.id == user_id).values(**changed.__dict__))
        if {"password", "role", "state"} & values.keys():
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
        return changed


def has_admin(engine: Engine) -> bool:
    """Is there anybody who can administrate?"""
    with reading(engine) as connection:
        found = select(func.count()).where(users.c.role == "admin", users.c.state == "active")
        return connection.execute(found).scalar_one() > 0


# -- sessions ----------------------------------------------------------------------------------------------------------


def open_session(engine: Engine, user_id: str, secret_hash: str, csrf: str, agent: str, lasts_ms: int) -> SessionRow:
    """A browser signs in. What has ended is swept out on the way."""
    at = now()
    row = SessionRow(secret_hash, user_id, csrf, agent[:300], at, at, at + lasts_ms)
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.expires <= at))
        connection.execute(insert(sessions).values(**row.__dict__))
        connection.execute(update(users).where(users.c.id == user_id).values(seen=at))
    return row


def session(engine: Engine, secret_hash: str, idle_ms: int) -> tuple[SessionRow, UserRow] | None:
    """A session that goes on, with its account; None when it has ended, was idle for too long, or may no longer be."""
    at = now()
    with reading(engine) as connection:
        row = connection.execute(select(sessions).where(sessions.c.hash == secret_hash)).one_or_none()
        if row is None or row.expires <= at or row.seen + idle_ms <= at:
            return None
        who = _user(connection.execute(select(users).where(users.c.id == row.user_id)).one_or_none())
    if who is None or who.state != "active":
        return None
    if at - row.seen > SEEN_MS:
        with writing(engine) as connection:
            connection.execute(update(sessions).where(sessions.c.hash == secret_hash).values(seen=at))
    return SessionRow(**row._mapping), who


def close_session(engine: Engine, secret_hash: str) -> None:
    """The browser is signed out."""
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.hash == secret_hash))


# -- tickets -----------------------------------------------------------------------------------------------------------


def add_ticket(
    engine: Engine, secret_hash: str, purpose: Purpose, role: Role, lasts_ms: int, user_id: str | None = None
) -> TicketRow:
    """A link that lets someone in once; those for the same before it no longer do."""
    at = now()
    row = TicketRow(secret_hash, purpose, user_id, role, at, at + lasts_ms, None)
    same = (tickets.c.purpose == purpose) & tickets.c.user_id.is_not_distinct_from(user_id)
    with writing(engine) as connection:
        connection.execute(delete(tickets).where(same | (tickets.c.expires <= at)))
        connection.execute(insert(tickets).values(**row.__dict__))
    return row


def ticket(engine: Engine, secret_hash: str) -> TicketRow | None:
    """A ticket that still lets someone in."""
    with reading(engine) as connection:
        row = connection.execute(select(tickets).where(tickets.c.hash == secret_hash)).one_or_none()
    found = None if row is None else TicketRow(**row._mapping)
    return found if found and found.used is None and found.expires > now() else None


def use_ticket(engine: Engine, secret_hash: str) -> bool:
    """Use it up; False when somebody has."""
    at = now()
    still = (tickets.c.hash == secret_hash) & tickets.c.used.is_(None) & (tickets.c.expires > at)
    with writing(engine) as connection:
        return bool(connection.execute(update(tickets).where(still).values(used=at)).rowcount)


# -- keys --------------------------------------------------------------------------------------------------------------


def add_key(
    engine: Engine, key_id: str, name: str, secret_hash: str, scopes: Collection[Scope], by: str, expires: int | None
) -> KeyRow:
    """A new key; its id was made by who made the secret, for it stands in it."""
    kept = tuple(scope for scope in SCOPES if scope in scopes)
    row = KeyRow(key_id, name, secret_hash, kept, now(), by, expires, None, None)
    with writing(engine) as connection:
        connection.execute(insert(api_keys).values(**{**row.__dict__, "scopes": json.dumps(kept)}))
    return row


def key(engine: Engine, key_id: str) -> KeyRow | None:
    """The key of this id, revoked or not; None when there is none."""
    with reading(engine) as connection:
        return _key(connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none())


def all_keys(engine: Engine, after: str = "", limit: int = 100) -> list[KeyRow]:
    """Keys in the order of their ids, beginning after `after`."""
    with reading(engine) as connection:
        found = connection.execute(select(api_keys).where(api_keys.c.id > after).order_by(api_keys.c.id).limit(limit))
        return [made for row in found if (made := _key(row))]


def used_key(engine: Engine, row: KeyRow) -> None:
    """Note that a key was used, to the minute."""
    at = now()
    if row.used is None or at - row.used > SEEN_MS:
        with writing(engine) as connection:
            connection.execute(update(api_keys).where(api_keys.c.id == row.id).values(used=at))


def revoke_key(engine: Engine, key_id: str) -> KeyRow | None:
    """From now on it opens nothing; None when there is no such key."""
    with writing(engine) as connection:
        connection.execute(
            update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked.is_(None)).values(revoked=now())
        )
        return _key(connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none())


def _rules(row: UserRow) -> bool:
    return row.role == "admin" and row.state == "active"


def _user(row: Row[Any] | None) -> UserRow | None:
    return None if row is None else UserRow(**row._mapping)


def _key(row: Row[Any] | None) -> KeyRow | None:
    return None if row is None else KeyRow(**{**row._mapping, "scopes": tuple(json.loads(row._mapping["scopes"]))})
