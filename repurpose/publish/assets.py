"""What each artifact puts into a package: its files under their fixed names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repurpose.models import (
    Asset,
    Blob,
    Chapters,
    EditDecisionList,
    Event,
    Highlights,
    Ms,
    Recording,
    Rendition,
    Slides,
    Span,
    Transcript,
)
from repurpose.models.designed import Deck, Motion, Moving, Picture, Pictures, Recap
from repurpose.publish import documents
from repurpose.publish.otio import to_otio
from repurpose.store import Store


def texts_of(
    event: Event,
    transcript: Transcript,
    chapters: Chapters,
    highlights: Highlights,
    slides: Slides,
    slide_paths: Sequence[str],
    store: Store,
) -> list[Asset]:
    """The transcript in its forms, and the data files of chapters, highlights and slides."""
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


def slides_of(slides: Slides, recording: Recording) -> list[Asset]:
    """The pages in order of time, numbered from 001."""
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


def portraits_of(event: Event) -> list[Asset]:
    """The speakers' photos, numbered as the event lists them."""
    return [
        Asset(path=f"speakers/{number}{who.photo.suffix}", kind="portrait", file=who.photo, alt=who.name)
        for number, who in enumerate(event.speakers, 1)
        if who.photo is not None
    ]


def lists_of(edl: Mapping[str, EditDecisionList], event: Event, recording: Recording, store: Store) -> list[Asset]:
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


def film_of(name: str, made: Rendition, language: str) -> list[Asset]:
    """A rendition's film with its captions and its cover."""

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


def deck_of(deck: Deck, language: str) -> list[Asset]:
    """The slides as files to hand out; nothing where there are none."""
    files = [deck.pdf, deck.pptx]
    return [
        Asset(path=f"slides/slides{file.suffix}", kind="deck", file=file, language=language) for file in files if file
    ]


def posters_of(posters: Pictures) -> list[Asset]:
    """The posters, numbered by quote: every size of one has its number."""
    numbers = _numbers(posters)
    return [
        _designed(f"posters/{numbers[one.sentences]:02}.{one.size}{one.image.suffix}", "poster", one, one.image)
        for one in posters.pictures
    ]


def motion_of(motion: Motion, posters: Pictures) -> list[Asset]:
    """The dynamic posters under the numbers of their quotes: film, last picture and moving picture of each size."""
    numbers = _numbers(posters)
    made = []
    for one in motion.items:
        name = f"posters/{numbers.setdefault(one.sentences, len(numbers) + 1):02}.motion.{one.size}"
        whole, moving = (one.width, one.height), (one.moving_width, one.moving_height)
        files = [(one.film, whole, one.duration), (one.still, whole, None), (one.moving, moving, one.duration)]
        made += [
            _designed(f"{name}{file.suffix}", "motion", one, file, size, lasts) for file, size, lasts in files if file
        ]
    return made


def _numbers(posters: Pictures) -> dict[tuple[int, ...], int]:
    """The sentences of a quote -> its number, from 1, in the order of the posters."""
    numbers: dict[tuple[int, ...], int] = {}
    for one in posters.pictures:
        numbers.setdefault(one.sentences, len(numbers) + 1)
    return numbers


def recap_of(recap: Recap) -> list[Asset]:
    """The recap's texts and the pictures they show, in a folder of their own."""
    return [
        Asset(
            path=f"recap/{one.path}",
            kind="recap",
            file=one.file,
            language=recap.language,
            sentences=one.sentences,
            link=one.link,
            alt=one.alt or one.title,
        )
        for one in recap.files
    ]


def summary_of(summary: Pictures) -> list[Asset]:
    """The one-picture summary: each form of it whole, and the long one in slices that can be posted."""
    names: list[str] = []
    for one in summary.pictures:
        same = sum(name == one.template or name.startswith(f"{one.template}-") for name in names)
        names.append(f"{one.template}-{same}" if one.kind == "slice" else one.template)
    return [
        _designed(f"summary/{name}{one.image.suffix}", "summary", one, one.image)
        for name, one in zip(names, summary.pictures, strict=True)
    ]


def _designed(
    path: str,
    kind: Any,
    one: Picture | Moving,
    file: Blob,
    size: tuple[int, int] | None = None,
    lasts: Ms | None = None,
) -> Asset:
    """A file that was designed around what was said, with whose words they are; `size` where it is not that of `one`."""
    width, height = size or (one.width, one.height)
    return Asset(
        path=path,
        kind=kind,
        file=file,
        duration_ms=lasts,
        width=width,
        height=height,
        language=one.language,
        spans=(Span(start=one.start, end=one.end),) if one.start is not None and one.end is not None else (),
        sentences=one.sentences,
        link=one.link,
        alt=f"{one.speaker}: {one.text}" if one.speaker else one.text,
    )
