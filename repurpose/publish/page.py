"""index.html: the page that shows a package, opened by a double click, without a server or a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repurpose import presets as preset_files
from repurpose.models import (
    Asset,
    Chapters,
    Event,
    Highlights,
    Ms,
    Recording,
    Rendition,
    Sentence,
    Skips,
    Slides,
    Span,
    Transcript,
)
from repurpose.presets import Presets
from repurpose.publish.cards import motion_shown, posters_shown, recap_shown
from repurpose.publish.markup import inline, phrased
from repurpose.publish.words import Said, Words, read_words
from repurpose.text.clock import clock

FILES = {".mp4": "MP4", ".srt": "SRT", ".vtt": "VTT", ".jpg": "JPG", ".json": "EDL", ".otio": "OTIO"}
TOP = 12  # so many of the best moments are worth a look


@dataclass(frozen=True)
class Shown:
    """One rendition as the page needs it: its name, its captions (WebVTT), and the files to download."""

    name: str
    made: Rendition
    captions: str
    files: tuple[str, ...]
    drawn: bool = False  # laid out anew, with the captions in the picture


def page_html(
    event: Event,
    recording: Recording,
    transcript: Transcript,
    slides: Slides,
    chapters: Chapters,
    highlights: Highlights,
    shown: Sequence[Shown],
    skipped: Skips,
    presets: Presets,
    *,
    slide_paths: Sequence[str],
    deck_paths: Sequence[str],
    posters: Sequence[Asset],
    motion: Sequence[Asset],
    summary: Sequence[Asset],
    recap_paths: Sequence[str],
    portrait_paths: Mapping[str, str],
) -> str:
    """The whole page, in the language of the transcript; the reader can switch."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = preset_files.assets() / "templates" / "page"
    words = read_words(preset_files.assets() / "locales", "zh" if _is_chinese(transcript, event) else "en")
    films = sorted(shown, key=lambda film: (-film.made.duration, film.made.take))
    groups = _groups(films, recording.duration, presets)
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["phrased"] = phrased if words.main == "zh" else Markup.escape
    environment.filters["clock"] = lambda at: clock(at, hours=recording.duration >= 3_600_000)
    return environment.get_template("page.html.j2").render(
        words=words,
        t=words.say,
        event=event,
        recording=recording,
        transcript=transcript,
        date=words.date(event.date) if event.date else None,
        portraits=portrait_paths,
        groups=groups,
        chapters=_chapters(chapters, slide_paths, recording.duration),
        blocks=_blocks(transcript, chapters),
        slides=[{"path": path, "page": page} for page, path in zip(slides.pages, slide_paths, strict=True)],
        deck=[{"path": path, "what": Path(path).suffix[1:].upper()} for path in deck_paths],
        posters=posters_shown(posters),
        motion=motion_shown(motion),
        summary=summary,
        recap=recap_shown(recap_paths),
        best=_best(highlights, transcript, words),
        skipped=_reasons(skipped, words),
        has_speakers=len({sentence.speaker for sentence in transcript.sentences}) > 1,
        style=Markup((folder / "page.css").read_text("utf-8")),  # noqa: S704 - our own file
        script=Markup((folder / "page.js").read_text("utf-8")),  # noqa: S704 - our own file
        data=inline(_data(event, recording, transcript, chapters, groups, words)),
    )


def _is_chinese(transcript: Transcript, event: Event) -> bool:
    return (transcript.language or event.language).lower().startswith(("zh", "yue", "cmn"))


def _data(
    event: Event,
    recording: Recording,
    transcript: Transcript,
    chapters: Chapters,
    groups: Sequence[dict[str, Any]],
    words: Words,
) -> dict[str, Any]:
    """What the script needs: times, and the words it says itself."""
    return {
        "language": transcript.language or words.main,
        "duration": recording.duration,
        "chapters": [[item.start, item.end] for item in chapters.items],
        "sentences": [[sentence.start, sentence.end] for sentence in transcript.sentences],
        "versions": [
            {
                "name": film.name,
                "src": f"cuts/{film.name}.mp4",
                "cover": f"cuts/{film.name}.jpg",
                "duration": film.made.duration,
                "spans": [[span.start, span.end] for span in film.made.edl.spans],
                "intro": film.made.edl.intro,
                "captions": "" if film.drawn else film.captions,  # a drawn one has them in the picture
                "card": card["name"],
            }
            for group in groups
            for card in group["cards"]
            for film in card["films"]
        ],
        "words": {key: words.both(key) for key in ("found", "nothing_found", "cut_away", "captions", "recording")},
    }


