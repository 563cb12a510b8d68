"""The talk in chapters: where the topic shifts, where a new page opens, where the agenda says so."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from repurpose.context import Context
from repurpose.highlights.signals import salience
from repurpose.highlights.talk import Talk, contents
from repurpose.highlights.titles import titles_of
from repurpose.highlights.topics import shifts
from repurpose.models import Chapter, Chapters, Event, Ms, Slides, Transcript
from repurpose.presets import HighlightsPreset

_PAGE = 0.35  # a page with a new title opens here
_AGENDA = 2.0  # the agenda names this time
_PAUSE = 0.15  # a long pause or another speaker
_EACH = 0.55  # what a boundary must be worth
_NEAR: Ms = 12_000
_LONG_PAUSE: Ms = 1_200


def divide(transcript: Transcript, slides: Slides, event: Event, preset: HighlightsPreset, ctx: Context) -> Chapters:
    """Chapters in order, covering all sentences; from the pages alone when nothing was said, none when there are none."""
    if not transcript.sentences:
        return _pages_only(slides, preset)
    ctx.check()
    words = contents(transcript)
    firsts = boundaries(transcript, boundary_worth(transcript, words, slides, event), preset)
    ctx.beat(0.8)
    worth = salience(Talk(transcript.sentences, transcript.language, words, preset))
    stops = [*firsts[1:], len(words)]
    sentences = transcript.sentences
    spans = [
        (sentences[first].start if first else 0, sentences[stop].start if stop < len(words) else sentences[-1].end)
        for first, stop in zip(firsts, stops, strict=True)
    ]
    titles = titles_of(spans, firsts, transcript, words, slides, event)
    return Chapters(
        items=tuple(
            Chapter(
                start=start,
                end=max(start + 1, end),
                title=title,
                first=first,
                last=stop - 1,
                worth=round(0.5 + fmean(worth[first:stop]), 3),
                slide=page,
            )
            for (start, end), first, stop, (title, page) in zip(spans, firsts, stops, titles, strict=True)
        )
    )


def boundary_worth(transcript: Transcript, words: Sequence[Sequence[str]], slides: Slides, event: Event) -> list[float]:
    """How good it is to begin a chapter with each sentence."""
    sentences = transcript.sentences
    worth = shifts(words)
    for i in range(1, len(sentences)):
        before, here = sentences[i - 1], sentences[i]
        if here.start - before.end >= _LONG_PAUSE or here.speaker != before.speaker:
            worth[i] += _PAUSE
    turns = [
        page.start for before, page in zip(slides.pages, slides.pages[1:], strict=False) if page.title != before.title
    ]
    for times, bonus in ((turns, _PAGE), ([item.at for item in event.agenda if item.at], _AGENDA)):
        for at in times:
            near = min(range(len(sentences)), key=lambda i: abs(sentences[i].start - at))
            if near and abs(sentences[near].start - at) <= _NEAR:
                worth[near] += bonus
    return worth


def boundaries(transcript: Transcript, worth: Sequence[float], preset: HighlightsPreset) -> list[int]:
    """The first sentence of each chapter, so that the boundaries are worth most and chapters are neither short nor long."""
    sentences = transcript.sentences
    size = len(sentences)
    starts = [sentence.start for sentence in sentences] + [sentences[-1].end]
    starts[0] = 0
    best = [0.0] + [float("-inf")] * size
    back = [0] * (size + 1)
    for stop in range(1, size + 1):
        for first in range(stop - 1, -1, -1):
            length = starts[stop] - starts[first]
            value = best[first] + (worth[first] - _EACH if first else 0.0) - _misfit(length, preset)
            if value > best[stop]:
                best[stop], back[stop] = value, first
            if length > 2 * preset.chapter_at_most and stop - first > 1:
                break
    out, at = [], size
    while at:
        at = back[at]
        out.append(at)
    return out[::-1]


def _misfit(length: Ms, preset: HighlightsPreset) -> float:
    """What a chapter of this length costs: nothing between the bounds, more the further outside."""
    short = max(0, preset.chapter_at_least - length) / preset.chapter_at_least
    long = max(0, length - preset.chapter_at_most) / preset.chapter_at_most
    return 4 * short + 3 * long + (0.2 if short or long else 0.0)


def _pages_only(slides: Slides, preset: HighlightsPreset) -> Chapters:
    items: list[Chapter] = []
    for k, page in enumerate(slides.pages):
        if items and page.start - items[-1].start < preset.chapter_at_least:
            items[-1] = items[-1].model_copy(update={"end": max(items[-1].end, page.end)})
        else:
            title = page.title.strip()[:40] or f"{len(items) + 1}"
            items.append(Chapter(start=page.start, end=page.end, title=title, first=0, last=-1, slide=k))
    return Chapters(items=tuple(items))
