"""The files a user hands in -> the roots of a run: event, source, live. Whatever is wrong with them is said here."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import BadMedia, BadPreset, UserError
from repurpose.ingest.chat import read_chat
from repurpose.ingest.event import read_event
from repurpose.media.open import open_media, picture_of
from repurpose.media.probe import probe
from repurpose.models import Blob, Event, Live, Said, Source, TitleCard, Translation, Vocabulary
from repurpose.store import Store, digest_of_file
from repurpose.text.signs import is_cjk
from repurpose.text.subtitles import decode, parse

SIDECARS = (".srt", ".vtt")
_PART = re.compile(r"[\s._\-(（]*(?:part|pt|p|cd|第)?[\s._\-]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Intake:
    """What a user handed in, ready to be worked on."""

    event: Event
    source: Source
    live: Live


def take_in(files: Sequence[Path], store: Store, event_file: Path | None, subtitles: Path | None) -> Intake:
    """Check and store `files` (the parts of one event, in order) with what lies beside them.

    event.toml, chat.csv and, for one file, subtitles of the same name (srt, vtt) are taken from beside the recording when
    they are not given. Raises BadMedia or BadPreset before anything else is done.
    """
    if not files:
        raise UserError("There is no recording. Name at least one file.")
    pictured = [_has_picture(path, store) for path in files]
    beside = files[0].parent / "event.toml"
    event_file = event_file or (beside if beside.is_file() else None)
    event, chat = read_event(event_file, name_of(files), store)
    live = _live(chat, event_file, files[0])
    words = subtitles or (_sidecar(files[0]) if len(files) == 1 else None)
    source = Source(
        files=tuple(store.put_file(path) for path in files),
        names=tuple(path.name for path in files),
        subtitles=_subtitles(words, store) if words is not None else None,
        card=None if any(pictured) else card_of(event),
    )
    return Intake(event, source, live)


def translation_of(path: Path | None) -> Translation:
    """A second subtitle file (srt, vtt) as it will be shown under the first; empty without one."""
    if path is None:
        return Translation()
    entries = _entries(path)
    chinese = sum(map(is_cjk, "".join(entry.text for entry in entries)))
    return Translation(language="zh" if chinese > len(entries) else "en", entries=entries)


def language_of(event: Event) -> str:
    """The language the event's own words are in: as its file says, else "zh" or "en" by its title."""
    return event.language or ("zh" if any(map(is_cjk, event.title + event.name)) else "en")


def vocabulary(event: Event, ctx: Context) -> Vocabulary:
    """The language, and the terms, names and companies the listener should spell as the event file does."""
    ctx.check()
    words = [*event.terms]
    for speaker in event.speakers:
        words += [speaker.name, speaker.company]
    return Vocabulary(
        language=event.language, words=tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    )


def name_of(files: Sequence[Path]) -> str:
    """What an event without a name is called: its file's name, or what the names of its parts begin with."""
    name = files[0].stem
    if len(files) > 1:
        same = takewhile(lambda signs: len(set(signs)) == 1, zip(*(path.stem for path in files), strict=False))
        shared = "".join(signs[0] for signs in same).rstrip("0123456789")
        name = _PART.sub("", shared) or name
    return plain_name(name)


def plain_name(text: str) -> str:
    """`text` as it may name an event: no separators of paths or lines, not too long, never empty."""
    return re.sub(r"[/\\\x00-\x1f]", " ", text).strip()[:120] or "event"


def card_of(event: Event) -> TitleCard:
    """What stands on the picture of a recording without one."""
    who = [" · ".join(filter(None, (speaker.name, speaker.title, speaker.company))) for speaker in event.speakers]
    lines = [event.date.isoformat()] if event.date else []
    title = event.title or " ".join(re.split(r"[\s_]+", event.name))
    return TitleCard(title=title.strip() or event.name, lines=tuple(lines + who[:4]))


def _has_picture(path: Path, store: Store) -> bool:
    """Does the file have a picture? A file the store holds was looked at when it came in; any other is probed first."""
    if path.is_file() and os.access(path, os.R_OK) and store.has(digest_of_file(path)):
        with open_media(path) as container:
            return picture_of(container) is not None
    return probe(path, path.name).video is not None


def _live(chat: str, event_file: Path | None, recording: Path) -> Live:
    folder = event_file.parent if event_file is not None else recording.parent
    place = folder / (chat or "chat.csv")
    if place.is_file():
        return read_chat(place)
    if chat:
        raise BadPreset(f"{event_file}: chat names {chat!r}, which is not there. Its place is {place}.")
    return Live()


def _sidecar(recording: Path) -> Path | None:
    places = [recording.with_suffix(suffix) for suffix in SIDECARS]
    return next((place for place in places if place.is_file()), None)


def _subtitles(path: Path, store: Store) -> Blob:
    _entries(path)
    return store.put_bytes(path.read_bytes(), path.suffix.lower())


def _entries(path: Path) -> tuple[Said, ...]:
    """What a subtitle file says. Raises UserError naming the file when it says nothing we can read."""
    if path.suffix.lower() not in SIDECARS:
        raise UserError(f"{path.name}: is not srt or vtt. Save the subtitles as one of these.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{path.name}: cannot be read ({error.strerror}). Check the path and its permissions."
        ) from None
    entries = parse(decode(data, path.name))
    if not entries:
        raise BadMedia(
            f"{path.name}: holds no subtitles. Save it as srt or vtt, or move it away to have the sound heard."
        )
    return entries
