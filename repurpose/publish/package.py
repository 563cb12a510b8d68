"""素材包: every asset of one recording under its fixed name, and package.json for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from repurpose.context import Context
from repurpose.models import (
    Asset,
    Blob,
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
from repurpose.presets import Presets
from repurpose.publish import documents
from repurpose.publish.otio import to_otio
from repurpose.publish.page import Shown, page_html
from repurpose.store import Store

FORMAT = 1  # of package.json; goes up when a field changes its meaning


def pack(
    event: Event,
    recording: Recording,
    spoken: Transcript,
    slides: Slides,
    chapters: Chapters,
    highlights: Highlights,
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
    portraits = _portraits(event)
    pages = _slides(slides, recording)
    films = rendition | drawing
    cuts = {name: _rendition(name, made, spoken.language) for name, made in films.items()}
    ctx.beat(0.3)
    lists = _lists(edl, event, recording, store)
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
    texts = _documents(event, spoken, chapters, highlights, slides, [page.path for page in pages], store)
    ctx.beat(0.6)
    html = page_html(
        event, recording, spoken, slides, chapters, highlights, shown, skipped, presets,
        slide_paths=[page.path for page in pages], portrait_paths={asset.alt: asset.path for asset in portraits},
    )  # fmt: skip
    index = Asset(
        path="index.html", kind="page", file=store.put_bytes(html.encode(), ".html"), language=spoken.language
    )
    ctx.beat(1.0)
    return Package(
        event=event,
        recording=recording,
        assets=(index, *texts, *pages, *portraits, *lists, *(asset for assets in cuts.values() for asset in assets)),
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
        "link": asset.link,
        "alt": asset.alt,
    }


def _documents(
    event: Event,
    transcript: Transcript,
    chapters: Chapters,
    highlights: Highlights,
    slides: Slides,
    slide_paths: Sequence[str],
    store: Store,
) -> list[Asset]:
    language = transcript.language

    def text(path: str, kind: Any, content: str) -> Asset:
        blob = store.put_bytes(content.encode(), path[path.rindex(".") :])
        return Asset(path=path, kind=kind, file=blob, language=language)

    return [
        *(
            text(f"transcript{suffix}", "transcript", content)
            for suffix, content in documents.transcripts(transcript, chapters, event).items()
        ),
        text("chapters.json", "chapters", documents.chapters_json(chapters)),
        text("highlights.json", "highlights", documents.highlights_json(highlights, transcript)),
        text("slides/slides.json", "slides", documents.slides_json(slides, slide_paths)),
    ]


def _slides(slides: Slides, recording: Recording) -> list[Asset]:
    return [
        Asset(
            path=f"slides/{number:03}{page.image.suffix}",
            kind="slide",
            file=page.image,
            width=recording.video.width,
            height=recording.video.height,
            spans=(Span(start=page.start, end=page.end),),
            alt=page.title,
        )
        for number, page in enumerate(slides.pages, 1)
    ]


def _portraits(event: Event) -> list[Asset]:
    return [
        Asset(path=f"speakers/{number}{who.photo.suffix}", kind="portrait", file=who.photo, alt=who.name)
        for number, who in enumerate(event.speakers, 1)
        if who.photo is not None
    ]


def _lists(edl: dict[str, EditDecisionList], event: Event, recording: Recording, store: Store) -> list[Asset]:
    """The 剪辑表 of each take, as JSON to edit and render again, and as OpenTimelineIO for an editing program."""
    made = []
    for name, decided in edl.items():
        texts = {
            ".json": documents.pretty(decided.model_dump(mode="json")),
            ".otio": to_otio(decided, recording, f"{event.name}{recording.media.suffix}"),
        }
        for suffix, content in texts.items():
            made.append(
                Asset(
                    path=f"edl/{name}{suffix}",
                    kind="edl",
                    file=store.put_bytes(content.encode(), suffix),
                    duration_ms=decided.length,
                    cut=decided.cut,
                    take=decided.take,
                    spans=decided.spans,
                    alt=decided.title,
                )
            )
    return made


def _rendition(name: str, made: Rendition, language: str) -> list[Asset]:
    def asset(suffix: str, kind: Any, file: Blob, *, picture: bool) -> Asset:
        return Asset(
            path=f"cuts/{name}{suffix}",
            kind=kind,
            file=file,
            duration_ms=None if kind == "cover" else made.duration,
            width=made.width if picture else None,
            height=made.height if picture else None,
            language="" if kind == "cover" else language,
            cut=made.cut,
            take=made.take,
            render=made.render,
            spans=made.edl.spans,
            intro_ms=made.edl.intro,
            outro_ms=made.edl.outro,
            link=made.link,
            alt=made.edl.title,
        )

    return [
        asset(".mp4", "video", made.video, picture=True),
        asset(".srt", "captions", made.srt, picture=False),
        asset(".vtt", "captions", made.vtt, picture=False),
        asset(".jpg", "cover", made.cover, picture=True),
    ]
