"""A short title for a version, in the speaker's own words."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.models import Highlight
from repurpose.text.headline import candidates
from repurpose.text.topic_words import content

_ENOUGH = 4  # words with a meaning of their own


def headline(told: Sequence[tuple[str, Highlight]], language: str) -> str:
    """The best sentence, or the best clause of it, that is short enough: at most 24 Chinese or 60 Latin characters."""
    best, title = -1.0, ""
    for text, highlight in told:
        for value, words in candidates(text):
            worth = highlight.score * value * (1.0 if highlight.stands_alone else 0.8)
            worth *= 0.2 + min(_ENOUGH, len(set(content(words, language)))) / _ENOUGH
            if highlight.kind in ("greeting", "housekeeping"):
                worth *= 0.1
            if worth > best:
                best, title = worth, words
    return title
