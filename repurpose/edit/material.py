"""What a cut may choose from: each sentence with its edges, its worth and what it costs in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repurpose.edit.snap import Grid, edges, grid_of, words_in
from repurpose.edit.tighten import Tight, dead_air, filler_words, joined, outside, worth_a_joint
from repurpose.models import (
    Chapters,
    Choices,
    EditDecisionList,
    Highlights,
    Ms,
    Recording,
    Sound,
    Span,
    Transcript,
    Word,
)
from repurpose.presets import CutPreset

Run = tuple[int, int]  # first and last sentence of a passage, both included

_KEPT = 12.0  # the worth of a second a person asked for; an ordinary one lies in 0..1
_NOISE_WORTH = -0.5  # of a second of greeting or housekeeping


@dataclass(frozen=True)
class Material:
    """The sentences a cut may use. All lists run over the sentences of the transcript."""

    starts: list[Ms | None]  # where a span may begin with this sentence; None: only together with the one before
    stops: list[Ms | None]  # where one may end with it; None: only together with the one after
    allowed: list[bool]  # inside the parent and not dropped by a person
    clean: list[bool]  # allowed, and neither a greeting nor housekeeping
    kept: list[bool]  # a person asked for it
    worth: list[float]  # of one second of it
    opens: list[bool]  # understandable as the first sentence
    asks: list[bool]  # a question: what follows belongs to it
    chapter: list[int]
    weight: list[float]  # worth of each chapter
    pause: list[Ms]  # silence after it
    tight: Tight
    grid: Grid
    words: Sequence[Sequence[Word]]
    dropped: tuple[Span, ...] = ()

    @property
    def size(self) -> int:
        return len(self.worth)

    def first_word(self, i: int) -> Ms:
        return self.words[i][0].start

    def last_word(self, i: int) -> Ms:
        return max(word.end for word in self.words[i])

    def length(self, i: int, j: int) -> Ms:
        """How long sentences i..j last once tightened; both ends must be cuttable."""
        start, stop = self.starts[i], self.stops[j]
        assert start is not None and stop is not None
        return self.tight.shown(stop) - self.tight.shown(start)

    def seconds(self, i: int) -> float:
        """How long the words of a sentence last, in seconds, once tightened."""
        return max(0.1, (self.tight.shown(self.last_word(i)) - self.tight.shown(self.first_word(i))) / 1000)

    def gain(self, i: int) -> float:
        """Worth times seconds of a sentence."""
        return self.worth[i] * self.seconds(i)

    def spans(self, runs: Sequence[Run]) -> tuple[Span, ...]:
        """What is shown of these passages, in order."""
        out: list[Span] = []
        for i, j in sorted(runs):
            start, stop = self.starts[i], self.stops[j]
            assert start is not None and stop is not None
            out += self.tight.pieces(start, stop)
        return tuple(out)


def material_of(
    highlights: Highlights,
    chapters: Chapters,
    transcript: Transcript,
    sound: Sound,
    recording: Recording,
    choices: Choices,
    parent: EditDecisionList | None,
    cut: CutPreset,
    *,
    nearest: bool = False,
) -> Material:
    """Everything `cut` may choose from, tightened as that cut wants it, inside `parent` when there is one.

    With `nearest` a span may begin or end between words that leave no frame between them.
    """
    grid = grid_of(recording, sound)
    words = words_in(transcript)
    said = [word for sentence in words for word in sentence]
    cuts = edges(words, grid, nearest=nearest)
    kinds = [item.kind for item in highlights.items]
    dropped = _on_frames(choices.drop, grid)
    shown = list(parent.spans) if parent else [Span(start=0, end=recording.duration)]
    kept = [any(keep.overlap(word) for keep in choices.keep for word in sentence) for sentence in words]
    allowed = [_inside(sentence, shown) and not _touched(sentence, dropped) for sentence in words]
    removals = dead_air(said, grid, cut.tighten) + (
        filler_words(said, grid, frozenset(highlights.fillers)) if cut.fillers else []
    )
    tight = Tight([*worth_a_joint(removals, cut.at_most), *dropped, *outside(shown, recording.duration)], said)
    noise = [kind in ("greeting", "housekeeping") and not keep for kind, keep in zip(kinds, kept, strict=True)]
    chapter = _chapter_of(chapters, len(words))
    return Material(
        starts=list(cuts.starts),
        stops=list(cuts.stops),
        allowed=allowed,
        clean=[may and not bad for may, bad in zip(allowed, noise, strict=True)],
        kept=kept,
        worth=[
            _KEPT if keep else _NOISE_WORTH if bad else item.score
            for keep, bad, item in zip(kept, noise, highlights.items, strict=True)
        ],
        opens=[item.stands_alone for item in highlights.items],
        asks=[kind == "question" for kind in kinds],
        chapter=chapter,
        weight=[item.worth for item in chapters.items] or [1.0],
        pause=[
            max(0, (words[i + 1][0].start if i + 1 < len(words) else recording.duration) - words[i][-1].end)
            for i in range(len(words))
        ],
        tight=tight,
        grid=grid,
        words=words,
        dropped=dropped,
    )


def _on_frames(spans: Sequence[Span], grid: Grid) -> tuple[Span, ...]:
    widened = [Span(start=grid.down(span.start), end=max(grid.up(span.end), span.end)) for span in spans]
    return tuple(joined(widened))


def _inside(sentence: Sequence[Word], shown: Sequence[Span]) -> bool:
    """A parent shows whole sentences less their fillers, so most of its words inside means it is there."""
    inside = sum(any(span.start <= word.start and word.end <= span.end for span in shown) for word in sentence)
    return 2 * inside > len(sentence)


def _touched(sentence: Sequence[Word], dropped: Sequence[Span]) -> bool:
    return any(drop.overlap(word) for drop in dropped for word in sentence)


def _chapter_of(chapters: Chapters, size: int) -> list[int]:
    out = [0] * size
    for k, item in enumerate(chapters.items):
        for i in range(item.first, min(item.last + 1, size)):
            out[i] = k
    return out
