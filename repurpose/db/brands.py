"""The rows of brands that are kept as records. Which of record and preset file counts is judged in `ingest.brand`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select, update

from repurpose.db.jobs import now
from repurpose.db.session import alone, reading, writing
from repurpose.db.tables import brands, wishes
from repurpose.models import Blob
from repurpose.presets import BrandFile, BrandPreset
from repurpose.store import blobs_in, canonical


@dataclass(frozen=True)
class BrandRow:
    """The columns of `tables.brands`."""

    name: str
    preset: BrandPreset  # a file goes by the name it came under
    files: Mapping[BrandFile, Blob]
    created: int
    updated: int
    by: str


def find(engine: Engine, name: str) -> BrandRow | None:
    """The record of this brand; None for one that a preset file alone tells, or nobody."""
    with reading(engine) as connection:
        row = connection.execute(select(brands).where(brands.c.name == name)).one_or_none()
    return None if row is None else _row(row)


def everyone(engine: Engine) -> list[BrandRow]:
    """All records, by name."""
    with reading(engine) as connection:
        return [_row(row) for row in connection.execute(select(brands).order_by(brands.c.name))]


def put(
    engine: Engine, preset: BrandPreset, files: Mapping[BrandFile, Blob], by: str, *, seen: int | None = None
) -> BrandRow | None:
    """The brand is this from now on; None, and nothing changed, when its row is not `seen` (its `updated`; 0: there is none)."""
    with alone(engine, "brands") as connection:
        row = connection.execute(select(brands).where(brands.c.name == preset.name)).one_or_none()
        if seen is not None and seen != (row.updated if row else 0):
            return None
        at = now()
        values = {"preset": canonical(preset).decode(), "files": _as_json(files), "by": by}
        if row is None:
            made = insert(brands).values(name=preset.name, created=at, updated=at, **values)
            connection.execute(made)
        else:
            changed = update(brands).where(brands.c.name == preset.name)
            connection.execute(changed.values(updated=max(at, row.updated + 1), **values))
        return _row(connection.execute(select(brands).where(brands.c.name == preset.name)).one())


def drop(engine: Engine, name: str, *, seen: int | None = None) -> bool:
    """Forget the record; False when it is not there, or not `seen` any more."""
    which = brands.c.name == name
    if seen is not None:
        which &= brands.c.updated == seen
    with writing(engine) as connection:
        return bool(connection.execute(delete(brands).where(which)).rowcount)


def worn(engine: Engine, name: str) -> list[str]:
    """The ids of the events that were told to wear this brand."""
    named = wishes.c.about.contains(f'"brand":{json.dumps(name)}', autoescape=True)  # SQLite does not mind the case
    with reading(engine) as connection:
        found = connection.execute(select(wishes.c.event_id, wishes.c.about).where(named))
        return [event for event, about in found if json.loads(about)["brand"] == name]


def files(engine: Engine) -> set[str]:
    """The digest of every file of a record."""
    with reading(engine) as connection:
        told = connection.execute(select(brands.c.files)).scalars()
        return {blob.digest for one in told for blob in blobs_in(one.encode())}


def _as_json(files: Mapping[BrandFile, Blob]) -> str:
    return canonical({field: blob.model_dump() for field, blob in files.items()}).decode()


def _row(row: Row[Any]) -> BrandRow:
    values = dict(row._mapping)
    preset = BrandPreset.model_validate_json(values.pop("preset"))
    held = {field: Blob.model_validate(blob) for field, blob in json.loads(values.pop("files")).items()}
    return BrandRow(preset=preset, files=held, **values)
