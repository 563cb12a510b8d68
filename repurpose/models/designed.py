"""What is designed of an event: quotes, pictures and documents, each tied to the sentences it shows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from repurpose.models.base import Blob, Model, Ms, Span
from repurpose.models.drawn import Box


class Quote(Span):
    """金句: words of one speaker that stand alone, verbatim, with the moment they were said."""

    sentences: Annotated[tuple[int, ...], Field(min_length=1)]  # indices into the transcript, in order
    text: Annotated[str, Field(min_length=1)]  # nothing left out, nothing added
    speaker: Annotated[str, Field(min_length=1)]  # the guest's name
    title: str = ""  # position and company, as the event names them
    score: Annotated[float, Field(ge=0)] = 0.0  # how quotable it is


class Quotes(Model):
    """The best quotes of an event, the best first; `why` says why there are none."""

    quotes: tuple[Quote, ...] = ()
    why: str = ""


class PortraitOf(Model):
    """A picture with one face that stands for a speaker, and where in its pixels that face is."""

    name: str
    image: Blob
    face: Box


class Portraits(Model):
    """A portrait of each speaker of whom there is one, in the order of the event."""

    items: tuple[PortraitOf, ...] = ()


class Picture(Model):
    """One designed picture: a poster, a cover, a summary or a slice of one."""

    kind: str  # "poster", "cover", "summary", "slice", ...
    template: str  # the preset it was made by
    size: str  # name of the size, such as "1080x1440"
    image: Blob
    width: int
    height: int
    language: str = ""
    start: Ms | None = None  # the moment of the recording it shows and its code opens
    end: Ms | None = None
    sentences: tuple[int, ...] = ()  # whose words stand on it
    speaker: str = ""
    text: str = ""  # those words
    link: str = ""  # where its code leads; empty: it has none
    note: str = ""  # what was done differently, in words


class Pictures(Model):
    """Pictures in the order they are shown; `skipped` names what was not made and why."""

    pictures: tuple[Picture, ...] = ()
    skipped: tuple[str, ...] = ()


class Moving(Model):
    """A dynamic poster: a quote that appears word by word with the voice that said it."""

    template: str
    size: str
    film: Blob  # mp4
    still: Blob  # its last picture, jpg
    moving: Blob | None = None  # the same without sound, as an animated picture; None where none was asked for
    width: int
    height: int
    moving_width: int = 0
    moving_height: int = 0
    duration: Ms
    language: str = ""
    start: Ms  # of what is heard, on the recording's clock
    end: Ms
    sentences: tuple[int, ...] = ()
    speaker: str = ""
    text: str = ""
    link: str = ""


class Motion(Model):
    """Dynamic posters, the best quote's first; `skipped` names what was not made and why."""

    items: tuple[Moving, ...] = ()
    skipped: tuple[str, ...] = ()


class Point(Model):
    """Something that was said, in a few words, with the sentences it was said in."""

    text: Annotated[str, Field(min_length=1)]
    sentences: Annotated[tuple[int, ...], Field(min_length=1)]  # indices into the transcript
    at: Ms  # when the first of them begins
    speaker: str = ""


class Figure(Model):
    """A number that was said, as it is shown, with what was said of it."""

    number: Annotated[str, Field(min_length=1)]  # digits with their separators, and "%"
    unit: str = ""
    point: Point


class Part(Model):
    """A chapter that says much, with its key points in the order they were said."""

    title: str
    start: Ms
    chapter: int  # index into the chapters
    slide: int | None = None  # index of the page that shows it best
    points: tuple[Point, ...] = ()


class Points(Model):
    """An event in a few lines: its thesis, the key points of its chapters, the numbers that were said."""

    thesis: Point | None = None
    parts: tuple[Part, ...] = ()
    figures: tuple[Figure, ...] = ()


class DeckPage(Model):
    """A page of the deck: everything the slide says, each time it was shown, and what was said on it."""

    image: Blob
    title: str = ""
    shown: Annotated[tuple[Span, ...], Field(min_length=1)]  # a page that came back has more than one
    notes: str = ""  # in paragraphs, parted by lines


class Deck(Model):
    """讲稿: the slides as files to hand out, in the order they were first shown; `why` says why there are none."""

    pdf: Blob | None = None  # searchable
    pptx: Blob | None = None  # one picture a page, the notes beside it
    pages: tuple[DeckPage, ...] = ()
    why: str = ""


class RecapFile(Model):
    """One text of the recap, or a picture that a text shows. Texts name pictures by the paths here."""

    path: str  # inside the recap's folder, with forward slashes
    kind: Literal["article", "blog", "mail", "post", "picture", "index"]
    file: Blob
    channel: str = ""  # the preset whose limits it keeps
    title: str = ""  # headline or subject, where there is one
    digest: str = ""
    link: str = ""  # where it leads: told apart by channel
    sentences: tuple[int, ...] = ()  # whose words it cites
    alt: str = ""


class Recap(Model):
    """回顾: an article, a blog page, follow-up mails and posts; `why` says why there are none."""

    language: str = ""
    title: str = ""
    files: tuple[RecapFile, ...] = ()
    why: str = ""
