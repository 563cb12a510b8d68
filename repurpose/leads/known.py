"""Who is who, in the database: what was said of people comes in, leads come out; merged by hand, and taken apart again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from repurpose.db import lead_facts as rows
from repurpose.db import lead_groups
from repurpose.db.jobs import now
from repurpose.db.session import Database
from repurpose.errors import UserError
from repurpose.leads.identity import Fact, Key, Partition, Strength, is_own, keys_of, partition, ranked
from repurpose.leads.vault import Vault, open_about, open_text, seal_about, seal_text
from repurpose.store import canonical, digest_of

VISITOR = "v"  # how the names of browsers begin that agreed to be recognised; no other can be a lead's
OWN_ACT = "form"  # the source in which a person speaks for themselves


@dataclass(frozen=True)
class Attended:
    """What a platform tells of someone at the live event."""

    registered_at: int | None = None
    attended: bool | None = None
    minutes: int = 0
    questions: int = 0
    polls: int = 0


@dataclass(frozen=True)
class Sighting:
    """One time somebody was heard of: (kind, value) of what names them as it was written, and whatever else was told."""

    source: str
    keys: tuple[tuple[str, str], ...]
    at: int | None = None  # ms since 1970; None: nobody said when
    strength: Strength = "medium"
    visitor: str = ""
    event_id: str | None = None
    ref: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    attended: Attended | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a sighting: whose it is, if anybody's."""

    lead: str | None
    state: Literal["new", "known", "again", "refused", "suppressed"]


def identify(engine: Database, vault: Vault, sightings: Iterable[Sighting]) -> list[Outcome]:
    """Take in sightings, all in one transaction; what became of each, in their order.

    `refused`: nothing that names anybody. `suppressed`: who asked to be forgotten. `again`: this was said before.
    """
    with rows.deciding(engine) as connection:
        return [_take(connection, vault, one) for one in sightings]


def merge(engine: Database, lead_id: str, into_id: str, actor: str, reason: str) -> str:
    """From now on the second stands for both; its id. Nothing of either is changed, so it can be taken back as it was.

    Raises UserError when one is not there, when they are one already, and when both have an id of a kind that a person
    has one of.
    """
    with rows.deciding(engine) as connection:
        tops = lead_groups.roots(connection, [lead_id, into_id])
        lead, into = (tops.get(one, "") for one in (lead_id, into_id))
        if not lead or not into or lead_groups.erased(connection, [lead, into]):
            raise UserError(f"{lead_id if not lead else into_id}: there is no such lead.")
        if lead == into:
            raise UserError(f"{lead_id} and {into_id} are one lead already.")
        both = [_own(connection, lead_groups.members(connection, one)) for one in (lead, into)]
        twice = sorted(kind for kind in both[0].keys() & both[1].keys() if both[0][kind] != both[1][kind])
        if twice:
            raise UserError(f"Each of them has an id of its own in {', '.join(twice)}: make them one there first.")
        rows.set_merged(connection, lead, into)
        rows.log(connection, "merge", lead, into, actor, reason)
        return into


def unmerge(engine: Database, lead_id: str, actor: str, reason: str) -> str:
    """The lead stands for itself again; its id. Of one that others were merged into, the one of them; raises UserError
    when there is none, or more than one: name the one to take out."""
    with rows.deciding(engine) as connection:
        into = rows.into_of(connection, lead_id)
        if into is None:
            inside = rows.merged_in(connection, lead_id)
            if len(inside) != 1:
                told = (
                    f"Name one of those merged into it: {', '.join(inside)}."
                    if inside
                    else "Nothing was merged into it."
                )
                raise UserError(f"{lead_id} was not merged. {told}")
            lead_id, into = inside[0], lead_id
        rows.set_merged(connection, lead_id, None)
        rows.log(connection, "unmerge", lead_id, into, actor, reason)
        return lead_id


def settle(engine: Database, question: int, actor: str) -> bool:
    """The two leads of a question are two: nobody asks again. False when nobody asks."""
    return rows.settle(engine, question, actor)


def _take(connection: Any, vault: Vault, one: Sighting) -> Outcome:
    keys = ranked(keys_of(one.keys)[0], one.strength)
    if not keys:
        return Outcome(None, "refused")
    plain = {vault.hash_of(key): key for key in keys}
    hashed = [Key(key.kind, hash_) for hash_, key in plain.items()]
    moment = now() if one.at is None else min(one.at, now())
    visitor = one.visitor if one.visitor.startswith(VISITOR) and rows.agreed(connection, one.visitor) else ""
    forgotten = rows.suppressed(connection, list(plain))
    if any(one.source != OWN_ACT or moment <= since for since in forgotten.values()):
        return Outcome(None, "suppressed")
    if forgotten:
        rows.allow(connection, list(forgotten))
    said = [one.source, one.ref, one.event_id, one.at, visitor, one.strength, sorted(plain)]
    same = digest_of(canonical(said))
    before = rows.said_before(connection, same)
    if before is None:
        lead, new = _join(connection, vault, one, same, moment, visitor, hashed, plain)
    else:
        lead, new = before, False
    if one.attended is not None and one.event_id:
        told = {"event_id": one.event_id, "lead_id": lead, "source": one.source, **vars(one.attended)}
        told["attended"] = None if one.attended.attended is None else int(one.attended.attended)
        rows.put_attendance(connection, told)
        rows.touch(connection, [lead])
    root = lead_groups.roots(connection, [lead])[lead]
    return Outcome(root, "again" if before else "new" if new else "known")


