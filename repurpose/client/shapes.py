"""What the API answers, as a type checker sees it. Times of rows are milliseconds since 1970."""

from __future__ import annotations

from typing import Any, Generic, TypedDict, TypeVar

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A part of a list; `next` is the `after` of the following part."""

    items: list[T]
    next: str | None


class Event(TypedDict):
    """An event."""

    id: str
    slug: str
    title: str
    language: str
    date: str
    state: str
    release: int | None
    run: str | None
    url: str
    site: dict[str, Any]
    about: dict[str, Any]
    created: int
    updated: int
    published: int | None


class Recording(TypedDict):
    """A file that was handed in."""

    id: str
    event: str
    kind: str
    name: str
    bytes: int
    sha256: str
    created: int


class Run(TypedDict):
    """One time an event was worked on."""

    id: str
    event: str
    state: str
    cuts: list[str]
    stopping: bool
    why: str
    created: int
    began: int | None
    ended: int | None


class Job(TypedDict):
    """One step of a run."""

    stage: str
    variant: str
    state: str
    fraction: float
    why: str


class Progress(TypedDict):
    """How a run stands, and which steps stand differently than before."""

    state: str
    fraction: float
    jobs: list[Job]
    why: str


class Release(TypedDict):
    """An event as it was at one moment."""

    event: str
    number: int
    shown: bool
    package: str
    created: int
    by: str


class Publications(TypedDict):
    """What the site shows, and what it could show."""

    event: str
    state: str
    release: int | None
    items: list[Release]


class Asset(TypedDict):
    """One file of a release."""

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
    spans: list[list[int]]
    intro_ms: int
    outro_ms: int
    url: str | None
    content: str


class Brand(TypedDict):
    """A brand. `files` has name, bytes and sha256 of its logo, font, music and sting; `updated` is None without a record."""

    name: str
    told: str
    ink: str
    paper: str
    signal: str
    warm: str
    on_dark: str
    quiet: str
    spoken: str
    ground: list[str]
    corner: str
    intro: bool
    outro: bool
    cta: str
    cta_en: str
    link: str
    files: dict[str, dict[str, Any]]
    created: int | None
    updated: int | None


class Person(TypedDict):
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
    state: str
    url: str
    content: list[str]
    created: int
    updated: int


class Link(TypedDict):
    """A short link."""

    code: str
    short: str
    kind: str
    event: str | None
    asset: str | None
    person: str | None
    url: str
    channel: str
    start: int | None
    created: int
    revoked: int | None


class Side(TypedDict):
    """One of two, and what it came to: visitors it was shown to, those that are counted, and who of them has a view and stayed."""

    title: str
    cover: str
    shown: int
    counted: int
    views: int
    stays: int
    rate: float


class Experiment(TypedDict):
    """Two titles or covers of a film, `a` the one that was shown before; `why` and `keep` are empty while it runs."""

    id: str
    event: str
    path: str
    channel: str
    state: str
    keep: str
    why: str
    a: Side
    b: Side
    evidence: float
    needed: float
    created: int
    ended: int | None


class Hit(TypedDict):
    """Where words stand."""

    kind: str
    start: int
    end: int
    speaker: str
    text: str
    marks: list[list[int]]
    url: str


class Found(TypedDict):
    """An event in which words were found."""

    event: str
    slug: str
    title: str
    date: str
    language: str
    count: int
    hits: list[Hit]


class Endpoint(TypedDict):
    """Something that is told what happens."""

    id: str
    kind: str
    address: str
    name: str
    types: list[str]
    language: str
    state: str
    why: str
    paused_until: int
    created: int
    by: str
    updated: int


class NewEndpoint(Endpoint):
    """An endpoint with the secret its messages are signed with: told once."""

    secret: str


class Message(TypedDict):
    """One message to one endpoint, as it was written and as far as it has come."""

    id: str
    type: str
    state: str
    attempts: int
    failed: int
    status: int | None
    why: str
    available_at: int
    created: int
    ended: int | None
    payload: dict[str, Any]
