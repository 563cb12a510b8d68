"""Talks made up for the tests: sentences with word times, pauses, chapters and scores, all from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from repurpose import presets
from repurpose.context import Context
from repurpose.edit.fit import fit
from repurpose.edit.snap import words_in
from repurpose.errors import NothingFits
from repurpose.models import (
    Blob,
    Chapter,
    Chapters,
    Choices,
    Edits,
    Highlight,
    Highlights,
    Recording,
    Sentence,
    Sound,
    Span,
    Transcript,
    VideoFacts,
    Word,
)
from repurpose.presets import CutPreset
from repurpose.store import FolderStore

BLOB = Blob(digest="0" * 64, suffix=".mp4", size=1)


class Made(NamedTuple):
    """Everything `fit` wants."""

    highlights: Highlights
    chapters: Chapters
    transcript: Transcript
    sound: Sound
    recording: Recording


def context() -> Context:
    return Context(scratch=Path("unused"), store=FolderStore(Path("unused")))


def video(num: int = 25, den: int = 1) -> VideoFacts:
    return VideoFacts(codec="h264", width=1920, height=1080, rate_num=num, rate_den=den, smart_cut=True)


def make(
    seed: int,
    minutes: float,
    *,
    rate: tuple[int, int] = (25, 1),
    dead_air: float = 0.05,
    fillers: float = 0.0,
    close: float = 0.0,
    noise: float = 0.0,
    keyframe_ms: int = 2000,
) -> Made:
    """A talk of about `minutes`; `dead_air`, `fillers`, `close` and `noise` are chances per sentence."""
    rng = random.Random(seed)
    sentences: list[Sentence] = []
    items: list[Highlight] = []
    at = rng.randrange(200, 3000)
    while at < minutes * 60_000:
        words = []
        for k in range(rng.randrange(4, 16)):
            if k and rng.random() < fillers:
                at += rng.randrange(150, 700)
                words.append(Word(start=at, end=at + 240, text="um,"))
                at += 240 + rng.randrange(150, 700)
            long = rng.randrange(120, 650)
            words.append(Word(start=at, end=at + long, text=f"word{rng.randrange(500)}"))
            at += long + rng.choice((0, 0, 0, 60, 130))
        words[-1] = words[-1].model_copy(update={"text": words[-1].text + "."})
        text = " ".join(word.text for word in words)
        sentences.append(Sentence(start=words[0].start, end=words[-1].end, text=text, words=tuple(words)))
        n = len(sentences) - 1
        items.append(
            Highlight(
                start=words[0].start,
                end=words[-1].end,
                sentence=n,
                score=round(rng.betavariate(2, 3), 3),
                stands_alone=rng.random() < 0.6,
                kind="housekeeping" if rng.random() < noise else "speech",
            )
        )
        at = words[-1].end
        if rng.random() < close:
            continue  # the next word follows at once
        at += rng.randrange(1300, 9000) if rng.random() < dead_air else rng.randrange(90, 900)
    duration = at + 700
    words = [word for sentence in sentences for word in sentence.words]
    pauses = tuple(Span(start=a.end, end=b.start) for a, b in pairwise(words) if b.start - a.end >= 120)
    recording = Recording(
        media=BLOB,
        duration=duration,
        video=video(*rate),
        has_audio=True,
        keyframes=tuple(range(0, duration, keyframe_ms)),
    )
    return Made(
        Highlights(items=tuple(items), fillers=("um", "uh")),
        _chapters(sentences, rng),
        Transcript(language="en", sentences=tuple(sentences)),
        Sound(speech=None, pauses=pauses),
        recording,
    )


def _chapters(sentences: list[Sentence], rng: random.Random) -> Chapters:
    items: list[Chapter] = []
    first = 0
    while first < len(sentences):
        last = min(len(sentences) - 1, first + rng.randrange(25, 70))
        items.append(
            Chapter(
                start=sentences[first].start,
                end=sentences[last].end,
                title=f"Chapter {len(items) + 1}",
                first=first,
                last=last,
                worth=round(rng.uniform(0.5, 1.5), 2),
            )
        )
        first = last + 1
    return Chapters(items=tuple(items))


def cuts() -> dict[str, CutPreset]:
    return {cut.name: cut for cut in presets.load().rungs() if cut.name in ("30min", "5min", "1min", "15s")}


def ladder(made: Made, choices: Choices | None = None) -> dict[str, Edits]:
    """All rungs that fit, longest first, each within the one before it that was made."""
    out: dict[str, Edits] = {}
    for name, cut in cuts().items():
        try:
            out[name] = fit(*made, choices or Choices(), out.get(cut.within), cut, context())
        except NothingFits:
            continue
    return out


def faults(made: Made, edits: Edits, cut: CutPreset, parent: Edits | None) -> Iterator[str]:
    """Everything about these takes that breaks a promise."""
    words = [word for sentence in words_in(made.transcript) for word in sentence]
    rate_num, rate_den = made.recording.video.rate_num, made.recording.video.rate_den
    for edl in edits.takes:
        if not cut.floor <= edl.length <= cut.at_most:
            yield f"{cut.name}-{edl.take} lasts {edl.length} ms"
        for span in edl.spans:
            inside = [word for word in words if word.overlap(span)]
            if not inside:
                yield f"{cut.name}: nothing is said in {span}"
                continue
            for edge in (span.start, span.end):
                if any(word.start < edge < word.end for word in inside):
                    yield f"{cut.name}: {edge} lies inside a word"
                if edge != round(1000 * round(edge * rate_num / (1000 * rate_den)) * rate_den / rate_num):
                    yield f"{cut.name}: {edge} is not the time of a frame"
            if inside[0].start - span.start > 350:
                yield f"{cut.name}: {inside[0].start - span.start} ms of lead"
            if span.end - inside[-1].end > 450:
                yield f"{cut.name}: {span.end - inside[-1].end} ms of tail"
        if parent is not None:
            source = next((take for take in parent.takes if take.take == edl.take), parent.takes[0])
            for span in edl.spans:
                if not any(outer.start <= span.start and span.end <= outer.end for outer in source.spans):
                    yield f"{cut.name}-{edl.take}: {span} lies outside {parent.cut}-{source.take}"
    shown = [(span, edl.take) for edl in edits.takes for span in edl.spans]
    for k, (span, take) in enumerate(shown):
        for other, its in shown[k + 1 :]:
            if take != its and span.overlap(other):
                yield f"{cut.name}: takes {take} and {its} share {span.overlap(other)} ms"
