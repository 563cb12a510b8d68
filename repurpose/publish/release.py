"""What the site shows of an event, put together from what was made: the release, its files, and what a search finds in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from repurpose.db.assets import REPLAY, STREAM, Handed
from repurpose.db.search import Passage
from repurpose.models import Asset, Brand, Chapters, Highlights, Ladder, Package, Slides, Span, Transcript
from repurpose.models.published import Release, SiteLook, SiteSettings

STREAM_FOLDER = "hls"  # of a release's files


def compose(
    slug: str,
    package: Package,
    spoken: Transcript,
    chapters: Chapters,
    slides: Slides,
    highlights: Highlights,
    site: SiteSettings,
    streams: Sequence[Ladder] = (),
    brand: Brand | None = None,
) -> Release:
    """The release of these artifacts at the address `slug`; an empty ladder is left out, and without a brand it has the house's look."""
    return Release(
        slug=slug, package=package, spoken=spoken, chapters=chapters, slides=slides, highlights=highlights, site=site,
        streams=tuple(one for one in streams if one.files), look=look_of(brand) if brand else None,
    )  # fmt: skip


def look_of(brand: Brand) -> SiteLook:
    """What of the brand the site's pages show."""
    return SiteLook(
        name=brand.name, ink=brand.ink, paper=brand.paper, signal=brand.signal, on_dark=brand.on_dark, quiet=brand.quiet,
        ground=brand.ground, logo=brand.logo,
    )  # fmt: skip


def handed_out(release: Release) -> list[Handed]:
    """Every file of the package under its path, those of ladders under `hls/`, and last the recording itself as `replay.mp4`."""
    recording = release.package.recording
    replay = Asset(
        path=f"{REPLAY}{recording.media.suffix}",
        kind="video",
        file=recording.media,
        duration_ms=recording.duration,
        width=recording.video.width,
        height=recording.video.height,
        language=release.spoken.language,
        spans=(Span(start=0, end=recording.duration),),
        alt=release.package.event.title or release.package.event.name,
    )
    streamed = [
        Asset(path=f"{STREAM_FOLDER}/{ladder.film}/{each.name}", kind="video", file=each.file)
        for ladder in release.streams
        for each in ladder.files
    ]
    return [
        *(Handed(asset, asset.kind) for asset in release.package.assets),
        *(Handed(asset, STREAM) for asset in streamed),
        Handed(replay, REPLAY),
    ]


def master_of(ladder: Ladder) -> str:
    """The path of the playlist that a ladder is played by."""
    return f"{STREAM_FOLDER}/{ladder.film}/{ladder.files[0].name}"


def passages_of(release: Release) -> list[Passage]:
    """What is found: the title, the speakers and the topics; every sentence; what stands on every page."""
    event, listed = release.package.event, release.site.listed
    end = release.package.recording.duration
    people = [" · ".join(filter(None, (who.name, who.title, who.company))) for who in event.speakers]
    titles = [event.title or event.name, *people, *release.site.topics]
    spoken = [*release.spoken.sentences, None]
    return [
        *(Passage("title", 0, end, text, listed=listed) for text in titles),
        *(
            Passage(
                "said", this.start, this.end, this.text, this.speaker or "", after.text if after else "", listed=listed
            )
            for this, after in pairwise(spoken)
            if this
        ),
        *(
            Passage("slide", page.start, page.end, " ".join((page.text or page.title).split()), listed=listed)
            for page in release.slides.pages
        ),
    ]
