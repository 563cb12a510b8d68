"""Leads, as the API tells of them and as programs tell of people."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from repurpose.web.api.shapes.fields import At, EventName, Line, Pair, Wish

Visitor = Annotated[str, StringConstraints(pattern=r"^(v[A-Za-z0-9_-]{22})?$")]
LeadName = Annotated[str, StringConstraints(pattern="^le_[a-z2-7]{20}$")]
Kind = Annotated[
    str, StringConstraints(pattern=r"^(email|phone|(crm|wecom|unionid|openid|sso)(:[a-z0-9][a-z0-9._-]{0,30})?)$")
]
Many = Annotated[int, Field(ge=0, le=100_000)]
Moment = Annotated[int, Field(ge=0, lt=1 << 43, description="milliseconds since 1970")]


class KeyShape(BaseModel):
    """What names somebody."""

    kind: Kind = Field(
        description="email, phone, or one's own: crm, wecom (external_userid), unionid, openid, sso; `crm:sap`"
    )
    value: Line


class ToldShape(BaseModel):
    """What was told of somebody last."""

    name: Line = ""
    company: Line = ""
    title: Line = ""


class AttendedWish(Wish):
    """What they did at the live event."""

    registered_at: Moment | None = None
    attended: bool | None = None
    minutes: Many = 0
    questions: Many = 0
    polls: Many = 0


class IdentifyWish(Wish):
    """One time somebody was heard of."""

    keys: Annotated[list[KeyShape], Field(min_length=1, max_length=20)]
    verified: bool = Field(
        True, description="the program knows it is they, as a CRM or a log-in does; false: they only wrote it somewhere"
    )
    at: Moment | None = Field(None, description="when that was, in milliseconds since 1970; now when not told")
    visitor: Visitor = Field(
        "", description="the browser, where it agreed to be recognised; of any other nothing is kept"
    )
    event: EventName | None = None
    about: ToldShape = ToldShape()
    attended: AttendedWish | None = Field(None, description="takes `event`")
    source: Annotated[str, StringConstraints(pattern="^[a-z0-9-]{0,30}$")] = Field("", description="the program's name")
    ref: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_.:-]{0,80}$")] = Field(
        "", description="in its own terms"
    )


class OutcomeShape(BaseModel):
    """Whose that is: new; known; again, when it was said before; refused, when no key names anybody; suppressed, for who
    asked to be forgotten."""

    lead: str | None
    state: str


class VersionShape(BaseModel):
    """One version, as it was watched."""

    asset_id: str
    path: str
    seconds: int = Field(description="each counted once")
    of: int
    watch_ms: int
    views: int


class SeenShape(BaseModel):
    """What was watched of one event."""

    event: str
    title: str
    seconds: int = Field(description="of the recording, by whichever version, each counted once")
    watch_ms: int
    first: int
    last: int
    channels: list[str]
    runs: list[list[int]] = Field(description="the seconds of the recording, as [first, end)")
    versions: list[VersionShape]


class CameShape(BaseModel):
    """What a platform tells of them at a live event."""

    event_id: str
    source: str
    registered_at: int | None
    attended: bool | None
    minutes: int
    questions: int
    polls: int


class LeadShape(BaseModel):
    """A lead: what names them and what they watched."""

    id: str
    source: str = Field(description="where they were first heard of")
    first: At = Field(description="when they were first heard of")
    updated: At
    about: dict[str, str]
    known_by: list[KeyShape]
    watch_ms: int
    seconds: int = Field(description="of recordings, each counted once")
    last: int | None = Field(description="when they last watched")
    attendance: list[CameShape]
    watched: list[SeenShape]


class RfeShape(BaseModel):
    """Recency, frequency and engagement, 1 to 5; 5 is best."""

    r: int
    f: int
    e: int


class ReasonShape(BaseModel):
    """What earned points, as it was earned."""

    at: At
    rule: str
    points: float
    event: str
    asset: str
    seen: list[Pair] = Field(description="[start, end) in ms of the recording")


class TagShape(BaseModel):
    """What a lead is, and what that rests on."""

    kind: str = Field(description="topic, term, stage or channel")
    value: str
    event: str = Field(description="where it was watched; topic, term and channel")
    seen: int = Field(description="seconds of it that were watched; topic and term")
    of: int = Field(description="seconds it has")
    since: int = Field(description="in milliseconds since 1970: on this stage, came by this channel")


class ScoredLeadShape(LeadShape):
    """A lead as it stands among the others: what its score is and why, its tags and segments."""

    score: float = Field(description="half a minute old at most, of many thousands a few minutes")
    stage: str = Field(description="lead mql sql opp won lost")
    rfe: RfeShape = Field(description="among all leads")
    reasons: list[ReasonShape] = Field(description="what earned most, at most six")
    tags: list[TagShape]
    segments: list[str] = Field(description="of presets/segments.toml")


class PerhapsShape(BaseModel):
    """A browser in which a link made for this lead was opened: theirs, or of whom they sent the link to."""

    visitor: str
    last: At


class QuestionShape(BaseModel):
    """Another lead that is perhaps the same person."""

    id: int
    other: str
    kind: str = Field(description="of the identifier that says so")


class WholeLeadShape(LeadShape):
    """A lead, with what a person should look at."""

    conflicts: list[QuestionShape]
    perhaps: list[PerhapsShape]


class MergeWish(Wish):
    """Which lead stands for both, and why."""

    into: LeadName
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class UnmergeWish(Wish):
    """Why they are two."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class BrowserWish(Wish):
    """A browser that is theirs."""

    visitor: Annotated[str, StringConstraints(pattern=r"^v[A-Za-z0-9_-]{22}$")]


class ErasedShape(BaseModel):
    """Who was forgotten, and where what named them still stands."""

    lead: str
    members: list[str] = Field(description="itself, and all that were merged into it")
    forms: int = Field(description="that were emptied")
    messages: int = Field(description="that were dropped, sent or not")
    files: int = Field(description="that were looked through")
    size: int = Field(description="bytes of them")
    hits: dict[str, int] = Field(description="table or file -> how often; empty when nothing is left")
    unread: list[str] = Field(description="files that may not be read")


class LeadIdShape(BaseModel):
    """A lead's id."""

    lead: str


class ConflictShape(BaseModel):
    """Two leads that are perhaps one person."""

    id: int
    lead: str
    other: str
    kind: str
    at: At