def _join(
    connection: Any, vault: Vault, one: Sighting, same: str, moment: int, visitor: str, hashed: Sequence[Key],
    plain: Mapping[str, Key],
) -> tuple[str, bool]:  # fmt: skip
    """Whose the sighting is, with all that changes by it written; and is that lead new?"""
    ids = rows.identifiers(connection, hashed)
    known = rows.around(connection, ids)
    every = {*ids, *(each for fact in known for each in fact.identifiers)}
    named = rows.kinds(connection, every)
    key_of = {each: Key(kind, hash_) for each, (kind, hash_, _) in named.items()}
    told = [
        Fact(fact.same, fact.at, tuple(key_of[each] for each in fact.identifiers), _strength(fact)) for fact in known
    ]
    found = partition([*told, Fact(same, moment, tuple(hashed), one.strength)])
    owners = rows.owners(connection, every)
    lead_of, made = _leads(connection, vault, one, found, known, key_of, owners)
    home = {each: lead_of[found.home[key]] for each, key in key_of.items() if key in found.home}
    moved = {each for each, lead in home.items() if owners.get(each) != lead}
    locks = _Locks(connection, vault, {*home.values(), *owners.values(), *(fact.lead_id for fact in known)})
    changed = set(made)
    for fact in known:
        lead = lead_of[found.about[fact.same]]
        if lead != fact.lead_id:
            about = seal_about(locks[lead], open_about(locks[fact.lead_id], fact.about))
            rows.move_fact(connection, fact, lead, about)
            changed |= {lead, fact.lead_id}
        if lead != fact.lead_id or moved & set(fact.identifiers):
            held = {each: home.get(each) == lead for each in fact.identifiers}
            rows.put_edges(connection, fact.id, lead, fact.strength, fact.at, held)
    lead = lead_of[found.about[same]]
    values = {
        "same": same, "lead_id": lead, "source": one.source, "ref": one.ref, "strength": one.strength, "visitor": visitor,
        "event_id": one.event_id, "about": seal_about(locks[lead], one.about), "at": moment,
    }  # fmt: skip
    fact_id = rows.add_fact(connection, values)
    rows.put_edges(connection, fact_id, lead, one.strength, moment, {each: home.get(each) == lead for each in ids})
    for each in sorted(moved):
        _, hash_, sealed = named[each]
        text = plain[hash_].value if hash_ in plain else open_text(locks[owners[each]], sealed) if sealed else ""
        rows.put_value(connection, each, seal_text(locks[home[each]], text) if text else "")
    fact_ids = {fact.same: fact.id for fact in known} | {same: fact_id}
    asked: dict[tuple[str, str], tuple[str, str]] = {}
    for question in found.questions:
        one_, other = sorted((lead_of[question.one], lead_of[question.other]))
        asked.setdefault((one_, other), (question.key.kind, fact_ids[question.fact]))
    rows.put_questions(connection, lead_of, asked)
    rows.touch(connection, changed | {lead})
    for fact in known:
        if fact.lead_id not in lead_of:
            _emptied(connection, fact.lead_id, lead_of[found.about[fact.same]], fact_id)
    return lead, lead in made


def _emptied(connection: Any, lead: str, into: str, fact: str) -> None:
    """Late evidence tells that a lead never was one of its own: who asks for it gets the one it belongs to."""
    if rows.into_of(connection, lead) is None and lead_groups.roots(connection, [into])[into] != lead:
        rows.set_merged(connection, lead, into)
        rows.log(connection, "merge", lead, into, "evidence", fact)


def _leads(
    connection: Any, vault: Vault, one: Sighting, found: Partition, known: Sequence[rows.Known],
    key_of: Mapping[int, Key], owners: Mapping[int, str],
) -> tuple[list[str], set[str]]:  # fmt: skip
    """The id of each lead of a partition: the one it had, by its strongest identifier that had one; and which are new."""
    owner = {key_of[each]: lead for each, lead in owners.items()}
    lead_of: list[str] = []
    made: set[str] = set()
    facts = [
        [fact.lead_id for fact in known if found.about.get(fact.same) == place] for place in range(len(found.leads))
    ]
    for place, keys in enumerate(found.leads):
        before = [owner[key] for key in ranked(keys, "strong") if key in owner] + facts[place]
        lead = next((each for each in before if each not in lead_of), None)
        if lead is None:
            lead = rows.add_lead(connection, vault.new_key()[0], one.source, now())
            made.add(lead)
        lead_of.append(lead)
    return lead_of, made


class _Locks(dict[str, Any]):
    """The keys of leads, opened when they are needed."""

    def __init__(self, connection: Any, vault: Vault, ids: Iterable[str]) -> None:
        super().__init__()
        self._sealed, self._vault = rows.keys_of(connection, list(ids)), vault

    def __missing__(self, lead: str) -> Any:
        self[lead] = self._vault.open_key(self._sealed[lead])
        return self[lead]


def _own(connection: Any, members: Sequence[str]) -> dict[str, str]:
    """What these leads have of the kinds that a person has one of: kind -> hash."""
    return {kind: hash_ for kind, hash_ in lead_groups.kinds_of(connection, members) if is_own(kind)}


def _strength(fact: rows.Known) -> Strength:
    return "strong" if fact.strength == "strong" else "medium"
