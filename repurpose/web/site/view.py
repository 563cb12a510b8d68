"""Release -> what the microsite shows. Pure: addresses are made by the template, words by the catalogues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from repurpose.db.assets import REPLAY
from repurpose.models import Asset, Chapter, Event, Highlight, Ms, Sentence, Slide, Span, Speaker
from repurpose.models.published import Release
from repurpose.web.site import curve

QUOTED = ("greeting", "housekeeping", "question")  # no key sentences


@dataclass(frozen=True)
class Name:
    """What a cut or a render is called, as its preset says."""

    zh: str = ""
    en: str = ""


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


def view_of(release: Release) -> EventView:
    """What there is to show. A part that is empty is not on the page."""
    package, spoken = release.package, release.spoken
    duration = package.recording.duration
    assets = {asset.path: asset for asset in package.assets}
    cuts = _cuts(package.assets, duration)
    pages = tuple(
        Page(slide, asset.path)
        for slide, asset in zip(release.slides.pages, _of("slide", package.assets), strict=False)
    )
    title = package.event.title or package.event.name.replace("_", " ")
    posters = _posters(package.assets)
    hero = _hero(release, title, cuts, pages)
    return EventView(
        slug=release.slug,
        event=package.event,
        title=title,
        summary=release.site.summary,
        language=(spoken.language or package.event.language or "zh").split("-")[0],
        duration=duration,
        hero=hero,
        parts=_parts(release, pages, duration),
        curve=curve.path(curve.heights(release.highlights.items, duration)),
        cuts=cuts,
        posters=posters,
        quotes=() if posters else _best(release.highlights.items, spoken.sentences, 6),
        blocks=_blocks(release),
        pages=pages,
        people=_people(release, {asset.alt: asset.path for asset in _of("portrait", package.assets)}),
        files=_files(package.assets, release.site.gated),
        pictures=tuple(a for a in _of("summary", package.assets) if not re.search(r"-\d+$", PurePosixPath(a.path).stem)),
        share=next((p.path for p in assets.values() if p.kind == "poster" and p.width == 1920), hero.cover),
        topics=release.site.topics,
    )  # fmt: skip


def _of(kind: str, assets: Sequence[Asset]) -> list[Asset]:
    return [asset for asset in assets if asset.kind == kind]


def _cuts(assets: Sequence[Asset], duration: Ms) -> tuple[Cut, ...]:
    """The cuts, the longest first; of a take the recording's own picture stands for the rest, else the first drawn."""
    covers = {PurePosixPath(a.path).stem: a.path for a in _of("cover", assets)}
    captions = {
        PurePosixPath(a.path).stem: (a.language, a.path) for a in _of("captions", assets) if a.path.endswith(".vtt")
    }
    takes: dict[str, dict[int, list[Film]]] = {}
    for asset in _of("video", assets):
        name, take = PurePosixPath(asset.path).stem, asset.take or 1
        drawn = asset.render != "landscape"  # those have their captions in the picture
        film = Film(
            name=name, path=asset.path, title=asset.alt, duration=asset.duration_ms or 1, width=asset.width or 16,
            height=asset.height or 9, cover=covers.get(name, ""), spans=asset.spans, intro=asset.intro_ms, take=take,
            render=asset.render, captions=(captions[name],) if name in captions and not drawn else (),
        )  # fmt: skip
        takes.setdefault(asset.cut, {}).setdefault(take, []).append(film)
    made = [_cut(name, members, duration) for name, members in takes.items()]
    return tuple(sorted(made, key=lambda cut: -cut.takes[0].film.duration))


def _cut(name: str, members: Mapping[int, Sequence[Film]], duration: Ms) -> Cut:
    parts = re.fullmatch(r"(\d+)(min|s|h)", name)
    takes = []
    for _, films in sorted(members.items()):
        first, *others = sorted(films, key=lambda film: (film.render != "landscape", film.render != "vertical"))
        covered = sum(span.length for span in first.spans)
        takes.append(
            Take(first, tuple(others), tuple(curve.stretches(first.spans, duration)), round(100 * covered / duration))
        )
    return Cut(name, parts[1] if parts else "", parts[2] if parts else "", tuple(takes))


