"""素材包: every asset of one recording under its fixed name, and package.json for other programs."""

from __future__ import annotations

from typing import Any

from repurpose.context import Context
from repurpose.models import (
    Asset,
    Chapters,
    EditDecisionList,
    Event,
    Highlights,
    Package,
    Recording,
    Rendition,
    Skips,
    Slides,
    Span,
    Transcript,
    Versions,
)
from repurpose.models.designed import Deck, Motion, Pictures, Recap
from repurpose.presets import Presets
from repurpose.publish import documents
from repurpose.publish.assets import (
    deck_of,
    film_of,
    lists_of,
    motion_of,
    portraits_of,
    posters_of,
    recap_of,
    slides_of,
    summary_of,
    texts_of,
)
from repurpose.publish.page import Shown, page_html

FORMAT = 1  # of package.json; goes up when a field changes its meaning


def pack(
    event: Event,
    recording: Recording,
    spoken: Transcript,
    slides: Slides,
    deck: Deck,
    chapters: Chapters,
    highlights: Highlights,
    posters: Pictures,
    motion: Motion,
    summary: Pictures,
    recap: Recap,
    edl: dict[str, EditDecisionList],
    rendition: dict[str, Rendition],
    drawing: dict[str, Rendition],
    skipped: Skips,
    versions: Versions,
    presets: Presets,
    ctx: Context,
) -> Package:
    """Everything that was made, under its name in the package folder, with the page that shows it.

    `edl` is keyed by take ("1min-2"), `rendition` and `drawing` by take and render ("1min-2.landscape").
    """
    store = ctx.store
    portraits = portraits_of(event)
    pages = slides_of(slides, recording)
    films = rendition | drawing
    cuts = {name: film_of(name, made, spoken.language) for name, made in films.items()}
    ctx.beat(0.3)
    bound = deck_of(deck, spoken.language)
    quoted, whole, written = posters_of(posters), summary_of(summary), recap_of(recap)
    moving = motion_of(motion, posters)
    lists = lists_of(edl, event, recording, store)
    shown = [
        Shown(
            name=name,
            made=made,
            captions=store.path(made.vtt).read_text("utf-8"),
            files=tuple(asset.path for asset in cuts[name])
            + tuple(asset.path for asset in lists if (asset.cut, asset.take) == (made.cut, made.take)),
            drawn=name in drawing,
        )
        for name, made in films.items()
    ]
    texts = texts_of(event, spoken, chapters, highlights, slides, [page.path for page in pages], store)
    ctx.beat(0.6)
    html = page_html(
        event, recording, spoken, slides, chapters, highlights, shown, skipped, presets,
        slide_paths=[page.path for page in pages], deck_paths=[asset.path for asset in bound],
        posters=quoted, motion=moving, summary=whole, recap_paths=[asset.path for asset in written],
        portrait_paths={asset.alt: asset.path for asset in portraits},
    )  # fmt: skip
    index = Asset(
        path="index.html", kind="page", file=store.put_bytes(html.encode(), ".html"), language=spoken.language
    )
    ctx.beat(1.0)
    return Package(
        event=event,
        recording=recording,
        assets=(
            index,
            *texts,
            *pages,
            *bound,
            *quoted,
            *moving,
            *whole,
            *written,
            *portraits,
            *lists,
            *(asset for assets in cuts.values() for asset in assets),
        ),
        skipped=skipped.items,
        versions=versions.items,
    )


def public(package: Package) -> str:
    """package.json: what other programs read. Field names and file names are stable; times are ms of the recording."""
    recording, video = package.recording, package.recording.video
    return documents.pretty(
        {
            "format": FORMAT,
            "event": package.event.model_dump(mode="json", exclude={"speakers": {"__all__": {"photo"}}}),
            "recording": {
                "sha256": recording.media.digest,
                "bytes": recording.media.size,
                "duration_ms": recording.duration,
                "width": video.width,
                "height": video.height,
                "frame_rate": f"{video.rate_num}/{video.rate_den}",
                "has_audio": recording.has_audio,
                "title_card": recording.title_card,
                "parts": [_span(part) for part in recording.parts],
                "prepared": list(recording.prepared),
            },
            "assets": [_asset(asset) for asset in package.assets],
            "skipped": [item.model_dump() for item in package.skipped],
            "versions": dict(sorted(package.versions.items())),
        }
    )


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _asset(asset: Asset) -> dict[str, Any]:
    return {
        "path": asset.path,
        "kind": asset.kind,
        "sha256": asset.file.digest,
        "bytes": asset.file.size,
        "duration_ms": asset.duration_ms,
        "width": asset.width,
        "height": asset.height,
        "language": asset.language,
        "cut": asset.cut,
        "take": asset.take,
        "render": asset.render,
        "spans": [_span(span) for span in asset.spans],
        "intro_ms": asset.intro_ms,
        "outro_ms": asset.outro_ms,
        "sentences": list(asset.sentences),
        "link": asset.link,
        "alt": asset.alt,
    }
