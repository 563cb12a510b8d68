"""The rows of assets: each version of a file that a release hands out, under the one id it keeps for good."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, Engine, exists, insert, select

from repurpose.db.events import EventRow, event_row
from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading
from repurpose.db.tables import assets, events, release_assets
from repurpose.models import Asset, Blob

REPLAY = "replay"  # the kind of the recording's own film, and how its file is called
STREAM = "stream"  # the kind of the files that make up a film as HLS
FILMS = ("video", REPLAY)  # the kinds that are played


@dataclass(frozen=True)
class AssetRow:
    """The columns of `tables.assets`; the file as a Blob."""

    id: str
    event_id: str
    path: str
    kind: str
    cut: str
    take: int | None
    render: str
    language: str
    file: Blob
    width: int | None
    height: int | None
    duration_ms: int | None
    spans: tuple[tuple[int, int], ...]
    intro_ms: int
    outro_ms: int
    release_number: int
    created: int


@dataclass(frozen=True)
class Handed:
    """A file that a release hands out; `kind` is the Asset's, or REPLAY."""

    asset: Asset
    kind: str


@dataclass(frozen=True)
class Standing:
    """An asset with its event, and whether a release that is kept still hands it out."""

    asset: AssetRow
    event: EventRow
    kept: bool

    @property
    def open(self) -> bool:
        """May it be given to a visitor?"""
        return self.kept and self.event.state == "published"

    @property
    def free(self) -> bool:
        """Is it for everyone by the event's choice, without a signed link?"""
        return self.event.settings.media == "public" and self.asset.kind not in self.event.settings.gated


def enter(connection: Connection, event_id: str, number: int, handed: Sequence[Handed]) -> None:
    """Write the files of a new release: those seen before keep their rows."""
    found = select(assets.c.path, assets.c.digest, assets.c.id).where(assets.c.event_id == event_id)
    known = {(path, digest): row_id for path, digest, row_id in connection.execute(found)}
    new: list[dict[str, Any]] = []
    held: dict[str, int] = {}
    at = now()
    for position, each in enumerate(handed):
        one = each.asset
        key = (one.path, one.file.digest)
        if key not in known:
            known[key] = new_id("as")
            new.append(
                {
                    "id": known[key], "event_id": event_id, "kind": each.kind, "digest": one.file.digest,
                    "suffix": one.file.suffix, "size": one.file.size, "release_number": number, "created": at,
                    "spans": json.dumps([[span.start, span.end] for span in one.spans]),
                    **{name: getattr(one, name) for name in _SAME},
                }
            )  # fmt: skip
        held.setdefault(known[key], position)
    if new:
        connection.execute(insert(assets), new)
    if held:
        rows = [
            {"event_id": event_id, "number": number, "asset_id": row_id, "position": position}
            for row_id, position in held.items()
        ]
        connection.execute(insert(release_assets), rows)


def of_release(engine: Engine, event_id: str, number: int) -> list[AssetRow]:
    """The files of one release, in the package's order; the replay is last."""
    found = (
        select(assets)
        .join(release_assets, release_assets.c.asset_id == assets.c.id)
        .where(release_assets.c.event_id == event_id, release_assets.c.number == number)
        .order_by(release_assets.c.position)
    )
    with reading(engine) as connection:
        return [_row(row._mapping) for row in connection.execute(found)]


def find(engine: Engine, asset_id: str) -> AssetRow | None:
    """The asset of this id, kept or not."""
    with reading(engine) as connection:
        row = connection.execute(select(assets).where(assets.c.id == asset_id)).one_or_none()
    return None if row is None else _row(row._mapping)


def beside(engine: Engine, asset: AssetRow, name: str) -> AssetRow | None:
    """The file of this name in the folder of an asset; where names tell contents, the one that belongs to it."""
    path = str(PurePosixPath(asset.path).with_name(name))
    with reading(engine) as connection:
        found = select(assets).where(assets.c.event_id == asset.event_id, assets.c.path == path)
        row = connection.execute(found.order_by(assets.c.created.desc()).limit(1)).one_or_none()
    return None if row is None else _row(row._mapping)


def standing(engine: Engine, asset_id: str) -> Standing | None:
    """The asset of this id and whether it may be given out, in one look."""
    kept = exists().where(release_assets.c.asset_id == assets.c.id).label("kept")
    named = [column.label(f"event_{column.name}") for column in events.c]
    found = select(*[column.label(f"asset_{column.name}") for column in assets.c], *named, kept)
    found = found.join_from(assets, events, assets.c.event_id == events.c.id).where(assets.c.id == asset_id)
    with reading(engine) as connection:
        row = connection.execute(found).one_or_none()
    if row is None:
        return None
    values = row._mapping
    asset = {column.name: values[f"asset_{column.name}"] for column in assets.c}
    event = {column.name: values[f"event_{column.name}"] for column in events.c}
    return Standing(_row(asset), event_row(event), bool(values["kept"]))


_SAME = ("path", "cut", "take", "render", "language", "width", "height", "duration_ms", "intro_ms", "outro_ms")


def _row(row: Mapping[Any, Any]) -> AssetRow:
    values = dict(row)
    file = Blob(digest=values.pop("digest"), suffix=values.pop("suffix"), size=values.pop("size"))
    spans = tuple((start, end) for start, end in json.loads(values.pop("spans")))
    return AssetRow(file=file, spans=spans, **values)