def _hero(release: Release, title: str, cuts: Sequence[Cut], pages: Sequence[Page]) -> Film:
    """The replay; where a browser could not play it, the longest version that shows the recording's own picture."""
    recording = release.package.recording
    video = recording.video
    landscape = [take.film for cut in cuts for take in cut.takes if not take.film.upright]
    if landscape and (video.codec != "h264" or recording.media.suffix not in (".mp4", ".m4v", ".mov")):
        return landscape[0]
    first = pages[0].path if pages else landscape[0].cover if landscape else ""
    spoken = (("transcript.vtt", release.spoken.language),)
    there = {asset.path for asset in release.package.assets}
    return Film(
        name=REPLAY, path=f"{REPLAY}{recording.media.suffix}", title=title, duration=recording.duration, width=video.width, height=video.height,
        cover=first, captions=tuple((language, path) for path, language in spoken if path in there),
        spans=(Span(start=0, end=recording.duration),),
    )  # fmt: skip


def _parts(release: Release, pages: Sequence[Page], duration: Ms) -> tuple[Part, ...]:
    made = []
    for chapter in release.chapters.items:
        inside = [item for item in release.highlights.items if chapter.first <= item.sentence <= chapter.last]
        best = _best(inside, release.spoken.sentences, 1)
        picture = pages[chapter.slide].path if chapter.slide is not None and chapter.slide < len(pages) else ""
        left, width = 100 * chapter.start / duration, 100 * chapter.length / duration
        made.append(Part(chapter, round(left, 2), round(width, 2), best[0] if best else None, picture))
    return tuple(made)


def _best(items: Sequence[Highlight], sentences: Sequence[Sentence], most: int) -> tuple[Sentence, ...]:
    """The sentences worth most that stand alone, the best first."""
    able = [item for item in items if item.kind not in QUOTED and item.stands_alone and item.score > 0]
    return tuple(sentences[item.sentence] for item in sorted(able, key=lambda item: (-item.score, item.start))[:most])


def _posters(assets: Sequence[Asset]) -> tuple[Poster, ...]:
    """A card a quote: its first upright size is shown, all of them are there to take."""
    quotes: dict[tuple[int, ...], list[Asset]] = {}
    for poster in _of("poster", assets):
        quotes.setdefault(poster.sentences, []).append(poster)
    made = []
    for sizes in quotes.values():
        shown = sizes[0]
        who, _, quote = shown.alt.partition(": ")
        made.append(
            Poster(
                shown, tuple(sizes), shown.spans[0].start if shown.spans else None, quote or who, who if quote else ""
            )
        )
    return tuple(made)


def _blocks(release: Release) -> tuple[Block, ...]:
    said = release.spoken.sentences
    speakers = len({sentence.speaker for sentence in said}) > 1

    def lines(first: int, last: int) -> tuple[Line, ...]:
        made, before = [], None
        for index in range(first, min(last + 1, len(said))):
            who = said[index].speaker
            made.append(Line(index, said[index], (who or "") if speakers and who != before else ""))
            before = who
        return tuple(made)

    chapters = release.chapters.items
    if not chapters:
        return (Block("", 0, lines(0, len(said) - 1)),) if said else ()
    return tuple(Block(item.title, item.start, lines(item.first, item.last)) for item in chapters)


def _people(release: Release, portraits: Mapping[str, str]) -> tuple[Person, ...]:
    said: dict[str, list[Highlight]] = {}
    for item in release.highlights.items:
        said.setdefault(release.spoken.sentences[item.sentence].speaker or "", []).append(item)
    made = []
    for who in release.package.event.speakers:
        best = _best(said.get(who.name, []), release.spoken.sentences, 1)
        made.append(Person(who, portraits.get(who.name, ""), best[0] if best else None))
    return tuple(made)


def _files(assets: Sequence[Asset], gated: Sequence[str]) -> tuple[File, ...]:
    """What a reader may take away: the slides, the transcript, the summary in pictures."""
    wanted = [
        asset
        for asset in assets
        if asset.kind in ("deck", "summary") or asset.path in ("transcript.md", "transcript.srt")
    ]
    order = ("deck", "summary", "transcript")
    whole = [asset for asset in wanted if not re.search(r"-\d+$", PurePosixPath(asset.path).stem)]
    whole.sort(key=lambda asset: order.index(asset.kind))
    return tuple(
        File(a.path, a.kind, PurePosixPath(a.path).suffix[1:].upper(), a.file.size, a.kind in gated) for a in whole
    )
