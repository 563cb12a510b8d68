"""The rows of submissions: what visitors sent in by a form, with the consent as they gave it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, Row, insert, select

from repurpose.db import outbox
from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.newest import page_of
from repurpose.db.session import reading, writing
from repurpose.db.tables import events, links, submissions


@dataclass(frozen=True)
class Consent:
    """What was agreed to: sha256 of the words shown, their version and language, and when."""

    hash: str
    version: str
    locale: str
    at: int


@dataclass(frozen=True)
class SubmissionRow:
    """One form sent in."""

    id: str
    event_id: str
    asset_id: str | None
    link: str | None
    fields: dict[str, str]
    consent: Consent | None
    visitor: str
    created: int


def add(
    engine: Engine,
    event_id: str,
    fields: Mapping[str, str],
    *,
    visitor: str,
    consent: Consent | None = None,
    asset_id: str | None = None,
    link: str | None = None,
) -> SubmissionRow:
    """Keep a form as it was sent in, and tell those who want to hear of it; whose link it came by hears of it too."""
    row = SubmissionRow(new_id("su"), event_id, asset_id, link, dict(fields), consent, visitor, now())
    agreed = consent or Consent("", "", "", 0)
    with writing(engine) as connection:
        connection.execute(
            insert(submissions).values(
                id=row.id, event_id=event_id, asset_id=asset_id, link=link, visitor=visitor, created=row.created,
                fields=json.dumps(row.fields, ensure_ascii=False), consent_hash=agreed.hash,
                consent_version=agreed.version, consent_locale=agreed.locale, consent_at=agreed.at or None,
            )
        )  # fmt: skip
        event = connection.execute(select(events).where(events.c.id == event_id)).one()
        came = connection.execute(select(links).where(links.c.code == link)).one_or_none() if link else None
        data = {
            "submission": row.id, "event": outbox.event_data(event), "fields": row.fields, "asset": asset_id, "link": link,
            "channel": came.channel if came else "", "person": came.person_id if came else None,
            "consent": asdict(consent) if consent else None, "created": row.created,
        }  # fmt: skip
        outbox.tell(engine, "submission.received", row.id, data, person=(came and came.person_id) or "")
    return row


def of_event(
    engine: Engine, event_id: str, *, limit: int = 50, after: tuple[int, str] | None = None
) -> list[SubmissionRow]:
    """The forms sent in for an event, the newest first; `after` is (created, id) of the last one of the page before."""
    found = select(submissions).where(submissions.c.event_id == event_id)
    found = page_of(found, submissions.c.created, submissions.c.id, limit, after)
    with reading(engine) as connection:
        return [_row(row) for row in connection.execute(found)]


def _row(row: Row[Any]) -> SubmissionRow:
    values = dict(row._mapping)
    given = Consent(*(values.pop(f"consent_{part}") for part in ("hash", "version", "locale", "at")))
    fields = json.loads(values.pop("fields"))
    return SubmissionRow(fields=fields, consent=given if given.at else None, **values)
