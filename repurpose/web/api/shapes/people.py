"""People with smart cards and the links they hand out, as they go in and out of the API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from repurpose.db.links import LinkKind, LinkRow
from repurpose.db.people import PersonRow, PersonState
from repurpose.web.api.shapes.fields import (
    AssetName,
    At,
    EventName,
    Https,
    Line,
    Mail,
    Moment,
    Paragraphs,
    PersonName,
    Slug,
    Tongue,
    Wish,
)


class PersonWish(Wish):
    """Someone with a smart card."""

    name: Annotated[Line, Field(min_length=1)]
    slug: Slug
    title: Line = ""
    company: Line = ""
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+() .-]{0,40}$")] = ""
    email: Mail | Literal[""] = ""
    calendar: Https = ""
    about: Paragraphs = ""
    language: Tongue = ""


class PersonChange(Wish):
    """What is to be different; what is left out stays."""

    name: Annotated[Line, Field(min_length=1)] | None = None
    slug: Slug | None = None
    title: Line | None = None
    company: Line | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+() .-]{0,40}$")] | None = None
    email: Mail | Literal[""] | None = None
    calendar: Https | None = None
    about: Paragraphs | None = None
    language: Tongue | None = None
    state: PersonState | None = None


class PersonShape(BaseModel):
    """Someone with a smart card."""

    id: str
    slug: str
    name: str
    title: str
    company: str
    phone: str
    email: str
    calendar: str
    about: str
    language: str
    state: PersonState
    url: str
    content: tuple[str, ...] = Field(description="ids of the events shown first")
    created: At
    updated: At

    @classmethod
    def of(cls, row: PersonRow, content: tuple[str, ...], base: str) -> PersonShape:
        return cls(
            id=row.id, slug=row.slug, name=row.name, title=row.title, company=row.company, phone=row.phone,
            email=row.email, calendar=row.calendar, about=row.about, language=row.language, state=row.state,
            url=f"{base}/c/{row.slug}", content=content, created=row.created, updated=row.updated,
        )  # fmt: skip


class ContentWish(Wish):
    """What a card shows first, in order."""

    events: Annotated[tuple[EventName, ...], Field(max_length=100)]


class LinkWish(Wish):
    """A short link: to an event, an asset, a card, or an allowed https address; by a person, through a channel."""

    kind: LinkKind
    event: EventName | None = None
    asset: AssetName | None = None
    person: PersonName | None = None
    url: Https = ""
    channel: Annotated[Line, Field(max_length=60)] = ""
    start: Moment | None = Field(None, description="where the film begins")


class LinkShape(BaseModel):
    """A short link."""

    code: str
    short: str = Field(description="what to hand out")
    kind: LinkKind
    event: str | None
    asset: str | None
    person: str | None
    url: str
    channel: str
    start: int | None
    created: At
    revoked: int | None

    @classmethod
    def of(cls, row: LinkRow, base: str) -> LinkShape:
        return cls(
            code=row.code, short=f"{base}/l/{row.code}", kind=row.kind, event=row.event_id, asset=row.asset_id,
            person=row.person_id, url=row.url, channel=row.channel, start=row.start_ms, created=row.created,
            revoked=row.revoked,
        )  # fmt: skip
