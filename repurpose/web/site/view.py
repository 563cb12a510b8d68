"""Release -> what the microsite shows. Pure: addresses are made by the template, words by the catalogues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from repurpose.db.assets import REPLAY
from repurpose.models import Asset, Highlight, Ms, Sentence, Span
from repurpose.models.published import Release
from repurpose.publish.cards import by_quote
from repurpose.publish.release import master_of
from repurpose.web.site import curve
from repurpose.web.site.sections import Block, Cut, EventView, File, Film, Line, Page, Part, Person, Poster, Take

QUOTED = ("greeting", "housekeeping", "question")  # no key sentences


def view_of(release: Release) -> EventView:
    """What there is to show. A part that is empty is not on the page."""
    package, spoken = release.package, release.spoken
    duration = package.recording.duration
    assets = {asset.path: asset for asset in package.assets}
    cuts = cuts_of(package.assets, duration)
    pages = tuple(
        Page(slide, asset.path)
        for slide, asset in zip(release.slides.pages, _of("slide", package.assets), strict=False)
    )
    title = package.event.title or package.event.name.replace("_", " ")
    posters = posters_of(_of("poster", package.assets), _of("motion", package.assets))
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
        pictures=tuple(asset for asset in _of("summary", package.assets) if not is_slice(asset)),
        share=next((p.path for p in assets.values() if p.kind == "poster" and p.width == 1920), hero.cover),
        topics=release.site.topics,
        streams={ladder.film: master_of(ladder) for ladder in release.streams},
    )  # fmt: skip


def _of(kind: str, assets: Sequence[Asset]) -> list[Asset]:
    return [asset for asset in assets if asset.kind == kind]


def cuts_of(assets: Sequence[Asset], duration: Ms) -> tuple[Cut, ...]:
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


def posters_of(posters: Sequence[Asset], moving: Sequence[Asset]) -> tuple[Poster, ...]:
    """A card a quote: its first upright size is shown, all of them are there to take, and the same in motion where it was made."""
    made, films = [], {one.sentences: one for one in moving if one.path.endswith(".mp4")}
    for sizes in by_quote(posters):
        shown = sizes[0]
        who, _, quote = shown.alt.partition(": ")
        at = shown.spans[0].start if shown.spans else None
        film = films.get(shown.sentences)
        made.append(Poster(shown, tuple(sizes), at, quote or who, who if quote else "", film))
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
    whole = [asset for asset in wanted if not is_slice(asset)]
    whole.sort(key=lambda asset: order.index(asset.kind))
    return tuple(
        File(a.path, a.kind, PurePosixPath(a.path).suffix[1:].upper(), a.file.size, a.kind in gated) for a in whole
    )


def is_slice(asset: Asset) -> bool:
    """Is it a part of the long summary, such as `summary/long-3.jpg`?"""
    return re.search(r"-\d+$", PurePosixPath(asset.path).stem) is not None
