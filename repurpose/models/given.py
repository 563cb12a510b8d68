"""What the user hands in."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from repurpose.models.base import Blob, Model, Ms, Span


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


class Said(Span):
    """One entry of a subtitle file: its text on one line, without styling."""

    text: Annotated[str, Field(min_length=1)]
    speaker: str | None = None  # from a vtt voice tag


class Translation(Model):
    """A root: the same speech in a second language, from a subtitle file. Starts empty."""

    language: str = ""
    entries: tuple[Said, ...] = ()


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
