"""A form that somebody sent in with their consent, as it makes a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from repurpose.db import events, submissions
from repurpose.db.session import Database
from repurpose.db.submissions import SubmissionRow
from repurpose.leads.known import OWN_ACT, Outcome, Sighting, identify
from repurpose.leads.vault import Vault
from repurpose.models.published import FormField


def sighting_of(row: SubmissionRow, form: Sequence[FormField]) -> Sighting | None:
    """Who sent the form in; None without consent. Nobody checks what is written in it, so its strength is medium."""
    if row.consent is None:
        return None
    kinds = {field.key: field.kind for field in form}
    told: dict[str, list[str]] = {}
    for key, answer in row.fields.items():
        told.setdefault(kinds.get(key, key), []).append(answer)
    keys = tuple((kind, value) for kind in ("email", "phone") for value in told.get(kind, []))
    about = {name: told[name][0] for name in ("name", "company", "title", "phone") if told.get(name)}
    return Sighting(
        source=OWN_ACT, keys=keys, at=row.created, visitor=row.visitor, event_id=row.event_id, ref=row.id, about=about
    )


def take_in(engine: Database, vault: Vault, row: SubmissionRow, form: Sequence[FormField]) -> Outcome | None:
    """Make a lead of one form; None without consent."""
    one = sighting_of(row, form)
    return None if one is None else identify(engine, vault, [one])[0]


def take_in_all(engine: Database, vault: Vault) -> Mapping[str, int]:
    """Make leads of all forms that are kept: of those sent in before there were leads, too. How many came to what."""
    counts: dict[str, int] = {}
    after: tuple[int, str] | None = None
    while page := events.listed(engine, limit=200, after=after):
        after = (page[-1].created, page[-1].id)
        for event in page:
            last: tuple[int, str] | None = None
            while rows := submissions.of_event(engine, event.id, limit=200, after=last):
                last = (rows[-1].created, rows[-1].id)
                found = [sighting_of(row, event.settings.form) for row in rows]
                for outcome in identify(engine, vault, [one for one in found if one is not None]):
                    counts[outcome.state] = counts.get(outcome.state, 0) + 1
    return counts
