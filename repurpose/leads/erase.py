"""A person forgotten: the key of their lead thrown away, what names them deleted, and what comes late not taken in again.

What they watched stays counted, and nobody can tell any more that it was they. That they are forgotten is kept as hashes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from repurpose.db import audit, lead_erasure, lead_facts, leads
from repurpose.db.jobs import now
from repurpose.db.session import Database
from repurpose.errors import UserError
from repurpose.leads.identity import Key, read_key, shown_email
from repurpose.leads.known import OWN_ACT
from repurpose.leads.people import Person, people
from repurpose.leads.scan import Report, scan
from repurpose.leads.vault import Vault
from repurpose.settings import Settings


@dataclass(frozen=True)
class Erased:
    """Who was forgotten: ids, and how many forms and messages were emptied."""

    lead: str
    members: tuple[str, ...]
    submissions: int
    messages: int
    words: tuple[str, ...]  # what named them, to look for it; kept nowhere


def erase(engine: Database, vault: Vault, lead_id: str, actor: str, address: str = "") -> Erased:
    """Forget a lead and all that were merged into it, in one transaction. Raises UserError when there is none."""
    with lead_facts.deciding(engine) as connection:
        row = leads.load(engine, lead_id)
        if row is None or row.erased is not None:
            raise UserError(f"{lead_id}: there is no such lead.")
        [person] = people(engine, vault, [row])
        hashes = lead_erasure.hashes(connection, row.members)
        own = {hash_ for hash_ in hashes if hash_ in {vault.hash_of(Key(*key)) for key in person.known_by}}
        forms, words = set(lead_erasure.refs(connection, row.members, OWN_ACT)), _words(person)
        for form, fields in lead_erasure.all_submissions(connection):
            named = {
                value: key for value in fields.values() for kind in ("email", "phone") if (key := read_key(kind, value))
            }
            if form in forms or any(vault.hash_of(key) in own for key in named.values()):
                forms.add(form)
                words |= named.keys()
        lead_erasure.empty_submissions(connection, sorted(forms))
        turns = leads.turns(engine, {visitor for visitor, *_ in leads.visitors_of(engine, row.id)})
        mine = {
            visitor: [(one.start, one.end) for one in many if one.lead == row.id] for visitor, many in turns.items()
        }
        alone = {visitor for visitor, many in turns.items() if {one.lead for one in many} == {row.id}}
        at = now()
        lead_facts.suppress(connection, [*own, *(vault.hash("visitor", visitor) for visitor in alone)], at)
        lead_erasure.part_from(connection, mine, alone)
        messages = lead_erasure.forget_messages(connection, forms, [*row.members, *words])
        lead_erasure.forget(connection, row.members, at)
        audit.note(engine, actor, "leads.erase", row.id, address, forms=len(forms), messages=messages)
        return Erased(row.id, row.members, len(forms), messages, tuple(sorted(words)))


def scrub(engine: Database) -> None:
    """Write the database anew: what was deleted stands in none of its pages any more."""
    lead_erasure.scrub(engine)


def prove(engine: Database, settings: Settings, erased: Erased, also: Iterable[Path] = ()) -> Report:
    """Write the database anew and look for what named the person, everywhere."""
    scrub(engine)
    return scan(engine, settings, erased.words, also)


def _words(person: Person) -> set[str]:
    """What names a person and nobody else: addresses, numbers, ids; each as it may have been written."""
    found = {value for kind, value in person.known_by if kind in ("email", "phone")}
    found |= {value for kind, value in person.known_by if len(value) >= 8}
    found |= {value for name in ("phone", "email") if (value := person.about.get(name, ""))}
    for kind, value in person.known_by:
        if kind == "email":
            found.add(shown_email(value))
        elif kind == "phone":
            found.add(value.removeprefix("+86").removeprefix("+"))
    return found
