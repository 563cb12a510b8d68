"""What was made and released, as it goes out of the API, and what is found in it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from repurpose.db.events import EventRow
from repurpose.db.releases import ReleaseRow
from repurpose.web.api.shapes.fields import At, Pair


class AssetShape(BaseModel):
    """One file, in the version that this id stands for."""

    id: str
    event: str
    path: str
    kind: str
    cut: str
    take: int | None
    render: str
    language: str
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    duration_ms: int | None
    spans: tuple[Pair, ...] = Field(description="of the recording, in the order shown")
    intro_ms: int
    outro_ms: int
    url: str | None = Field(description="for visitors, good for hours; none while the event is not published")
    content: str = Field(description="for programs with a key, whatever the event's state")


class ReleaseShape(BaseModel):
    """An event as it was at one moment."""

    event: str
    number: int
    shown: bool
    package: str = Field(description="sha256 of its package")
    created: At
    by: str

    @classmethod
    def of(cls, row: ReleaseRow, event: EventRow) -> ReleaseShape:
        shown = event.state == "published" and event.release == row.number
        return cls(
            event=row.event_id, number=row.number, shown=shown, package=row.package, created=row.created, by=row.by
        )


class HitShape(BaseModel):
    """Where the words stand."""

    kind: str
    start: int
    end: int
    speaker: str
    text: str
    marks: tuple[Pair, ...] = Field(description="[start, end) of the words, in signs of `text`")
    url: str


class FoundShape(BaseModel):
    """An event in which something was found."""

    event: str
    slug: str
    title: str
    date: str
    language: str
    count: int
    hits: tuple[HitShape, ...]
