"""讲稿: the slides as one PDF and one PPTX, every page with its time and with what was said on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repurpose.context import Context
from repurpose.models import Event, Recording, Sentence, Slide, Slides, Span, TextLine, Transcript
from repurpose.models.designed import Deck, DeckPage
from repurpose.slides.pdf import pdf_of
from repurpose.slides.pptx import pptx_of
from repurpose.text.clock import clock, paragraphs
from repurpose.text.join import join_words


class Sheet(NamedTuple):
    """A page as the two writers need it."""

    page: DeckPage
    image: bytes  # jpeg
    lines: tuple[TextLine, ...]
    times: str  # when it was shown, as people write it


class Cover(NamedTuple):
    """What a file says of itself, and the size of its pages' pictures in pixels."""

    title: str
    author: str
    width: int
    height: int


def bind(event: Event, slides: Slides, spoken: Transcript, recording: Recording, ctx: Context) -> Deck:
    """The deck of a recording; without slides an empty one that says why."""
    if not slides.pages:
        return Deck(why="no page stood still long enough to be a slide")
    store, hours = ctx.store, recording.duration >= 3_600_000
    lines = {page.image.digest: page.lines for page in slides.pages}
    sheets = [
        Sheet(page, store.path(page.image).read_bytes(), lines[page.image.digest], times_of(page.shown, hours=hours))
        for page in deck_pages(slides.pages, spoken)
    ]
    cover = Cover(
        title=event.title or event.name,
        author=", ".join(who.name for who in event.speakers),
        width=recording.video.width,
        height=recording.video.height,
    )
    ctx.beat(0.2)
    pdf = store.put_bytes(pdf_of(sheets, cover), ".pdf")
    ctx.beat(0.6)
    pptx = store.put_bytes(pptx_of(sheets, cover), ".pptx")
    return Deck(pdf=pdf, pptx=pptx, pages=tuple(sheet.page for sheet in sheets))


def deck_pages(pages: Sequence[Slide], spoken: Transcript) -> list[DeckPage]:
    """Each picture once, in the order they were first shown, with all that was said while it was. Pure.

    What was said belongs to the page that was up at the middle of the sentence, else to the last one before it: over a
    camera picture people go on about the page they have just shown.
    """
    shown: dict[str, list[int]] = {}
    for index, page in enumerate(pages):
        shown.setdefault(page.image.digest, []).append(index)
    said: dict[int, list[Sentence]] = {}
    for sentence in spoken.sentences:
        middle = (sentence.start + sentence.end) // 2
        up = max((index for index, page in enumerate(pages) if page.start <= middle), default=None)
        if up is not None:
            said.setdefault(up, []).append(sentence)
    several = len({sentence.speaker for sentence in spoken.sentences}) > 1
    return [
        DeckPage(
            image=pages[indices[0]].image,
            title=pages[indices[0]].title,
            shown=tuple(Span(start=pages[index].start, end=pages[index].end) for index in indices),
            notes="\n".join(
                _told(block, spoken.language, named=several)
                for index in indices
                for block in paragraphs(said.get(index, []))
            ),
        )
        for indices in shown.values()
    ]


def times_of(shown: Sequence[Span], *, hours: bool) -> str:
    """`2:35–5:59 · 31:02–31:40`: each time a page was shown."""
    return " · ".join(f"{clock(span.start, hours=hours)}–{clock(span.end, hours=hours)}" for span in shown)


def _told(block: Sequence[Sentence], language: str, *, named: bool) -> str:
    text = join_words([sentence.text for sentence in block], language)
    who = block[0].speaker if named else None
    return f"{who}{'：' if language.startswith('zh') else ': '}{text}" if who else text
