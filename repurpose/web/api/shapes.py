"""What goes in and out of the API: the fields of each thing, with their bounds."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from repurpose.db.access import KeyRow, Role, Scope, UserRow
from repurpose.db.audit import AuditRow
from repurpose.db.events import EventRow, EventState
from repurpose.db.links import LinkKind, LinkRow
from repurpose.db.orders import OrderRow, OrderState
from repurpose.db.people import PersonRow, PersonState
from repurpose.db.recordings import RecordingKind, RecordingRow
from repurpose.db.releases import ReleaseRow
from repurpose.models.published import SiteSettings

_PLAIN = r"^[^\x00-\x1f\x7f]*$"  # no control signs: PostgreSQL takes no NUL, a title has no line breaks
_ID = "[a-z2-7]{20}$"
Line = Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)]
Paragraphs = Annotated[str, StringConstraints(max_length=5000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Tongue = Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$")]
Https = Annotated[str, StringConstraints(pattern=r"^(https://[\x21-\x7e]{1,2000})?$")]
Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}$")]
EventId = Annotated[str, Path(pattern=f"^ev_{_ID}")]
AssetId = Annotated[str, Path(pattern=f"^as_{_ID}")]
RunId = Annotated[str, Path(pattern=f"^ru_{_ID}")]
PersonId = Annotated[str, Path(pattern=f"^pe_{_ID}")]
UserId = Annotated[str, Path(pattern=f"^us_{_ID}")]
KeyId = Annotated[str, Path(pattern=f"^ke_{_ID}")]
UploadId = Annotated[str, Path(pattern=f"^up_{_ID}")]
EventName = Annotated[str, StringConstraints(pattern=f"^ev_{_ID}")]
AssetName = Annotated[str, StringConstraints(pattern=f"^as_{_ID}")]
PersonName = Annotated[str, StringConstraints(pattern=f"^pe_{_ID}")]
UploadName = Annotated[str, StringConstraints(pattern=f"^up_{_ID}")]
Pair = Annotated[list[int], Field(min_length=2, max_length=2)]
At = Annotated[int, Field(description="milliseconds since 1970")]
Moment = Annotated[int, Field(ge=0, lt=1 << 31, description="milliseconds of the recording")]


class Wish(BaseModel):
    """The base of what comes in: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


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
    brand: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")] = "default"
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


class RecordingWish(Wish):
    """A file for an event: one uploaded before, or one that lies in a folder the server may take from."""

    kind: RecordingKind = "recording"
    upload: UploadName | None = Field(None, description="the id of a finished upload")
    path: Annotated[Line, Field(min_length=1)] | None = Field(
        None, description="an absolute path on the server, inside one of the folders of REPURPOSE_INGEST"
    )
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


class RunWish(Wish):
    """Make everything, or only some cuts."""

    cuts: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")], ...], Field(max_length=50)
    ] = ()


class RunShape(BaseModel):
    """One time an event was worked on."""

    id: str
    event: str
    state: OrderState
    cuts: tuple[str, ...]
    stopping: bool = Field(description="it was asked to stop and has not yet")
    why: str = Field(description="failed: the reason")
    created: At
    began: int | None
    ended: int | None

    @classmethod
    def of(cls, row: OrderRow) -> RunShape:
        stopping = row.cancel is not None and row.state == "working"
        return cls(
            id=row.id, event=row.event_id, state=row.state, cuts=row.cuts, stopping=stopping, why=row.why,
            created=row.created, began=row.began, ended=row.ended,
        )  # fmt: skip


class JobShape(BaseModel):
    """One step of a run."""

    stage: str
    variant: str
    state: str
    fraction: float = Field(description="0 to 1")
    why: str = ""


class ProgressShape(BaseModel):
    """How a run stands: what changed in its steps since the event before."""

    state: OrderState
    fraction: float = Field(description="0 to 1, by the expected work of each step")
    jobs: tuple[JobShape, ...] = ()
    why: str = ""


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


class KeyWish(Wish):
    """A new key for a program."""

    name: Annotated[Line, Field(min_length=1, max_length=100)]
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=3650)] | None = Field(None, description="how long it is good for")


class KeyShape(BaseModel):
    """A key for a program; the key itself is told once, when it is made."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: At
    by: str
    expires: int | None
    used: int | None
    revoked: int | None

    @classmethod
    def of(cls, row: KeyRow) -> KeyShape:
        return cls.model_validate({name: value for name, value in row.__dict__.items() if name != "hash"})


class NewKey(KeyShape):
    """A key that was just made."""

    key: str


class UserWish(Wish):
    """A new account."""

    email: Mail
    name: Annotated[Line, Field(min_length=1, max_length=100)]
    role: Role


class UserChange(Wish):
    """What is to be different; what is left out stays."""

    name: Annotated[Line, Field(min_length=1, max_length=100)] | None = None
    role: Role | None = None
    state: Literal["active", "disabled"] | None = None


class UserShape(BaseModel):
    """An account."""

    id: str
    email: str
    name: str
    role: Role
    state: Literal["active", "disabled"]
    created: At
    updated: At
    seen: int | None

    @classmethod
    def of(cls, row: UserRow) -> UserShape:
        hidden = ("password", "person_id")
        return cls.model_validate({name: value for name, value in row.__dict__.items() if name not in hidden})


class NewUser(UserShape):
    """An account that was just made, with the link by which its owner sets a password."""

    invitation: str


class MeShape(BaseModel):
    """Who asks."""

    id: str
    name: str
    role: Role | None
    scopes: tuple[Scope, ...]
    csrf: str = Field(description="a browser session sends it as X-CSRF-Token with every change; empty for a key")


class AuditShape(BaseModel):
    """One thing that was done."""

    id: int
    at: At
    actor: str
    action: str
    object: str
    address: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, row: AuditRow) -> AuditShape:
        return cls.model_validate(row.__dict__)


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


class SubmissionShape(BaseModel):
    """A form that a visitor sent in."""

    id: str
    event: str
    asset: str | None
    link: str | None
    fields: dict[str, str]
    consented: int | None
    created: At
