"""event.toml -> Event: what is known about an event before anyone listens to it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from repurpose.errors import BadPreset
from repurpose.models import AgendaItem, Blob, CallToAction, Event, Model, Ms, Speaker
from repurpose.presets import duration, read
from repurpose.store import Store

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?")
_PICTURES = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"RIFF": ".webp"}


def clock(value: Any) -> Any:
    """`0:12:30`, `12:30`, `12:30.5`, `90s` or whole milliseconds -> milliseconds. Raises ValueError."""
    if not isinstance(value, str) or ":" not in value:
        return duration(value)
    match = _CLOCK.fullmatch(value.strip())
    if not match or int(match[3]) > 59 or (match[1] is not None and int(match[2]) > 59):
        raise ValueError(f"{value!r} is not a time: write 0:12:30 or 12:30")
    hours, minutes, seconds, part = match.groups()
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int((part or "0").ljust(3, "0"))


Clock = Annotated[Ms, BeforeValidator(clock), Field(ge=0)]


class SpeakerEntry(Model):
    """One [[speakers]] table."""

    name: Annotated[str, Field(min_length=1)]
    title: str = ""
    company: str = ""
    role: Literal["host", "guest"] = "guest"
    photo: str = Field(default="", description="a picture beside event.toml")


class AgendaEntry(Model):
    """One [[agenda]] table."""

    title: Annotated[str, Field(min_length=1)]
    at: Clock | None = None
    speaker: str = ""


class EventFile(Model):
    """event.toml. Every field may be left out."""

    name: str = Field(default="", description="names the output folder")
    title: str = ""
    date: datetime.date | None = None
    language: str = Field(default="", description="zh, en, ...; empty lets the transcriber find out")
    terms: tuple[str, ...] = ()
    brand: str = "default"
    chat: str = Field(default="", description="a csv beside event.toml: at, who, text, kind")
    cta: CallToAction = CallToAction()
    speakers: tuple[SpeakerEntry, ...] = ()
    agenda: tuple[AgendaEntry, ...] = ()


def read_event(path: Path | None, name: str, store: Store) -> tuple[Event, str]:
    """The event a file describes (or only its `name`, without a file), and the chat file it names ("" for none).

    Photos go into the store. Raises BadPreset naming the field and the cure.
    """
    told = read(path, EventFile) if path is not None else EventFile()
    wanted = told.name or name
    if re.search(r"[/\\\x00-\x1f]", wanted) or len(wanted) > 120:
        raise BadPreset(f"{path}: name {wanted!r} cannot name a folder. Use at most 120 characters without / and \\.")
    event = Event(
        name=wanted,
        title=told.title,
        date=told.date,
        language=told.language,
        speakers=tuple(_speaker(entry, number, path, store) for number, entry in enumerate(told.speakers, 1)),
        agenda=tuple(AgendaItem(title=item.title, at=item.at, speaker=item.speaker) for item in told.agenda),
        terms=told.terms,
        brand=told.brand,
        cta=told.cta,
    )
    return event, told.chat


def _speaker(entry: SpeakerEntry, number: int, path: Path | None, store: Store) -> Speaker:
    photo = _photo(entry.photo, number, path, store) if entry.photo and path is not None else None
    return Speaker(name=entry.name, title=entry.title, company=entry.company, role=entry.role, photo=photo)


def _photo(name: str, number: int, path: Path, store: Store) -> Blob:
    place = path.parent / name
    if not place.is_file():
        raise BadPreset(f"{path}: photo of speaker {number} names {name!r}, which is not there. Its place is {place}.")
    with place.open("rb") as file:
        head = file.read(16)
    kind = next((suffix for magic, suffix in _PICTURES.items() if head.startswith(magic)), "")
    if not kind or (kind == ".webp" and head[8:12] != b"WEBP"):
        raise BadPreset(f"{path}: photo of speaker {number}, {name!r}, is not a picture. Give a png, jpg or webp.")
    return store.put_file(place, kind)
