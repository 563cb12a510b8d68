"""Releases without a film in them: quick to make, whole to every function that takes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from repurpose.models import (
    Asset,
    Chapter,
    Chapters,
    Event,
    Highlight,
    Highlights,
    Package,
    Recording,
    Sentence,
    Slide,
    Slides,
    Span,
    Speaker,
    Transcript,
    VideoFacts,
)
from repurpose.models.published import Release, SiteSettings
from repurpose.store import Store

SAID = (
    "欢迎来到今天的直播。",
    "第一个问题是库存成本。",
    "周转天数降低了百分之四十。",
    "The supply chain costs less.",
    "谢谢大家。",
)
STEP = 6000  # each sentence begins so long after the one before, and lasts a second less


def release_of(
    store: Store,
    slug: str = "ku-cun",
    *,
    title: str = "库存怎样降下来",
    said: Sequence[str] = SAID,
    film: str = "film",
    day: date | None = date(2026, 11, 5),
    site: SiteSettings | None = None,
    pages: Sequence[str] = ("看板 MES 42",),
    best: Sequence[Highlight] = (),
) -> Release:
    """An event of a few sentences; `film` is the content of its files, so another one gives other versions of them."""
    sentences = tuple(
        Sentence(start=k * STEP, end=(k + 1) * STEP - 1000, text=text, speaker="林晓") for k, text in enumerate(said)
    )
    length = len(said) * STEP
    recording = Recording(
        media=store.put_bytes(f"{film} of {title}".encode(), ".mp4"),
        duration=length,
        video=VideoFacts(codec="h264", width=320, height=180, rate_num=25, rate_den=1, smart_cut=True),
        has_audio=True,
    )
    cut = Asset(
        path="cuts/15s-1.vertical.mp4", kind="video", file=store.put_bytes(film.encode(), ".mp4"), duration_ms=6000,
        width=180, height=320, language="zh", cut="15s", take=1, render="vertical",
        spans=(Span(start=6000, end=11_000),), intro_ms=500, outro_ms=500, alt=title,
    )  # fmt: skip
    text = Asset(
        path="transcript.txt", kind="transcript", file=store.put_bytes("".join(said).encode(), ".txt"), language="zh"
    )
    shown = store.put_bytes(b"page", ".jpg")
    return Release(
        slug=slug,
        package=Package(
            event=Event(name=title, title=title, date=day, speakers=(Speaker(name="林晓", company="Fieldline"),)),
            recording=recording,
            assets=(text, cut),
        ),
        spoken=Transcript(language="zh", sentences=sentences),
        chapters=Chapters(items=(Chapter(start=0, end=length, title="成本", first=0, last=len(said) - 1),)),
        slides=Slides(
            pages=tuple(
                Slide(start=k * STEP, end=(k + 1) * STEP, image=shown, title=text, text=text)
                for k, text in enumerate(pages)
            )
        ),
        highlights=Highlights(items=tuple(best)),
        site=site or SiteSettings(),
    )
