"""`/m/<asset id>/<file name>`: the files a release hands out, in ranges, to who holds a link or to all by the event's choice."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from repurpose.db.assets import AssetRow, standing
from repurpose.errors import StoreError
from repurpose.models import Blob
from repurpose.store import Store
from repurpose.web.held import NO_STORE, is_held
from repurpose.web.problems import Problem
from repurpose.web.signing import may_fetch

media = APIRouter(include_in_schema=False)
ID = re.compile("as_[0-9a-z]{20}")
TYPES = {  # by suffix: the system's own list differs from machine to machine
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".mkv": "video/x-matroska",
    ".gif": "image/gif", ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".vtt": "text/vtt",
    ".srt": "application/x-subrip", ".json": "application/json", ".md": "text/markdown", ".txt": "text/plain",
    ".m3u8": "application/vnd.apple.mpegurl", ".html": "text/html", ".pdf": "application/pdf", ".otio": "application/json",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
SHOWN = {
    ".mp4",
    ".m4v",
    ".mov",
    ".webm",
    ".gif",
    ".jpg",
    ".png",
    ".webp",
    ".vtt",
    ".m3u8",
}  # in a page; the rest is to be kept
ALONE = {  # a file never acts as a page of this site, and may be shown by the pages that embed it
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}


@media.api_route("/m/{asset_id}/{name}", methods=["GET", "HEAD"])
def file(
    request: Request,
    asset_id: str,
    name: str,
    e: Annotated[str, Query(max_length=20)] = "",
    s: Annotated[str, Query(max_length=100)] = "",
    download: bool = False,
) -> Response:
    """The file of a published event's asset. 403 for a link that is not ours or has ended, 410 for what was withdrawn."""
    state = request.app.state
    signed = may_fetch(asset_id, name, e, s, state.settings)
    found = standing(state.engine, asset_id) if ID.fullmatch(asset_id) else None
    if found is None or file_name(found.asset) != name or found.event.state == "draft":
        raise Problem("not-found", what="file")
    if not (signed or found.free):
        raise Problem("link-ended")
    if not found.open:
        raise Problem("gone", NO_STORE)
    return file_response(request, state.place.store, found.asset, download=download)


def file_name(asset: AssetRow) -> str:
    """The last part of an asset's path: how its address and the file a reader keeps are called."""
    return PurePosixPath(asset.path).name


def file_response(request: Request, store: Store, asset: AssetRow, *, download: bool = False) -> Response:
    """The asset's file or the range asked for; 304 when the browser has it. Shown in the page where it can be."""
    return blob_response(request, store, asset.file, file_name(asset), download=download)


def blob_response(request: Request, store: Store, blob: Blob, name: str, *, download: bool = False) -> Response:
    """The same of a file of the store, under this name."""
    tag = f'"{blob.digest}"'
    held = {"etag": tag, "cache-control": "private, max-age=3600"} | ALONE
    if is_held(request, tag):
        return Response(status_code=304, headers=held)
    try:
        path = store.path(blob)
    except StoreError:
        raise Problem("not-found", what="file") from None
    shown = blob.suffix in SHOWN and not download
    return FileResponse(
        path,
        headers=held,
        media_type=TYPES.get(blob.suffix, "application/octet-stream"),
        filename=name,
        content_disposition_type="inline" if shown else "attachment",
    )
