"""A small package made from real files: half a minute of test picture, two cuts, three pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from repurpose import presets
from repurpose.context import Context
from repurpose.media import ffmpeg
from repurpose.models import (
    AgendaItem,
    Chapter,
    Chapters,
    EditDecisionList,
    Event,
    Highlight,
    Highlights,
    Package,
    Reason,
    Recording,
    Rendition,
    Sentence,
    Skipped,
    Skips,
    Slide,
    Slides,
    Span,
    Speaker,
    Transcript,
    Versions,
    VideoFacts,
    Word,
)
from repurpose.models.designed import Motion, Moving, Picture, Pictures, Recap, RecapFile
from repurpose.publish.package import pack
from repurpose.slides.deck import bind
from repurpose.store import FolderStore
from repurpose.text.cues import cues_of
from repurpose.text.subtitles import to_srt, to_vtt

SAID = {
    "zh": ("欢迎来到今天的直播。", "第一个问题是成本。", "库存降低了百分之四十。", "这是最关键的一步。", "谢谢大家。"),
    "en": (
        "Welcome to the webinar.",
        "The first question is cost.",
        "Inventory fell by 40 percent.",
        "This step matters most.",
        "Thank you </script> all.",
    ),
}
SENTENCE, STEP = 5000, 6000  # each sentence lasts 5 s and begins 6 s after the one before


def sentences(language: str) -> tuple[Sentence, ...]:
    made = []
    for index, text in enumerate(SAID[language]):
        start = index * STEP
        pieces = [text] if language == "en" else [text[:2], text[2:]]
        step = SENTENCE // len(pieces)
        words = tuple(
            Word(start=start + k * step, end=start + (k + 1) * step, text=piece) for k, piece in enumerate(pieces)
        )
        made.append(Sentence(start=start, end=start + SENTENCE, text=text, words=words))
    return tuple(made)


def film(folder: Path, name: str, seconds: float) -> Path:
    path = folder / f"{name}.mp4"
    ffmpeg.run(
        "-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={seconds}", "-f", "lavfi", "-i", f"sine=440:d={seconds}",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart",
        "-shortest", path,
    )  # fmt: skip
    return path


def picture(folder: Path, name: str, colour: str) -> Path:
    path = folder / f"{name}.jpg"
    ffmpeg.run("-f", "lavfi", "-i", f"color={colour}:s=320x180", "-frames:v", "1", path)
    return path


def parts(folder: Path, store: FolderStore, language: str = "zh") -> dict[str, Any]:
    """Everything `pack` takes but the context."""
    folder.mkdir(parents=True, exist_ok=True)
    said = sentences(language)
    recording = Recording(
        media=store.put_file(film(folder, "recording", 30)),
        duration=30_000,
        video=VideoFacts(codec="h264", width=320, height=180, rate_num=25, rate_den=1, smart_cut=True),
        has_audio=True,
        parts=(Span(start=0, end=30_000),),
    )
    lists = {
        "1min": EditDecisionList(
            cut="1min", title=said[1].text, spans=(Span(start=6000, end=17_000), Span(start=18_000, end=23_000))
        ),
        "15s-1": EditDecisionList(cut="15s", take=1, title=said[2].text, spans=(Span(start=12_000, end=17_000),)),
    }
    films = {}
    for name, edl in lists.items():
        shown = [
            Sentence(start=at, end=at + sentence.length, text=sentence.text, words=())
            for sentence in said
            if (at := edl.to_output(sentence.start)) is not None
        ]
        cues = cues_of(shown, language)
        films[f"{name}.landscape"] = Rendition(
            cut=edl.cut, take=edl.take, render="landscape", edl=edl,
            video=store.put_file(film(folder, name, edl.length / 1000)),
            srt=store.put_bytes(to_srt(cues).encode(), ".srt"),
            vtt=store.put_bytes(to_vtt(cues).encode(), ".vtt"),
            cover=store.put_file(picture(folder, name, "navy")), width=320, height=180, duration=edl.length,
        )  # fmt: skip
    beside = lists["15s-1"].model_copy(update={"intro": 1000, "outro": 1000})
    upright = films["15s-1.landscape"].model_copy(
        update={
            "render": "vertical", "edl": beside, "duration": beside.length, "width": 180, "height": 320,
            "video": store.put_file(film(folder, "upright", beside.length / 1000)),
        }
    )  # fmt: skip
    return {
        "event": Event(
            name="库存公开课", title="库存怎样降下来 & 为什么", date=date(2026, 11, 5), language=language,
            speakers=(
                Speaker(
                    name="林晓", title="主持人", role="host",
                    photo=store.put_file(picture(folder, "face", "orange")),
                ),
                Speaker(name="Dana Osei", company="Fieldline"),
            ),
            agenda=(AgendaItem(title="开场"),),
        ),
        "recording": recording,
        "spoken": Transcript(language=language, sentences=said, backend="test"),
        "slides": Slides(
            pages=tuple(
                Slide(
                    start=k * 10_000, end=(k + 1) * 10_000, title=f"Page {k + 1}", text=f"alpha{k + 1} 供应链",
                    image=store.put_file(picture(folder, f"page{k}", colour)),
                )
                for k, colour in enumerate(("red", "green", "blue"))
            )
        ),
        "chapters": Chapters(
            items=(
                Chapter(start=0, end=12_000, title="成本", first=0, last=1, slide=0),
                Chapter(start=12_000, end=30_000, title="做法", first=2, last=4, slide=1),
            )
        ),
        "highlights": Highlights(
            items=tuple(
                Highlight(
                    start=sentence.start, end=sentence.end, sentence=index, score=index / 10,
                    kind="greeting" if index == 4 else "speech",
                    because=(Reason(signal="salience", share=index / 10),) if index else (),
                )
                for index, sentence in enumerate(said)
            )
        ),
        "edl": lists,
        "rendition": films,
        "drawing": {"15s-1.vertical": upright},
        "skipped": Skips(
            items=(
                Skipped(
                    stage="edits", variant="30min",
                    why="the recording is 0:30 long; a 30min version needs at least 34:30",
                ),
                Skipped(stage="edl", variant="15s-2", why="the recording carries no take 2, 3 of 15s"),
                Skipped(stage="edl", variant="15s-3", why="the recording carries no take 2, 3 of 15s"),
            )
        ),
        "versions": Versions(items={"ffmpeg": "9"}),
        "presets": presets.load(),
    }  # fmt: skip


def packed(folder: Path, store: FolderStore, language: str = "zh", **other: Any) -> Package:
    given, ctx = parts(folder, store, language) | other, Context(folder, store)
    if "deck" not in given:
        given["deck"] = bind(given["event"], given["slides"], given["spoken"], given["recording"], ctx)
    return pack(**(designed(folder, store, language) | given), ctx=ctx)


def designed(folder: Path, store: FolderStore, language: str) -> dict[str, Any]:
    """One quote as a poster in two sizes, and a recap of one text with its picture."""
    poster = Picture(
        kind="poster", template="paper", size="1080x1440", image=store.put_file(picture(folder, "poster", "white")),
        width=1080, height=1440, language=language, start=12_000, end=17_000, sentences=(2,), speaker="Dana Osei",
        text="One version is enough.", link="https://example.org/talk?t=12",
    )  # fmt: skip
    square = poster.model_copy(
        update={"size": "1080x1080", "height": 1080, "image": store.put_file(picture(folder, "square", "ivory"))}
    )
    files = (
        RecapFile(path="wechat.html", kind="article", file=store.put_bytes(b"<p>said</p>", ".html"), sentences=(1, 2)),
        RecapFile(path="pictures/01.jpg", kind="picture", file=poster.image, alt="Page 1"),
    )
    long = poster.model_copy(update={"kind": "summary", "template": "long", "text": ""})
    slices = [long.model_copy(update={"kind": "slice", "note": f"{k}/2"}) for k in (1, 2)]
    moving = Moving(
        template="words", size="1080x1440", film=store.put_file(film(folder, "motion", 6)), still=poster.image,
        moving=store.put_bytes(b"webp", ".webp"), width=1080, height=1440, moving_width=540, moving_height=720, duration=6000,
        language=language, start=12_000, end=17_000, sentences=(2,), speaker="Dana Osei", text="One version is enough.",
    )  # fmt: skip
    return {
        "posters": Pictures(pictures=(poster, square)),
        "motion": Motion(items=(moving,)),
        "summary": Pictures(pictures=(long, *slices)),
        "recap": Recap(language=language, files=files),
    }
