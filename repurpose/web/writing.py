"""The file an upload grows in: what has arrived is on the disk before it is said to be."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from repurpose.db import uploads
from repurpose.db.session import Database
from repurpose.db.uploads import UploadRow
from repurpose.store import Store, digest_of_file

BLOCK = 1 << 20  # bytes gathered before they are written
STEP = 8 << 20  # bytes between two steps that are made sure of
SILENT_S = 60.0  # a client that sends nothing for so long is taken for gone
LASTS_MS = 24 * 3600 * 1000  # how long an upload nobody goes on with is kept, and a whole one nobody takes in
SPARE = 1 << 30  # bytes of the disk that uploads leave free


@dataclass(frozen=True)
class Came:
    """How a piece ended: at which offset, and whether its checksum was right (True when it had none)."""

    offset: int
    right: bool = True


class Writers:
    """Who is writing what in this process. The one who asks last goes on; the one before makes sure of what it has."""

    def __init__(self) -> None:
        self._busy: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}  # stop, and stopped

    async def free(self, upload_id: str) -> None:
        """Have whoever writes this upload stop, and wait until it has."""
        while upload_id in self._busy:
            stop, stopped = self._busy[upload_id]
            stop.set()
            await stopped.wait()

    @asynccontextmanager
    async def writing(self, upload_id: str) -> AsyncIterator[asyncio.Event]:
        """Be the one who writes; the event inside is set when somebody else wants to go on."""
        await self.free(upload_id)
        stop, stopped = asyncio.Event(), asyncio.Event()
        self._busy[upload_id] = stop, stopped
        try:
            yield stop
        finally:
            del self._busy[upload_id]
            stopped.set()


class Broken(Exception):
    """The rest of a piece will not come: the client went, fell silent, or asks elsewhere."""


async def take_piece(
    engine: Database,
    path: Path,
    row: UploadRow,
    pieces: AsyncIterator[bytes],
    checksum: tuple[str, bytes] | None,
    stop: asyncio.Event,
) -> Came:
    """Append what comes to the file at `path`, from the row's offset on; how far it came.

    Without a checksum all that arrived counts, whatever ends it: the client, silence, another request. With one it counts
    when it is all there and right, else not at all. OSError when the disk is full: what was made sure of stays.
    """
    seen = hashlib.new(checksum[0]) if checksum else None
    offset, sure, kept, ended = row.offset, row.offset, bytearray(), False
    with await run_in_threadpool(_opened, path, row.offset) as file:
        try:
            while (piece := await _next(pieces, stop)) is not None:
                kept += piece[: row.length - offset - len(kept)]
                if len(kept) >= BLOCK:
                    await run_in_threadpool(file.write, bytes(kept))
                    if seen:
                        seen.update(kept)
                    offset += len(kept)
                    kept.clear()
                if not seen and offset - sure >= STEP:
                    await run_in_threadpool(_sure, file)
                    if not await run_in_threadpool(uploads.stored, engine, row.id, row.holder, offset, LASTS_MS):
                        return Came(sure)
                    sure = offset
            ended = True
        except Broken:
            pass
        if seen and checksum:
            seen.update(kept)
            if not ended or seen.digest() != checksum[1]:
                return Came(row.offset, right=not ended)
        await run_in_threadpool(file.write, bytes(kept))
        await run_in_threadpool(_sure, file)
        offset += len(kept)
        if await run_in_threadpool(uploads.stored, engine, row.id, row.holder, offset, LASTS_MS):
            sure = offset
    return Came(sure)


async def _next(pieces: AsyncIterator[bytes], stop: asyncio.Event) -> bytes | None:
    """What comes next; None at the end. Raises Broken."""

    async def one() -> bytes | None:
        async for piece in pieces:
            return piece
        return None

    coming, stopping = asyncio.ensure_future(one()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({coming, stopping}, timeout=SILENT_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not coming.done():
            coming.cancel()
    if not coming.done():
        raise Broken
    try:
        return coming.result()
    except ClientDisconnect:
        raise Broken from None


def settle(engine: Database, store: Store, path: Path, row: UploadRow) -> UploadRow:
    """The upload, in the store when all of it has arrived. May be called again after a crash at any point."""
    if row.state != "open" or row.offset < row.length:
        return row
    digest = row.digest
    if digest is None:
        digest = digest_of_file(path)
        uploads.whole(engine, row.id, digest)
    if path.exists():
        store.take_file(path, row.suffix)
    uploads.finish(engine, row.id, LASTS_MS)
    return uploads.find(engine, row.id) or row


def has_room(folder: Path, length: int) -> bool:
    """Does the disk take so much more, with room to spare?"""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free > length + SPARE


def begin(folder: Path, upload_id: str) -> None:
    """The empty file of a new upload."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / upload_id).touch()


def tidy(engine: Database, folder: Path) -> None:
    """Delete the files of uploads that have ended."""
    for upload_id in uploads.ended(engine):
        (folder / upload_id).unlink(missing_ok=True)


def _opened(path: Path, offset: int) -> BufferedRandom:
    """The file, cut to what is sure: what a crash left beyond it was never said to be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(offset)
    file.seek(offset)
    return file


def _sure(file: BufferedRandom) -> None:
    file.flush()
    os.fsync(file.fileno())
