"""The rows of recordings: files handed in for an event, from which a run may be started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, Row, func, insert, select

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading, writing
from repurpose.db.tables import recordings
from repurpose.models import Blob

RecordingKind = Literal["recording", "subtitles", "translation", "chat"]


@dataclass(frozen=True)
class RecordingRow:
    """A file handed in: what it is, what it was called, and where its content lies."""

    id: str
    event_id: str
    position: int
    kind: RecordingKind
    name: str
    file: Blob
    created: int
    by: str


def add(engine: Engine, event_id: str, kind: RecordingKind, name: str, file: Blob, by: str) -> RecordingRow:
    """Hand a file in, after those already there; one of the same kind and content is there once."""
    same = (recordings.c.event_id == event_id) & (recordings.c.kind == kind) & (recordings.c.digest == file.digest)
    with writing(engine) as connection:
        row = connection.execute(select(recordings).where(same)).first()
        if row is None:
            last = select(func.coalesce(func.max(recordings.c.position), 0)).where(recordings.c.event_id == event_id)
            connection.execute(
                insert(recordings).values(
                    id=new_id("re"), event_id=event_id, position=connection.execute(last).scalar_one() + 1, kind=kind,
                    name=name, digest=file.digest, suffix=file.suffix, size=file.size, created=now(), by=by,
                )
            )  # fmt: skip
            row = connection.execute(select(recordings).where(same)).one()
        return _row(row)


def find(engine: Engine, recording_id: str) -> RecordingRow | None:
    """The recording of this id."""
    with reading(engine) as connection:
        row = connection.execute(select(recordings).where(recordings.c.id == recording_id)).one_or_none()
    return None if row is None else _row(row)


def of_event(engine: Engine, event_id: str) -> list[RecordingRow]:
    """What was handed in for an event, in order."""
    found = select(recordings).where(recordings.c.event_id == event_id).order_by(recordings.c.position)
    with reading(engine) as connection:
        return [_row(row) for row in connection.execute(found)]


def events_with(engine: Engine, digest: str) -> list[str]:
    """The ids of the events that a recording of this content was handed in for, the oldest first."""
    same = (recordings.c.digest == digest) & (recordings.c.kind == "recording")
    found = select(recordings.c.event_id).where(same).order_by(recordings.c.created, recordings.c.id)
    with reading(engine) as connection:
        return list(dict.fromkeys(connection.execute(found).scalars()))


def _row(row: Row[Any]) -> RecordingRow:
    values = dict(row._mapping)
    file = Blob(digest=values.pop("digest"), suffix=values.pop("suffix"), size=values.pop("size"))
    return RecordingRow(file=file, **values)
