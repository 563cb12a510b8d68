"""Assets: the files of a release, each version under its own id for good."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import assets, events
from repurpose.db.assets import STREAM, AssetRow
from repurpose.db.events import EventRow
from repurpose.models.streams import MASTER
from repurpose.settings import Settings
from repurpose.web.api.paging import read, there
from repurpose.web.api.shapes.fields import AssetId, EventId
from repurpose.web.api.shapes.released import AssetShape
from repurpose.web.media import file_name, file_response
from repurpose.web.problems import documented
from repurpose.web.signing import media_url, stream_url
from repurpose.web.who import Reader, public_base

router = APIRouter(tags=["assets"])
FILE = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


class AssetList(BaseModel):
    """All files of one release."""

    event: str
    release: int | None
    items: list[AssetShape]


@router.get("/events/{event_id}/assets", response_model=AssetList, responses=documented(404))
def list_assets(
    request: Request,
    event_id: EventId,
    asker: Reader,
    release: Annotated[int | None, Query(ge=1, lt=1 << 31, description="else the one that is shown")] = None,
) -> Response:
    """The files of a release, in the package's order; the recording's own film comes last. Empty before the first release."""
    state = request.app.state
    event = there(events.find(state.engine, event_id), "event")
    number = release or event.release
    rows = assets.of_release(state.engine, event_id, number) if number else []
    base = public_base(request)
    made = AssetList(event=event_id, release=number, items=[shape(row, event, state.settings, base) for row in rows])
    return read(request, made)


@router.get("/assets/{asset_id}", response_model=AssetShape, responses=documented(404))
def get_asset(request: Request, asset_id: AssetId, asker: Reader) -> Response:
    """One file, in the version that this id stands for."""
    state = request.app.state
    found = there(assets.standing(state.engine, asset_id), "asset")
    return read(request, shape(found.asset, found.event, state.settings, public_base(request), kept=found.kept))


@router.get(
    "/assets/{asset_id}/content",
    response_class=Response,
    responses=documented(404, 416)
    | {200: {"description": "the file"} | FILE, 206: {"description": "the range asked for"} | FILE},
)
def get_content(request: Request, asset_id: AssetId, asker: Reader) -> Response:
    """The file itself, in ranges if asked; also of an event that is not published."""
    found = there(assets.standing(request.app.state.engine, asset_id), "asset")
    return file_response(request, request.app.state.place.store, found.asset, download=True)


def shape(row: AssetRow, event: EventRow, settings: Settings, base: str, *, kept: bool = True) -> AssetShape:
    """The asset as the API tells of it."""
    link = stream_url if row.kind == STREAM and file_name(row) == MASTER else media_url
    url = base + link(row.id, file_name(row), settings) if kept and event.state == "published" else None
    return AssetShape(
        id=row.id, event=row.event_id, path=row.path, kind=row.kind, cut=row.cut, take=row.take, render=row.render,
        language=row.language, bytes=row.file.size, sha256=row.file.digest, width=row.width, height=row.height,
        duration_ms=row.duration_ms, spans=tuple(map(list, row.spans)), intro_ms=row.intro_ms, outro_ms=row.outro_ms, url=url,
        content=f"{base}/api/v1/assets/{row.id}/content",
    )  # fmt: skip