def _groups(films: Sequence[Shown], duration: Ms, presets: Presets) -> list[dict[str, Any]]:
    """The versions by cut, the longest first; a card a take, with its strip over the recording and its renders."""
    cuts: dict[str, dict[int, list[Shown]]] = {}
    for film in films:
        cuts.setdefault(film.made.cut, {}).setdefault(film.made.take, []).append(film)
    alone = [cut for cut, takes in cuts.items() if len(takes) == 1]
    return [
        {
            "cut": cut,
            "wide": len(alone) % 2 == 1 and cut == alone[-1],  # they stand in pairs
            "label": _label(cut, presets),
            "single": len(takes) == 1,
            "cards": [_card(members, duration, presets) for _, members in sorted(takes.items())],
        }
        for cut, takes in cuts.items()
    ]


def _card(members: Sequence[Shown], duration: Ms, presets: Presets) -> dict[str, Any]:
    """One take: the render that shows the recording's own picture stands for it, the others are beside it."""
    films = sorted(members, key=lambda film: (film.drawn, film.made.render))
    first, edl = films[0], films[0].made.edl
    return {
        "name": first.name,
        "made": first.made,
        "films": films,
        "title": edl.title,
        "strip": _strip(edl.spans, duration),
        "percent": max(1, round(100 * (edl.length - edl.intro - edl.outro) / max(1, duration))),
        "lists": [_file(path) for path in first.files if path.startswith("edl/")],
        "renders": [
            {
                "name": film.name,
                "made": film.made,
                "label": _render_label(film.made.render, presets),
                "files": [_file(path) for path in film.files if not path.startswith("edl/")],
            }
            for film in films
        ],
    }


def _file(path: str) -> dict[str, str]:
    return {"path": path, "what": FILES[Path(path).suffix]}


def _render_label(render: str, presets: Presets) -> Said:
    preset = presets.render.get(render)
    return Said(zh=(preset and preset.label) or render, en=(preset and preset.label_en) or render)


def _label(cut: str, presets: Presets) -> Said:
    preset = presets.cut.get(cut)
    return Said(zh=(preset and preset.label) or "", en=(preset and preset.label_en) or "")


def _strip(spans: Sequence[Span], duration: Ms) -> list[tuple[float, float]]:
    """(left, width) in percent of the recording; stretches less than 0.3 % apart are drawn as one."""
    drawn: list[list[float]] = []
    for span in spans:
        left, right = 100 * span.start / max(1, duration), 100 * span.end / max(1, duration)
        if drawn and left - drawn[-1][1] < 0.3:
            drawn[-1][1] = right
        else:
            drawn.append([left, right])
    return [(round(left, 2), round(max(right - left, 0.6), 2)) for left, right in drawn]


def _chapters(chapters: Chapters, slide_paths: Sequence[str], duration: Ms) -> list[dict[str, Any]]:
    return [
        {
            "item": item,
            "left": round(100 * item.start / max(1, duration), 2),
            "width": round(100 * item.length / max(1, duration), 2),
            "picture": slide_paths[item.slide] if item.slide is not None and item.slide < len(slide_paths) else "",
        }
        for item in chapters.items
    ]


def _blocks(transcript: Transcript, chapters: Chapters) -> list[dict[str, Any]]:
    """The transcript by chapter: (index, sentence) lines, a speaker's name where the speaker changes."""
    said = list(enumerate(transcript.sentences))
    if not chapters.items:
        return [{"chapter": None, "lines": _lines(said)}] if said else []
    return [{"chapter": item, "lines": _lines(said[item.first : item.last + 1])} for item in chapters.items]


def _lines(said: Sequence[tuple[int, Sentence]]) -> list[dict[str, Any]]:
    lines, before = [], None
    for index, sentence in said:
        lines.append(
            {"index": index, "sentence": sentence, "who": sentence.speaker if sentence.speaker != before else ""}
        )
        before = sentence.speaker
    return lines


def _best(highlights: Highlights, transcript: Transcript, words: Words) -> list[dict[str, Any]]:
    """The best sentences, best first, each with the reasons that weigh most."""
    speech = [item for item in highlights.items if item.kind not in ("greeting", "housekeeping") and item.score > 0]
    top = sorted(speech, key=lambda item: (-item.score, item.start))[:TOP]
    return [
        {
            "item": item,
            "text": transcript.sentences[item.sentence].text,
            "percent": round(100 * item.score),
            "because": [
                {"signal": words.signal(reason.signal), "percent": round(100 * reason.share)}
                for reason in sorted(item.because, key=lambda reason: -reason.share)[:3]
                if reason.share >= 0.01
            ],
        }
        for item in top
    ]


def _reasons(skipped: Skips, words: Words) -> list[dict[str, Any]]:
    """What is missing and why: versions that are missing for the same reason share a line."""
    missing: dict[str, list[str]] = {}
    for item in skipped.items:
        missing.setdefault(item.why, []).append(item.variant.partition(".")[0] or item.stage)
    return [{"names": " · ".join(dict.fromkeys(names)), "why": words.reason(why)} for why, names in missing.items()]
