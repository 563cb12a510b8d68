"""What a chapter is called: the page that opens it, the agenda, or the speaker's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from repurpose.models import Event, Ms, Slides, Transcript
from repurpose.text.headline import candidates, shortened

_NEAR: Ms = 30_000
_MOST = 20  # Chinese characters; 50 Latin


def titles_of(
    spans: Sequence[tuple[Ms, Ms]],
    firsts: Sequence[int],
    transcript: Transcript,
    words: Sequence[Sequence[str]],
    slides: Slides,
    event: Event,
) -> list[tuple[str, int | None]]:
    """For each chapter its title, never empty or overlong, and the page that opens it; no title twice."""
    stops = [*firsts[1:], len(words)]
    chapters = [Counter(word for i in range(a, b) for word in words[i]) for a, b in zip(firsts, stops, strict=True)]
    spread = Counter(word for chapter in chapters for word in chapter)
    used: set[str] = set()
    out: list[tuple[str, int | None]] = []
    for k, (start, end) in enumerate(spans):
        page = _page(start, end, slides)
        told = [item.title for item in event.agenda if item.at is not None and abs(item.at - start) <= _NEAR]
        shown = [] if page is None else [slides.pages[page].title]
        weight = {word: n * log(1 + len(chapters) / spread[word]) for word, n in chapters[k].items()}
        said = _phrases(firsts[k], stops[k], transcript, words, weight)
        options = [title for title in (shortened(text, _MOST) for text in [*told, *shown, *said]) if _usable(title)]
        title = next(
            (text for text in options if text not in used), f"{options[0]} ({k + 1})" if options else str(k + 1)
        )
        used.add(title)
        out.append((title, page))
    return out


def _usable(title: str) -> bool:
    return sum(sign.isalpha() for sign in title) >= 2


def _page(start: Ms, end: Ms, slides: Slides) -> int | None:
    """The page with a title that opens near the start of a chapter, else the one shown at its start."""
    titled = [k for k, page in enumerate(slides.pages) if page.title.strip() and page.start < end and page.end > start]
    opening = [k for k in titled if abs(slides.pages[k].start - start) <= _NEAR]
    if opening:
        return min(opening, key=lambda k: abs(slides.pages[k].start - start))
    return titled[0] if titled else None


def _phrases(
    first: int, stop: int, transcript: Transcript, words: Sequence[Sequence[str]], weight: dict[str, float]
) -> list[str]:
    """Clauses of the chapter's sentences, those that say most of what it is about first."""
    ranked: list[tuple[float, str]] = []
    for i in range(first, stop):
        here = set(words[i])
        for value, text in candidates(transcript.sentences[i].text, _MOST):
            said = sum(weight.get(word, 0.0) for word in here if word in text.lower())
            ranked.append((value * said, text))
    return [text for _, text in sorted(ranked, key=lambda pair: -pair[0])[:5]]
