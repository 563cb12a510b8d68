"""What was said and shown, as files people and programs read: pure functions from artifacts to text.

Times in JSON are integer milliseconds on the recording's clock. Field names are stable: other programs read them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from repurpose.models import Chapters, Event, Highlights, Ms, Sentence, Slides, Transcript
from repurpose.text.clock import clock, paragraphs
from repurpose.text.cues import cues_of
from repurpose.text.join import join_words
from repurpose.text.subtitles import to_srt, to_vtt


def pretty(value: Any) -> str:
    """JSON for people and programs: indented, keys in the order they were given, a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def transcripts(transcript: Transcript, chapters: Chapters, event: Event) -> dict[str, str]:
    """The transcript in five forms: file suffix -> text."""
    cues = cues_of(transcript.sentences, transcript.language)
    return {
        ".json": transcript_json(transcript),
        ".srt": to_srt(cues),
        ".vtt": to_vtt(cues),
        ".md": transcript_md(transcript, chapters, event),
        ".txt": transcript_txt(transcript, chapters),
    }


def transcript_json(transcript: Transcript) -> str:
    """Sentences with their times, speakers and words."""
    sentences = [
        {
            "start": sentence.start,
            "end": sentence.end,
            "speaker": sentence.speaker,
            "text": sentence.text,
            "words": [
                {"start": word.start, "end": word.end, "text": word.text, "confidence": round(word.confidence, 3)}
                for word in sentence.words
            ],
        }
        for sentence in transcript.sentences
    ]
    return pretty(
        {
            "language": transcript.language,
            "backend": transcript.backend,
            "notes": list(transcript.notes),
            "sentences": sentences,
        }
    )


def transcript_md(transcript: Transcript, chapters: Chapters, event: Event) -> str:
    """A page to read: title, who speaks, and under each chapter its paragraphs, each with its time."""
    hours = bool(transcript.sentences) and transcript.sentences[-1].end >= 3_600_000
    lines = [f"# {event.title or event.name}", ""]
    known = [", ".join(filter(None, (who.name, who.title, who.company))) for who in event.speakers]
    facts = [str(event.date)] if event.date else []
    if facts or known:
        lines += ["  \n".join(facts + known), ""]
    for title, at, block in _blocks(transcript, chapters):
        if title:
            lines += [f"## {title} ({clock(at, hours=hours)})", ""]
        for paragraph in paragraphs(block):
            who = f"**{paragraph[0].speaker}** " if paragraph[0].speaker else ""
            text = join_words([sentence.text for sentence in paragraph], transcript.language)
            lines += [f"`{clock(paragraph[0].start, hours=hours)}` {who}{text}", ""]
    return "\n".join(lines).rstrip() + "\n"


def transcript_txt(transcript: Transcript, chapters: Chapters) -> str:
    """Only the words, one paragraph a line, an empty line between chapters."""
    blocks = [
        "\n".join(
            join_words([sentence.text for sentence in paragraph], transcript.language)
            for paragraph in paragraphs(block)
        )
        for _, _, block in _blocks(transcript, chapters)
    ]
    text = "\n\n".join(filter(None, blocks))
    return text + "\n" if text else ""


def chapters_json(chapters: Chapters) -> str:
    """The chapters in order; `slide` counts from 1 like the files in slides/."""
    return pretty(
        [
            {
                "start": item.start,
                "end": item.end,
                "title": item.title,
                "worth": round(item.worth, 4),
                "first_sentence": item.first,
                "last_sentence": item.last,
                "slide": None if item.slide is None else item.slide + 1,
            }
            for item in chapters.items
        ]
    )


def highlights_json(highlights: Highlights, transcript: Transcript) -> str:
    """Every sentence with its score, the best first, each with its reasons."""
    return pretty(
        [
            {
                "start": item.start,
                "end": item.end,
                "sentence": item.sentence,
                "text": transcript.sentences[item.sentence].text,
                "score": round(item.score, 4),
                "kind": item.kind,
                "stands_alone": item.stands_alone,
                "because": [{"signal": reason.signal, "share": round(reason.share, 4)} for reason in item.because],
            }
            for item in sorted(highlights.items, key=lambda item: (-item.score, item.start))
        ]
    )


def slides_json(slides: Slides, paths: Sequence[str]) -> str:
    """The pages in order of time; `paths` are their pictures, inside the package."""
    return pretty(
        [
            {"image": path, "start": page.start, "end": page.end, "title": page.title, "text": page.text}
            for page, path in zip(slides.pages, paths, strict=True)
        ]
    )


def _blocks(transcript: Transcript, chapters: Chapters) -> list[tuple[str, Ms, Sequence[Sentence]]]:
    said = transcript.sentences
    if not chapters.items:
        return [("", 0, said)] if said else []
    return [(item.title, item.start, said[item.first : item.last + 1]) for item in chapters.items]
