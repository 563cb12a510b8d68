"""Times as people write them, and sentences in groups a reader takes in at once."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.models import Ms, Sentence

PAUSE: Ms = 1800  # a longer silence than this starts a new paragraph
PARAGRAPH: Ms = 45_000  # and so does the first sentence after this much speech


def clock(at: Ms, *, hours: bool = False) -> str:
    """`4:05`, or `1:04:05` from an hour on (always when `hours`)."""
    seconds = at // 1000
    if hours or seconds >= 3600:
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{seconds // 60}:{seconds % 60:02}"


def paragraphs(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Sentences in groups: parted by speaker, by a long pause, by length."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        last = groups[-1] if groups else None
        if (
            last is not None
            and last[-1].speaker == sentence.speaker
            and sentence.start - last[-1].end < PAUSE
            and sentence.end - last[0].start <= PARAGRAPH
        ):
            last.append(sentence)
        else:
            groups.append([sentence])
    return groups
