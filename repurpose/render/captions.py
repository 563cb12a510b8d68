"""The transcript's sentences as a cut says them: on the cut's clock, without what was cut away. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from repurpose.models import EditDecisionList, Ms, Said, Sentence, Span, Word
from repurpose.text.join import join_words


def sentences_shown(sentences: Sequence[Sentence], edl: EditDecisionList, language: str) -> tuple[Sentence, ...]:
    """The sentences with the words whose middle is shown, on the cut's clock; those of which nothing is left are left out.

    `edl` must be the one with the edges as they were cut. Times never leave the span that shows them.
    """
    shown = _Shown(edl)
    return tuple(kept for sentence in sentences if (kept := _kept(sentence, shown, language)))


def entries_shown(entries: Sequence[Said], edl: EditDecisionList) -> tuple[Said, ...]:
    """The entries of a subtitle file whose middle is shown, on the cut's clock."""
    shown = _Shown(edl)
    placed = ((entry, shown.place(entry)) for entry in entries)
    return tuple(entry.model_copy(update={"start": at[0], "end": at[1]}) for entry, at in placed if at)


class _Shown:
    def __init__(self, edl: EditDecisionList) -> None:
        self._starts = [span.start for span in edl.spans]
        self._spans = edl.spans
        self._offsets = list(accumulate((span.length for span in edl.spans), initial=edl.intro))

    def place(self, span: Span) -> tuple[Ms, Ms] | None:
        """Where a stretch is shown, judged by its middle; its ends held inside the span of the cut it is in."""
        middle = (span.start + span.end) // 2
        at = bisect_right(self._starts, middle) - 1
        if at < 0 or middle >= self._spans[at].end:
            return None
        inside, offset = self._spans[at], self._offsets[at] - self._spans[at].start
        return max(span.start, inside.start) + offset, min(span.end, inside.end) + offset


def _kept(sentence: Sentence, shown: _Shown, language: str) -> Sentence | None:
    if not sentence.words:
        place = shown.place(sentence)
        return sentence.model_copy(update={"start": place[0], "end": place[1]}) if place else None
    words = tuple(_words(sentence.words, shown))
    if not words:
        return None
    whole = len(words) == len(sentence.words)
    text = sentence.text if whole else join_words([word.text for word in words], language)
    return Sentence(start=words[0].start, end=words[-1].end, text=text, words=words, speaker=sentence.speaker)


def _words(words: Sequence[Word], shown: _Shown) -> Iterator[Word]:
    for word in words:
        if place := shown.place(word):
            yield word.model_copy(update={"start": place[0], "end": place[1]})
