"""Events as they go in and out of the API, and what is handed in and decided for them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from repurpose.db.events import EventState
from repurpose.db.recordings import RecordingKind, RecordingRow
from repurpose.models.published import SiteSettings
from repurpose.web.api.shapes.fields import (
    At,
    BrandName,
    FileWish,
    Https,
    Line,
    Moment,
    Origin,
    Paragraphs,
    Slug,
    Tongue,
    Wish,
)


class SpeakerShape(Wish):
    """Someone who speaks at the event."""

    name: Annotated[Line, Field(min_length=1)]
    title: Line = ""
    company: Line = ""
    role: Literal["host", "guest"] = "guest"


class AgendaShape(Wish):
    """One line of the agenda."""

    title: Annotated[Line, Field(min_length=1)]
    at: Moment | None = None
    speaker: Line = ""


class CtaShape(Wish):
    """What a viewer is asked to do next."""

    text: Line = ""
    url: Https = ""


class AboutShape(Wish):
    """What is known of the event before anyone listens to it."""

    speakers: Annotated[tuple[SpeakerShape, ...], Field(max_length=50)] = ()
    agenda: Annotated[tuple[AgendaShape, ...], Field(max_length=200)] = ()
    terms: Annotated[tuple[Line, ...], Field(max_length=500, description="names and jargon, as they are spelled")] = ()
    brand: BrandName = "default"
    cta: CtaShape = CtaShape()


class SiteShape(SiteSettings):
    """How the event stands on the microsite; frozen into each release."""

    summary: Paragraphs = ""
    topics: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    embed: Annotated[tuple[Origin, ...], Field(max_length=50)] = ()


class EventWish(Wish):
    """A new event."""

    title: Annotated[Line, Field(min_length=1)]
    slug: Slug | None = Field(None, description="its address on the site; made of the title when not given")
    language: Tongue = Field("", description="spoken, such as zh or en; empty: it is found out")
    date: datetime.date | None = None
    about: AboutShape = AboutShape()
    site: SiteShape = SiteShape()


class EventChange(Wish):
    """What is to be different; what is left out stays."""

    title: Annotated[Line, Field(min_length=1)] | None = None
    slug: Slug | None = None
    language: Tongue | None = None
    date: datetime.date | None = None
    about: AboutShape | None = None
    site: SiteShape | None = None


class EventShape(BaseModel):
    """An event."""

    id: str
    slug: str
    title: str
    language: str
    date: str = Field(description="2026-11-05; empty when not told")
    state: EventState
    release: int | None = Field(description="the number of the release that the site shows")
    run: str | None
    url: str = Field(description="its microsite, which is there while it is published")
    site: SiteSettings
    about: AboutShape
    created: At
    updated: At
    published: int | None


class SpanShape(Wish):
    """A half-open stretch of the recording."""

    start: Moment
    end: Moment


class ChoicesShape(Wish):
    """What a person decided: stretches every version must have, and stretches none may."""

    keep: Annotated[tuple[SpanShape, ...], Field(max_length=1000)] = ()
    drop: Annotated[tuple[SpanShape, ...], Field(max_length=1000)] = ()


class RecordingWish(FileWish):
    """A file for an event."""

    kind: RecordingKind = "recording"
    name: Line = Field("", description="what it is called; else as it came")


class RecordingShape(BaseModel):
    """A file that was handed in."""

    id: str
    event: str
    kind: RecordingKind
    name: str
    bytes: int
    sha256: str
    created: At

    @classmethod
    def of(cls, row: RecordingRow) -> RecordingShape:
        return cls(
            id=row.id, event=row.event_id, kind=row.kind, name=row.name, bytes=row.file.size, sha256=row.file.digest,
            created=row.created,
        )  # fmt: skip


class SubmissionShape(BaseModel):
    """A form that a visitor sent in."""

    id: str
    event: str
    asset: str | None
    link: str | None
    fields: dict[str, str]
    consented: int | None
    created: At
