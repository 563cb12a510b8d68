"""What is made of a recording."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from repurpose.models.base import Blob, Model, Ms, Span
from repurpose.models.found import Recording
from repurpose.models.given import Event


class EditDecisionList(Model):
    """剪辑表: which stretches of the recording a version shows, in the order they were said. A plain file a person can edit."""

    cut: str
    take: Annotated[int, Field(ge=1)] = 1
    title: str = ""
    spans: Annotated[tuple[Span, ...], Field(min_length=1)]
    intro: Annotated[Ms, Field(ge=0)] = 0  # shown before the first span: no second of the recording
    outro: Annotated[Ms, Field(ge=0)] = 0  # and after the last

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
        return self.intro + sum(span.length for span in self.spans) + self.outro

    def to_source(self, at: Ms) -> Ms | None:
        """The recording's millisecond shown at `at` of the cut; None in the intro, in the outro and past the end."""
        at -= self.intro
        if at < 0:
            return None
        for span in self.spans:
            if at < span.length:
                return span.start + at
            at -= span.length
        return None

    def to_output(self, at: Ms) -> Ms | None:
        """Where the recording's millisecond `at` is shown in the cut; None when it was cut away."""
        shown = self.intro
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
    link: str = ""  # where the code in its picture leads
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
        "deck",
        "poster",
        "motion",
        "summary",
        "recap",
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
    intro_ms: Ms = 0  # shown before the first span: no second of the recording
    outro_ms: Ms = 0  # and after the last
    sentences: tuple[int, ...] = ()  # whose words stand in it
    link: str = ""  # where the code in its picture, or its text, leads
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

    items: dict[str, str] = Field(default_factory=dict)


class Package(Model):
    """素材包: every asset of one recording, ready to be laid out in a folder."""

    event: Event
    recording: Recording
    assets: tuple[Asset, ...]
    skipped: tuple[Skipped, ...] = ()
    versions: dict[str, str] = Field(default_factory=dict)  # tools and models that made it
