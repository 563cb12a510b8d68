"""What is designed of an event: quotes, pictures and documents, each tied to the sentences it shows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from repurpose.models.base import Blob, Model, Ms, Span


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
