"""Resumable uploads: tus 1.0.0 with creation, expiration, checksum and termination (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import base64
import binascii
import errno
import secrets
from email.utils import formatdate
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from repurpose.db import audit, uploads
from repurpose.db.uploads import UploadRow
from repurpose.store import suffix_of
from repurpose.web.api.paging import read, there
from repurpose.web.api.shapes.fields import At, UploadId
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Editor, client_of
from repurpose.web.writing import LASTS_MS, begin, has_room, settle, take_piece, tidy

VERSION = "1.0.0"
ALGORITHMS = ("sha256", "sha1", "md5")
OPEN_AT_ONCE = 3  # uploads of the largest size that one principal may have open
router = APIRouter(tags=["uploads"])
TUS = {
    "Tus-Resumable": {"schema": {"type": "string", "const": VERSION}},
    "Upload-Offset": {"schema": {"type": "integer"}},
    "Upload-Expires": {"schema": {"type": "string"}},
}


class UploadShape(BaseModel):
    """How far an upload is. When `state` is done it can be handed in as a recording."""

    id: str
    name: str
    state: uploads.UploadState
    offset: int = Field(description="bytes that lie on the disk for sure")
    length: int
    sha256: str | None
    created: At
    expires: At


def tus(
    version: Annotated[str, Header(alias="Tus-Resumable", description="1.0.0")],
) -> None:
    """Raise Problem (412) for another version of the protocol."""
    if version != VERSION:
        raise Problem("tus-version", {"Tus-Version": VERSION})


Tus = Depends(tus)
Length = Annotated[int, Header(alias="Upload-Length", ge=0, lt=1 << 53)]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, lt=1 << 53)]
Metadata = Annotated[
    str,
    Header(
        alias="Upload-Metadata",
        max_length=4000,
        description="`key base64` pairs, apart by commas; `filename` is what it is called",
    ),
]
Checksum = Annotated[str, Header(alias="Upload-Checksum", max_length=200, description="sha256, sha1 or md5, in base64")]


@router.options("/uploads", status_code=204, responses={204: {"description": "what is understood here"}})
def describe_uploads(request: Request) -> Response:
    """The version and extensions of tus that are understood, and the largest upload."""
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration,checksum,termination",
        "Tus-Max-Size": str(request.app.state.settings.upload_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


@router.post(
    "/uploads",
    status_code=201,
    dependencies=[Tus],
    response_class=Response,
    responses=documented(412, 413, 507)
    | {201: {"description": "made: PATCH to its Location", "headers": {"Location": {"schema": {"type": "string"}}} | TUS}},
)  # fmt: skip
def create_upload(request: Request, asker: Editor, length: Length, metadata: Metadata = "") -> Response:
    """Begin an upload of this length."""
    state = request.app.state
    tidy(state.engine, state.settings.uploads)
    if length > state.settings.upload_bytes:
        raise Problem("too-large", limit=state.settings.upload_bytes)
    if uploads.held_bytes(state.engine, asker.id) + length > OPEN_AT_ONCE * state.settings.upload_bytes:
        raise Problem("too-large", limit=OPEN_AT_ONCE * state.settings.upload_bytes)
    if not has_room(state.settings.uploads, length):
        raise Problem("no-room")
    known = metadata_of(metadata)
    row = uploads.create(state.engine, asker.id, length, known, suffix_of(known.get("filename", "")), LASTS_MS)
    begin(state.settings.uploads, row.id)
    audit.note(state.engine, asker.id, "upload.create", row.id, client_of(request), bytes=length)
    row = settle(state.engine, state.place.store, state.settings.uploads / row.id, row)
    return Response(status_code=201, headers=_headers(row) | {"Location": f"/api/v1/uploads/{row.id}"})


@router.head(
    "/uploads/{upload_id}",
    dependencies=[Tus],
    response_class=Response,
    responses=documented(404, 410, 412) | {200: {"description": "how far it is", "headers": TUS}},
)
async def head_upload(request: Request, upload_id: UploadId, asker: Editor) -> Response:
    """How far it is, for sure. A request that is still writing stops: whoever asks goes on from here."""
    state = request.app.state
    await state.writers.free(upload_id)
    row = await run_in_threadpool(_mine, state, upload_id, asker.id)
    row = await run_in_threadpool(settle, state.engine, state.place.store, _place(state, row), row)
    headers = _headers(row) | NO_STORE | {"Upload-Length": str(row.length)}
    return Response(status_code=200, headers=headers)


@router.get("/uploads/{upload_id}", response_model=UploadShape, responses=documented(404, 410))
def get_upload(request: Request, upload_id: UploadId, asker: Editor) -> Response:
    """How far it is; unlike HEAD it disturbs nobody."""
    state = request.app.state
    row = _mine(state, upload_id, asker.id)
    made = UploadShape(
        id=row.id, name=row.name, state=row.state, offset=row.offset, length=row.length,
        sha256=row.digest if row.state == "done" else None, created=row.created, expires=row.expires,
    )  # fmt: skip
    return read(request, made)


@router.patch(
    "/uploads/{upload_id}",
    status_code=204,
    dependencies=[Tus],
    response_class=Response,
    responses=documented(404, 409, 410, 412, 413, 415, 460, 507)
    | {204: {"description": "so far, so good", "headers": TUS}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def patch_upload(
    request: Request, upload_id: UploadId, asker: Editor, offset: Offset, checksum: Checksum = ""
) -> Response:
    """Send on, from where it is. What arrives is kept, also when the connection breaks; with a checksum only when it is right."""
    state = request.app.state
    if request.headers.get("content-type", "") != "application/offset+octet-stream":
        raise Problem("media-type", type="application/offset+octet-stream")
    wanted = checksum_of(checksum)
    await run_in_threadpool(_mine, state, upload_id, asker.id)
    async with state.writers.writing(upload_id) as stop:
        row = there(await run_in_threadpool(uploads.hold, state.engine, upload_id, secrets.token_hex(8)), "upload")
        if row.state != "open" or row.offset != offset:
            why = f"The upload stands at {row.offset}, not at {offset}."
            raise Problem("conflict", {"Upload-Offset": str(row.offset)}, why=why)
        sent = request.headers.get("content-length", "")
        if sent.isdigit() and int(sent) > row.length - offset:
            raise Problem("too-large", limit=row.length - offset)
        pieces = request.stream().__aiter__()
        try:
            came = await take_piece(state.engine, _place(state, row), row, pieces, wanted, stop)
        except OSError as fault:
            if fault.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Problem("no-room") from None
    if not came.right:
        raise Problem("checksum", {"Upload-Offset": str(came.offset)})
    row = await run_in_threadpool(_mine, state, upload_id, asker.id)
    row = await run_in_threadpool(settle, state.engine, state.place.store, _place(state, row), row)
    return Response(status_code=204, headers=_headers(row))


@router.delete(
    "/uploads/{upload_id}",
    status_code=204,
    dependencies=[Tus],
    response_class=Response,
    responses=documented(404, 410, 412) | {204: {"description": "nothing of it is kept"}},
)
async def delete_upload(request: Request, upload_id: UploadId, asker: Editor) -> Response:
    """Give it up."""
    state = request.app.state
    await state.writers.free(upload_id)
    row = await run_in_threadpool(_mine, state, upload_id, asker.id)
    await run_in_threadpool(uploads.drop, state.engine, row.id)
    await run_in_threadpool(_place(state, row).unlink, True)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


def metadata_of(header: str) -> dict[str, str]:
    """`key base64,key base64` as a dict. Raises Problem (400) for what is not that."""
    found: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Problem("bad-request", why=f"Upload-Metadata: {key} is not base64 of UTF-8") from None
        found[key] = "".join(sign for sign in text if sign.isprintable())[:300]
    return found


def checksum_of(header: str) -> tuple[str, bytes] | None:
    """(algorithm, digest) of `sha1 base64`. Raises Problem (400) for another algorithm, or what is not base64."""
    if not header:
        return None
    name, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if name not in ALGORITHMS or not digest:
        raise Problem("bad-request", why=f"Upload-Checksum takes {', '.join(ALGORITHMS)} and base64")
    return name, digest


def _mine(state: Any, upload_id: str, asker: str) -> UploadRow:
    row = there(uploads.find(state.engine, upload_id), "upload")
    if row.principal != asker:
        raise Problem("not-found", what="upload")
    if row.state == "gone":
        raise Problem("gone")
    return row


def _place(state: Any, row: UploadRow) -> Path:
    folder: Path = state.settings.uploads
    return folder / row.id


def _headers(row: UploadRow) -> dict[str, str]:
    expires = formatdate(row.expires / 1000, usegmt=True)
    return {"Tus-Resumable": VERSION, "Upload-Offset": str(row.offset), "Upload-Expires": expires}
