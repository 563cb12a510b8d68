"""The artifact types. Frozen, unknown fields refused, no I/O; imports nothing of ours.

Every time is an integer of milliseconds on the recording's clock, whose 0 is its first shown frame. Only
`EditDecisionList.to_source` and `to_output` translate to and from the clock of a cut.
"""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Ms = int  # milliseconds on the recording's clock
Language = Literal["zh", "en"]  # the two the product speaks itself; a transcript may carry any Whisper code


class Model(BaseModel):
    """The base of every artifact and preset: frozen, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Span(Model):
    """A half-open stretch of the recording: start <= t < end."""

    start: Annotated[Ms, Field(ge=0, description="first millisecond")]
    end: Annotated[Ms, Field(gt=0, description="first millisecond after")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"a span must end after it starts, got {self.start}..{self.end}")
        return self

    @property
    def length(self) -> Ms:
        return self.end - self.start

    def overlap(self, other: Span) -> Ms:
        """Milliseconds shared with `other`, 0 when apart."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


class Blob(Model):
    """A file in the store, named by its content. Artifacts never hold paths."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="sha256 of the bytes")]
    suffix: Annotated[str, Field(pattern=r"^(\.[a-z0-9]{1,8})?$", description="with its dot, lower case")]
    size: Annotated[int, Field(ge=0, description="bytes")]


# -- what the user hands in ------------------------------------------------------------------------------------------


class Speaker(Model):
    """Someone who speaks at the event 嘉宾."""

    name: Annotated[str, Field(min_length=1)]
    title: str = ""
    company: str = ""
    role: Literal["host", "guest"] = "guest"
    photo: Blob | None = None


class AgendaItem(Model):
    """One line of the agenda; `at` is when it began, when that is known."""

    title: Annotated[str, Field(min_length=1)]
    at: Ms | None = None
    speaker: str = ""


class CallToAction(Model):
    """What a viewer is asked to do next."""

    text: str = ""
    url: str = ""


class Event(Model):
    """What is known about the event before anyone listens to it (event.toml)."""

    name: Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f]{1,120}$", description="names the output folder")]
    title: str = ""
    date: datetime.date | None = None
    language: str = ""  # "" lets the transcriber find out
    speakers: tuple[Speaker, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    terms: tuple[str, ...] = ()  # product names and jargon, spelled as they should be
    brand: str = "default"
    cta: CallToAction = CallToAction()


class TitleCard(Model):
    """What stands on the picture of a source that has sound only."""

    title: str
    lines: tuple[str, ...] = ()


class Source(Model):
    """A root: the files of one event as they were handed in, in order."""

    files: Annotated[tuple[Blob, ...], Field(min_length=1)]
    names: tuple[str, ...]  # what the user called each file, for messages
    subtitles: Blob | None = None  # srt or vtt to use instead of listening
    card: TitleCard | None = None  # only for sound without a picture


class Vocabulary(Model):
    """What the listener should expect: the language, and names and terms as they are spelled."""

    language: str = ""  # "" lets the transcriber find out
    words: tuple[str, ...] = ()


class ChatMessage(Model):
    """One line of the live chat or the Q&A box."""

    at: Ms
    who: str = ""
    text: str = ""
    kind: Literal["chat", "question", "poll", "reaction"] = "chat"


class Live(Model):
    """A root: what viewers did during the live event. Starts empty."""

    messages: tuple[ChatMessage, ...] = ()


class Choices(Model):
    """A root: what a person decided. Starts empty."""

    keep: tuple[Span, ...] = ()  # must be in every rung that has room
    drop: tuple[Span, ...] = ()  # must be in none


class Retention(Model):
    """A root: per second of the recording, how often it was offered to a viewer and how often watched. Starts empty."""

    offered: tuple[int, ...] = ()
    watched: tuple[int, ...] = ()


# -- what the recording is -------------------------------------------------------------------------------------------


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


# -- what was said and shown -----------------------------------------------------------------------------------------


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


class Slide(Span):
    """A stable page: from its first full appearance until the next page."""

    image: Blob
    title: str = ""
    text: str = ""


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


# -- what is made ----------------------------------------------------------------------------------------------------


class EditDecisionList(Model):
    """剪辑表: which stretches of the recording a version shows, in the order they were said. A plain file a person can edit."""

    cut: str
    take: Annotated[int, Field(ge=1)] = 1
    title: str = ""
    spans: Annotated[tuple[Span, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for before, after in pairwise(self.spans):
            if before.end > after.start:
                raise ValueError(
                    f"spans must be in order and apart: {before.start}..{before.end} then {after.start}..{after.end}"
                )
        return self

    @property
    def length(self) -> Ms:
        return sum(span.length for span in self.spans)

    def to_source(self, at: Ms) -> Ms:
        """The recording's millisecond shown at `at` of the cut. Past the end: the last one."""
        for span in self.spans:
            if at < span.length:
                return span.start + max(0, at)
            at -= span.length
        return self.spans[-1].end - 1

    def to_output(self, at: Ms) -> Ms | None:
        """Where the recording's millisecond `at` is shown in the cut; None when it was cut away."""
        shown = 0
        for span in self.spans:
            if at < span.start:
                return None
            if at < span.end:
                return shown + at - span.start
            shown += span.length
        return None


class Cue(Span):
    """One caption on screen: one or two lines."""

    lines: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)]


class Edits(Model):
    """All takes of one cut. Fewer than asked for when the recording does not carry them; `why` says so."""

    cut: str
    takes: tuple[EditDecisionList, ...] = ()
    why: str = ""


class Rendition(Model):
    """成片: one playable file of one take, with its captions and cover."""

    cut: str
    take: int
    render: str
    edl: EditDecisionList  # as rendered: edges on frames of the recording
    video: Blob
    srt: Blob
    vtt: Blob
    cover: Blob
    width: int
    height: int
    duration: Ms
    loudness: float | None = None  # LUFS as rendered, computed from the recording's blocks
    copied: float = 0.0  # share of the frames that were copied, not encoded
    note: str = ""  # why it was encoded in full, when it was


class Asset(Model):
    """One file of a package."""

    path: str  # inside the package folder, with forward slashes
    kind: Literal[
        "video",
        "captions",
        "cover",
        "transcript",
        "chapters",
        "highlights",
        "slide",
        "slides",
        "edl",
        "portrait",
        "page",
    ]
    file: Blob
    duration_ms: Ms | None = None
    width: int | None = None
    height: int | None = None
    language: str = ""
    cut: str = ""
    take: int | None = None
    render: str = ""
    spans: tuple[Span, ...] = ()  # on the recording's clock
    alt: str = ""


class Skipped(Model):
    """A variant that was not made, and why."""

    stage: str
    variant: str
    why: str


class Skips(Model):
    """Every variant that was not made, in the order of the graph."""

    items: tuple[Skipped, ...] = ()


class Versions(Model):
    """The programs and models that made a package: name -> version."""

    items: dict[str, str] = {}


class Package(Model):
    """素材包: every asset of one recording, ready to be laid out in a folder."""

    event: Event
    recording: Recording
    assets: tuple[Asset, ...]
    skipped: tuple[Skipped, ...] = ()
    versions: dict[str, str] = {}  # tools and models that made it
