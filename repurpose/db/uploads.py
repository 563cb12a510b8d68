"""The rows of uploads: how much of each lies on the disk for sure, and who may go on with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, Row, insert, select, update

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading, writing
from repurpose.db.tables import uploads
from repurpose.models import Blob

UploadState = Literal["open", "done", "gone"]
HOLD_MS = 30_000  # a request that has not stored anything for this long has lost its hold


@dataclass(frozen=True)
class UploadRow:
    """An upload. Its `digest` is known once all has arrived, and it is `done` once the store holds it."""

    id: str
    principal: str
    length: int
    offset: int
    metadata: dict[str, str]
    state: UploadState
    digest: str | None
    suffix: str
    holder: str
    lease_until: int
    created: int
    expires: int

    @property
    def file(self) -> Blob | None:
        """Where its content lies, when it is done."""
        if self.state != "done" or self.digest is None:
            return None
        return Blob(digest=self.digest, suffix=self.suffix, size=self.length)

    @property
    def name(self) -> str:
        """What the client calls the file; only to be shown."""
        return self.metadata.get("filename") or self.metadata.get("name") or self.id


def create(
    engine: Engine, principal: str, length: int, metadata: dict[str, str], suffix: str, lasts_ms: int
) -> UploadRow:
    """A new upload, of which nothing has arrived."""
    at = now()
    values = {
        "id": new_id("up"), "principal": principal, "event_id": None, "length": length, "offset": 0, "state": "open",
        "metadata": json.dumps(metadata, ensure_ascii=False), "digest": None, "suffix": suffix, "holder": "",
        "lease_until": 0, "created": at, "expires": at + lasts_ms,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(uploads).values(**values))
        return _row(connection.execute(select(uploads).where(uploads.c.id == values["id"])).one())


def find(engine: Engine, upload_id: str) -> UploadRow | None:
    """The upload of this id, ended or not; None when there is none."""
    with reading(engine) as connection:
        row = connection.execute(select(uploads).where(uploads.c.id == upload_id)).one_or_none()
    return None if row is None else _row(row)


def held_bytes(engine: Engine, principal: str) -> int:
    """How much the open uploads of one principal may still come to."""
    mine = select(uploads.c.length).where(uploads.c.principal == principal, uploads.c.state == "open")
    with reading(engine) as connection:
        return sum(length for (length,) in connection.execute(mine))


def hold(engine: Engine, upload_id: str, holder: str) -> UploadRow | None:
    """Take the right to write, also from a request that still has it: the client that asks last is the one alive."""
    at = now()
    this = uploads.c.id == upload_id
    with writing(engine) as connection:
        still = this & (uploads.c.state == "open") & (uploads.c.expires > at)
        connection.execute(update(uploads).where(still).values(holder=holder, lease_until=at + HOLD_MS))
        row = connection.execute(select(uploads).where(this)).one_or_none()
    return None if row is None else _row(row)


def stored(engine: Engine, upload_id: str, holder: str, offset: int, lasts_ms: int) -> bool:
    """So much lies on the disk; False when another request holds the upload now."""
    at = now()
    ours = (uploads.c.id == upload_id) & (uploads.c.holder == holder) & (uploads.c.state == "open")
    values = {"offset": offset, "lease_until": at + HOLD_MS, "expires": at + lasts_ms}
    with writing(engine) as connection:
        return bool(connection.execute(update(uploads).where(ours).values(**values)).rowcount)


def whole(engine: Engine, upload_id: str, digest: str) -> None:
    """All has arrived, and this is its content; not yet in the store."""
    with writing(engine) as connection:
        this = (uploads.c.id == upload_id) & (uploads.c.state == "open") & (uploads.c.offset == uploads.c.length)
        connection.execute(update(uploads).where(this).values(digest=digest))


def finish(engine: Engine, upload_id: str, lasts_ms: int) -> None:
    """The store holds it."""
    with writing(engine) as connection:
        this = (uploads.c.id == upload_id) & (uploads.c.state == "open") & uploads.c.digest.is_not(None)
        values = {"state": "done", "holder": "", "expires": now() + lasts_ms}
        connection.execute(update(uploads).where(this).values(**values))


def drop(engine: Engine, upload_id: str) -> None:
    """It is given up: nothing of it is kept."""
    with writing(engine) as connection:
        connection.execute(update(uploads).where(uploads.c.id == upload_id).values(state="gone", holder=""))


def ended(engine: Engine) -> list[str]:
    """Let go of uploads nobody went on with in time; the ids of all whose file may be deleted."""
    late = (uploads.c.state == "open") & (uploads.c.expires <= now())
    with writing(engine) as connection:
        connection.execute(update(uploads).where(late).values(state="gone", holder=""))
        return [found for (found,) in connection.execute(select(uploads.c.id).where(uploads.c.state != "open"))]


def kept(engine: Engine) -> set[str]:
    """The digest of every upload that has arrived and may still be handed in: the store keeps it."""
    with reading(engine) as connection:
        done = select(uploads.c.digest).where(uploads.c.state != "gone", uploads.c.expires > now())
        return {digest for (digest,) in connection.execute(done) if digest}


def _row(row: Row[Any]) -> UploadRow:
    values = {name: row._mapping[name] for name in UploadRow.__dataclass_fields__}
    return UploadRow(**values | {"metadata": json.loads(values["metadata"])})
