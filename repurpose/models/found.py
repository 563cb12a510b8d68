"""What the recording is, and what was heard and seen in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from repurpose.models.base import Blob, Model, Ms, Span


class VideoFacts(Model):
    """The picture of a prepared recording. Always constant rate, even sizes, upright, 8 bit 4:2:0."""

    codec: str  # "h264", "hevc", ...
    width: int
    height: int
    rate_num: int  # frames per second, as a fraction
    rate_den: int
    smart_cut: bool  # closed GOPs of 8-bit H.264 that may be copied
    why_not: str = ""  # the reason when smart_cut is false


class Recording(Model):
    """One prepared file on one clock: what every later stage reads."""

    media: Blob
    duration: Ms
    video: VideoFacts
    has_audio: bool
    keyframes: tuple[Ms, ...] = ()  # where a cut may start without encoding
    parts: tuple[Span, ...] = ()  # where each handed-in file lies on this clock
    prepared: tuple[str, ...] = ()  # what was done to the source, in words; empty when used as it came
    title_card: bool = False  # the picture is ours (the source had sound only)


class Sound(Model):
    """The recording's sound, decoded once: a speech track to listen to, its loudness, its pauses."""

    speech: Blob | None  # 16 kHz mono flac; None when there is no sound at all
    loudness: tuple[float, ...] = ()  # LUFS of each 100 ms block (ITU-R BS.1770-4 K weighting), floor -70.0
    integrated: float | None = None  # LUFS of the whole, gated; None when silent
    pauses: tuple[Span, ...] = ()  # stretches of at least 120 ms without speech energy


class Word(Span):
    """A spoken word (or, in Chinese, a piece of 1-4 characters) with its punctuation attached."""

    text: Annotated[str, Field(min_length=1)]
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0


class Sentence(Span):
    """One sentence. `text` is its words joined by the rules of the language."""

    text: Annotated[str, Field(min_length=1)]
    words: tuple[Word, ...] = ()
    speaker: str | None = None


class Transcript(Model):
    """Everything that was said, in order; sentences do not overlap."""

    language: str  # Whisper code: "zh", "en", ...; "" when nothing was said
    sentences: tuple[Sentence, ...] = ()
    backend: str = ""  # which backend and model heard it
    notes: tuple[str, ...] = ()  # what was guarded against: loops removed, lines recovered


class Shot(Span):
    """A stretch of one picture: a page with all that is built up on it, or something else (a camera, black)."""

    page: bool = True
    best: Ms = 0  # when the picture is at its fullest and at rest
    again: int | None = None  # index of an earlier shot that showed the very same page


class Shots(Model):
    """Stretches of one stable picture, in order, covering the recording."""

    spans: tuple[Shot, ...] = ()


class TextLine(Model):
    """A line of text on a picture and the box it stands in, as shares of the picture's width and height (0..1)."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Slide(Span):
    """A stable page: from its first full appearance until the next page."""

    image: Blob
    title: str = ""
    text: str = ""
    lines: tuple[TextLine, ...] = ()  # the lines of `text` and where they stand, in reading order


class Slides(Model):
    """The pages that were shown, in order of time."""

    pages: tuple[Slide, ...] = ()


class Chapter(Span):
    """A part of the talk on one topic 章节. `first` and `last` are sentence indices, both included."""

    title: str
    first: int
    last: int
    worth: Annotated[float, Field(ge=0)] = 1.0
    slide: int | None = None  # index of the page that opens it


class Chapters(Model):
    """The parts of the talk, in order, covering all sentences."""

    items: tuple[Chapter, ...] = ()


class Reason(Model):
    """One signal's part in a score."""

    signal: str
    share: float


class Highlight(Span):
    """A sentence with its worth. The shares of `because` sum to `score` (within 0.001)."""

    sentence: int  # index into the transcript
    score: Annotated[float, Field(ge=0, le=1)]
    stands_alone: bool = True  # understandable as the first sentence of a clip
    kind: Literal["speech", "greeting", "housekeeping", "question", "answer"] = "speech"
    because: tuple[Reason, ...] = ()


class Highlights(Model):
    """Every sentence of the transcript, in order, scored."""

    items: tuple[Highlight, ...] = ()
    fillers: tuple[str, ...] = ()  # words of this language that carry nothing, as the preset lists them
