"""Recordings: files handed in for an event, by upload or by a path the server may take from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import audit, events, recordings, uploads
from repurpose.errors import UserError
from repurpose.models import Blob
from repurpose.pipeline.workplace import Workplace
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import read, there
from repurpose.web.api.shapes.events import RecordingShape, RecordingWish
from repurpose.web.api.shapes.fields import EventId, FileWish
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Editor, Reader, client_of

router = APIRouter(tags=["recordings"])
SUFFIXES = {"subtitles": (".srt", ".vtt"), "translation": (".srt", ".vtt"), "chat": (".csv",)}


class RecordingList(BaseModel):
    """All files of an event, in order."""

    items: list[RecordingShape]


@router.get("/events/{event_id}/recordings", response_model=RecordingList, responses=documented(404))
def list_recordings(request: Request, event_id: EventId, asker: Reader) -> Response:
    """The files handed in for an event, in order: the parts of one recording, and what lies beside it."""
    engine = request.app.state.engine
    there(events.find(engine, event_id), "event")
    return read(request, RecordingList(items=[RecordingShape.of(row) for row in recordings.of_event(engine, event_id)]))


@router.post(
    "/events/{event_id}/recordings",
    status_code=201,
    response_model=RecordingShape,
    responses=documented(404, 409, 413, 507),
)
def add_recording(request: Request, event_id: EventId, wish: RecordingWish, asker: Editor, once: OnceOnly) -> Response:
    """Hand a file in. The same content is there once, however often it is handed in."""
    state = request.app.state
    there(events.find(state.engine, event_id), "event")
    file, came = handed_in(state.place, wish, asker.id)
    right = SUFFIXES.get(wish.kind)
    if right and file.suffix not in right:
        raise Problem("refused", why=f"{wish.kind}: must be a file ending in {' or '.join(right)}.")

    def make() -> Made:
        row = recordings.add(state.engine, event_id, wish.kind, wish.name or came, file, asker.id)
        audit.note(state.engine, asker.id, "recording.add", row.id, client_of(request), event=event_id)
        return Made(RecordingShape.of(row), 201)

    return once.answer(make)


def inside(path: Path, folders: Sequence[Path]) -> Path:
    """The file itself, which lies in one of the folders whatever links lead to it. Raises UserError."""
    try:
        whole = path.resolve(strict=True) if path.is_absolute() else path
    except (OSError, RuntimeError):
        whole = path
    if not whole.is_absolute() or not any(whole.is_relative_to(folder.resolve()) for folder in folders):
        raise UserError("path: no such file in a folder the server may take from (REPURPOSE_INGEST).")
    if not whole.is_file():
        raise UserError("path: no such file in a folder the server may take from (REPURPOSE_INGEST).")
    return whole


def handed_in(place: Workplace, wish: FileWish, asker: str) -> tuple[Blob, str]:
    """The file that somebody hands in, in the store, and what it is called. Raises Problem, and UserError for a path."""
    if (wish.upload is None) == (wish.path is None):
        raise Problem("refused", why="Give either `upload` or `path`.")
    if wish.path is not None:
        file = inside(Path(wish.path), place.settings.ingest)
        return place.store.put_file(file), file.name
    row = uploads.find(place.engine, wish.upload or "")
    if row is None or row.principal != asker or row.file is None:
        raise Problem("refused", why="upload: there is no finished upload of yours with this id.")
    return row.file, row.name
