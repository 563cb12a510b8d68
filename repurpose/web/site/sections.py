"""What the microsite of one release shows, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from repurpose.models import Asset, Chapter, Event, Ms, Sentence, Slide, Span, Speaker


@dataclass(frozen=True)
class Film:
    """One film that can be played."""

    name: str  # "1min-1.vertical"; "replay" for the recording
    path: str  # of the asset
    title: str
    duration: Ms
    width: int
    height: int
    cover: str = ""  # path of a picture
    captions: tuple[tuple[str, str], ...] = ()  # (language, path) of WebVTT
    spans: tuple[Span, ...] = ()  # of the recording
    intro: Ms = 0
    take: int = 1
    render: str = ""

    @property
    def upright(self) -> bool:
        return self.height > self.width


@dataclass(frozen=True)
class Take:
    """One take of a cut: the film that stands for it, the other forms it was drawn in, and where it comes from."""

    film: Film
    others: tuple[Film, ...]
    stretches: tuple[tuple[float, float], ...]  # in the drawing of the curve
    covered: int  # percent of the recording


@dataclass(frozen=True)
class Cut:
    """版本: the takes of one length."""

    name: str
    number: str  # "30" of "30min"; empty when the name has none
    unit: str  # "min", "s", "h" or ""
    takes: tuple[Take, ...]

    @property
    def upright(self) -> bool:
        return all(take.film.upright for take in self.takes)


@dataclass(frozen=True)
class Part:
    """A chapter with the sentence that says most in it."""

    chapter: Chapter
    left: float  # percent of the recording
    width: float
    key: Sentence | None
    picture: str  # path of the page that opens it


@dataclass(frozen=True)
class Line:
    """A sentence of the transcript; `who` where the speaker changes."""

    index: int
    sentence: Sentence
    who: str


@dataclass(frozen=True)
class Block:
    """The sentences of one chapter."""

    title: str
    start: Ms
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Page:
    """A slide and the path of its picture."""

    slide: Slide
    path: str


@dataclass(frozen=True)
class Poster:
    """One quote as pictures, the one that is shown first."""

    shown: Asset
    sizes: tuple[Asset, ...]
    at: Ms | None
    quote: str
    who: str
    moving: Asset | None = None  # the same quote as a film of some seconds


@dataclass(frozen=True)
class Person:
    """A speaker, with the path of a portrait and the best sentence they said."""

    speaker: Speaker
    portrait: str
    said: Sentence | None


@dataclass(frozen=True)
class File:
    """A file to take away."""

    path: str
    kind: str
    what: str  # "PDF"
    size: int
    gated: bool


@dataclass(frozen=True)
class EventView:
    """Everything the microsite of one release shows, in the order it is shown."""

    slug: str
    event: Event
    title: str
    summary: str
    language: str  # of the talk: "zh" or "en" or any code
    duration: Ms
    hero: Film
    parts: tuple[Part, ...]
    curve: str  # the path of an SVG shape
    cuts: tuple[Cut, ...]
    posters: tuple[Poster, ...]
    quotes: tuple[Sentence, ...]  # when there are no posters
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...]
    people: tuple[Person, ...]
    files: tuple[File, ...]
    pictures: tuple[Asset, ...]  # the one-picture summary, whole
    share: str  # path of the picture that stands for the event elsewhere
    topics: tuple[str, ...]
    streams: Mapping[str, str]  # a film's name -> the path of its master playlist

    @property
    def cta_url(self) -> str:
        """Where the call to action leads; only ever to https."""
        url = self.event.cta.url
        return url if url.startswith("https://") else ""

    @property
    def gated(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.gated)

    @property
    def films(self) -> tuple[Film, ...]:
        return (self.hero, *(film for cut in self.cuts for take in cut.takes for film in (take.film, *take.others)))
