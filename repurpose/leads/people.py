"""Leads as they can be read: their names and addresses opened, what they watched, and which browsers are perhaps theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repurpose.db import events, lead_views, leads
from repurpose.db.films import films_of, paths_of
from repurpose.db.leads import LeadRow
from repurpose.db.session import Database
from repurpose.leads.identity import read_key
from repurpose.leads.vault import Vault, open_about, open_identifiers, open_keys
from repurpose.models.browsers import whose
from repurpose.models.film import Film, shown
from repurpose.models.seconds import covered, mask, runs, unpack


@dataclass(frozen=True)
class Person:
    """A lead, opened. `about` holds what was told of them last: name, company, title, ...; `known_by` (kind, value)."""

    id: str
    members: tuple[str, ...]
    source: str
    first: int
    created: int
    updated: int
    about: Mapping[str, str]
    known_by: tuple[tuple[str, str], ...]

    @property
    def email(self) -> str:
        """The first mail address; "" without."""
        return next((value for kind, value in self.known_by if kind == "email"), "")


@dataclass(frozen=True)
class Version:
    """One version of an event, as a lead watched it."""

    asset_id: str
    path: str
    seconds: int  # watched at least once
    of: int  # seconds it has
    watch_ms: int
    views: int


@dataclass(frozen=True)
class Watched:
    """What a lead watched of an event, by whichever of its versions."""

    event_id: str
    title: str
    seconds: int  # of the recording, each counted once
    watch_ms: int
    first: int
    last: int
    bits: int  # the recording's seconds
    channels: tuple[str, ...]
    versions: tuple[Version, ...]


def people(engine: Database, vault: Vault, rows: Sequence[LeadRow]) -> list[Person]:
    """These leads, opened, in their order; of one that is erased there is nothing to open."""
    members = [one for row in rows for one in row.members]
    sealed, known = leads.sealed(engine, members)
    locks = open_keys(vault, sealed)
    names: dict[str, list[tuple[str, str]]] = {}
    for lead, kind, value in open_identifiers(locks, known):
        names.setdefault(lead, []).append((kind, value))
    about: dict[str, dict[str, str]] = {}
    root = {one: row.id for row in rows for one in row.members}
    for fact in leads.facts(engine, members):
        if fact.lead_id in locks:
            about.setdefault(root[fact.lead_id], {}).update(open_about(locks[fact.lead_id], fact.about))
    return [
        Person(
            id=row.id, members=row.members, source=row.source, first=row.first, created=row.created, updated=row.updated,
            about=about.get(row.id, {}),
            known_by=tuple(dict.fromkeys(one for member in row.members for one in names.get(member, []))),
        )
        for row in rows
    ]  # fmt: skip


def find(engine: Database, vault: Vault, who: str) -> LeadRow | None:
    """The lead of this id, mail address, phone number or (`crm=7`) other id."""
    if who.startswith("le_"):
        return leads.load(engine, who)
    kind, _, value = who.partition("=")
    tries = [(kind, value)] if value else [("email", who), ("phone", who)]
    for key in (read_key(kind, value) for kind, value in tries):
        found = leads.find_by(engine, key.kind, vault.hash_of(key)) if key else None
        if found is not None:
            return leads.load(engine, found)
    return None


def watched(engine: Database, persons: Sequence[Person]) -> dict[str, list[Watched]]:
    """What was watched in each lead's browsers while they were that lead's, the event watched last first; by the lead's id."""
    held = leads.visitors_of_each(engine, {one.id: one.members for one in persons})
    theirs: dict[str, list[lead_views.Seen]] = {}
    for one in lead_views.sessions_of(engine, {visitor for many in held.values() for visitor, *_ in many}):
        theirs.setdefault(one.visitor, []).append(one)
    at = {event: _shown(engine, event) for event in {one.event_id for many in theirs.values() for one in many}}
    found = {}
    for lead, many in held.items():
        by_event: dict[str, list[lead_views.Seen]] = {}
        for visitor, start, end in many:
            for one in theirs.get(visitor, ()):
                if start <= one.created < end:
                    by_event.setdefault(one.event_id, []).append(one)
        seen = [_of_event(at[event], event, sorted(some, key=lead_views.in_order)) for event, some in by_event.items()]
        found[lead] = sorted(seen, key=lambda one: (-one.last, one.event_id))
    return found


def perhaps(engine: Database, row: LeadRow) -> list[tuple[str, int]]:
    """(visitor, when last) of browsers in which a link made for this lead was opened, and in which nobody has said who they
    are: perhaps the lead, perhaps whom the link was handed on to."""
    opened = lead_views.opened_by(engine, row.members)
    turns = leads.turns(engine, list(opened))
    return [(visitor, at) for visitor, at in opened.items() if whose(turns.get(visitor, []), at) is None]


@dataclass(frozen=True)
class _Shown:
    title: str
    films: dict[str, Film]
    paths: dict[str, str]


def _shown(engine: Database, event_id: str) -> _Shown:
    event = events.find(engine, event_id)
    return _Shown(event.title if event else "", films_of(engine, event_id), paths_of(engine, event_id))


def _of_event(at: _Shown, event_id: str, seen: Sequence[lead_views.Seen]) -> Watched:
    films, paths = at.films, at.paths
    bits: dict[str, int] = {}
    for one in seen:
        bits[one.asset_id] = bits.get(one.asset_id, 0) | unpack(one.bits)
    versions = tuple(
        Version(
            asset, paths.get(asset, ""), kept.bit_count(), films[asset].seconds if asset in films else 0,
            sum(one.watch_ms for one in seen if one.asset_id == asset),
            sum(one.viewed for one in seen if one.asset_id == asset),
        )
        for asset, kept in bits.items()
    )  # fmt: skip
    recording = 0
    for asset, kept in bits.items():
        if asset in films:
            recording |= in_recording(films[asset], kept)
    return Watched(
        event_id, at.title, recording.bit_count(), sum(one.watch_ms for one in seen),
        min(one.created for one in seen), max(one.updated for one in seen), recording,
        tuple(dict.fromkeys(one.channel for one in seen if one.channel)), versions,
    )  # fmt: skip


def in_recording(of: Film, bits: int) -> int:
    """The seconds of the recording that these seconds of a film show."""
    found = 0
    for first, end in runs(bits):
        for a, b in shown(of, first * 1000, end * 1000):
            found |= mask(*covered(a, b))
    return found
