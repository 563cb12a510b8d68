"""Files become an event with an order to make it: whole or not at all, once for each content, however often it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from repurpose.db import audit, events, orders, recordings
from repurpose.db.events import EventRow
from repurpose.db.orders import OrderRow
from repurpose.db.recordings import RecordingKind
from repurpose.db.session import alone
from repurpose.errors import StoreError
from repurpose.ingest.chat import read_chat
from repurpose.ingest.event import read_event
from repurpose.ingest.intake import plain_name, take_in
from repurpose.models import Blob, Event, Source
from repurpose.pipeline.run import runs_of
from repurpose.pipeline.workplace import Workplace
from repurpose.text.addresses import address_of


@dataclass(frozen=True)
class Handing:
    """What is handed in for one event. `title` is what it is called when its event file gives it no name."""

    recordings: tuple[Path, ...]  # its parts, in order
    title: str
    event_file: Path | None = None
    subtitles: Path | None = None
    chat: Path | None = None


@dataclass(frozen=True)
class Same:
    """The event that was made, or is being made, of the same recordings."""

    event: EventRow
    name: str  # of its first recording


@dataclass(frozen=True)
class Read:
    """What was handed in, found good and put in the store."""

    about: Event
    files: tuple[tuple[RecordingKind, str, Blob], ...]  # kind, name, content
    told: bool  # by an event file

    @property
    def content(self) -> tuple[str, ...]:
        """The digest of every part, in order, each once."""
        return tuple(dict.fromkeys(file.digest for kind, _, file in self.files if kind == "recording"))


def read_in(place: Workplace, handing: Handing) -> Read:
    """Check the files and put copies in the store. Raises UserError, saying what is wrong with them, and OSError."""
    try:
        taken = take_in(handing.recordings, place.store, handing.event_file, handing.subtitles)
        about, chat = read_event(handing.event_file, plain_name(handing.title), place.store)
        files: list[tuple[RecordingKind, str, Blob]] = [
            ("recording", path.name, file) for path, file in zip(handing.recordings, taken.source.files, strict=True)
        ]
        if handing.subtitles is not None:
            files.append(("subtitles", handing.subtitles.name, place.store.put_file(handing.subtitles)))
        said = handing.event_file.parent / chat if chat and handing.event_file is not None else handing.chat
        if said is not None:
            read_chat(said)
            files.append(("chat", said.name, place.store.put_file(said)))
    except BaseException:
        place.presence.litter()  # what was put in the store has no row
        raise
    return Read(about, tuple(files), handing.event_file is not None)


def order(place: Workplace, read: Read, order_id: str, by: str) -> OrderRow | Same:
    """The order `order_id` to make an event of this, with a draft of its own; asked again it is the same order. Or the event
    that the same recordings are in already; one whose run failed or was cancelled is tried again."""
    with alone(place.engine, "recordings"):  # two who bring the same content go one after the other
        done = orders.find(place.engine, order_id)
        if done is not None:
            return done
        event, tried = _before(place, read.content)
        if event is not None and not tried:
            return Same(event, _first_name(place, event) or read.files[0][1])
        if event is None:
            event, about = _draft(place, read.about)
            orders.put_wish(place.engine, event.id, about=about)
        elif read.told:
            before = orders.wish(place.engine, event.id)
            name = before.about.name if before else read.about.name
            orders.put_wish(place.engine, event.id, about=read.about.model_copy(update={"name": name}))
        for kind, name, file in read.files:
            recordings.add(place.engine, event.id, kind, name, file, by)
        row = orders.place(place.engine, event.id, (), by, order_id)
        audit.note(place.engine, by, "run.start", row.id, event=event.id)
        return row


def _before(place: Workplace, content: Sequence[str]) -> tuple[EventRow | None, bool]:
    """The event that has exactly these recordings, and whether it may be tried again; None when there is none."""
    for event_id in recordings.events_with(place.engine, content[0]):
        files = [row for row in recordings.of_event(place.engine, event_id) if row.kind == "recording"]
        if tuple(row.file.digest for row in files) == tuple(content):
            last = orders.listed(place.engine, event_id=event_id, limit=1)
            return events.find(place.engine, event_id), not last or last[0].state in ("failed", "cancelled")
    for run in runs_of(place):  # made by the command line
        try:
            source = place.store.get(run.roots["source"], Source)
        except (KeyError, StoreError):
            continue
        if tuple(dict.fromkeys(file.digest for file in source.files)) == tuple(content):
            event = events.of_run(place.engine, run.id)
            if event is not None:
                return event, False
    return None, False


def _first_name(place: Workplace, event: EventRow) -> str:
    rows = recordings.of_event(place.engine, event.id)
    return next((row.name for row in rows if row.kind == "recording"), "")


def _draft(place: Workplace, about: Event) -> tuple[EventRow, Event]:
    """A new draft, and what is told of it under a name no other event has: its address says which number is free."""
    slug = address_of(about.name) or "event"
    row = events.create(
        place.engine,
        slug=slug,
        title=about.title or about.name,
        language=about.language,
        date=about.date.isoformat() if about.date else "",
    )
    number = row.slug.removeprefix(slug[:70])
    return row, about.model_copy(update={"name": about.name[: 120 - len(number)] + number})
