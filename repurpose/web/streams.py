"""`/h/<mark>/<id of the master playlist>/<name>`: a film as HLS. The mark stands in the path: what a playlist names beside it
is asked for with the same mark, and ends with it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from repurpose.db.assets import STREAM, beside, standing
from repurpose.web.held import NO_STORE
from repurpose.web.media import ID, file_name, file_response
from repurpose.web.problems import Problem
from repurpose.web.signing import may_stream

streams = APIRouter(include_in_schema=False)


@streams.api_route("/h/{held}/{asset_id}/{name}", methods=["GET", "HEAD"])
def stream(request: Request, held: str, asset_id: str, name: str) -> Response:
    """A playlist or a rung of a published event. 403 for a mark that is not ours or has ended, 410 for what was withdrawn."""
    state = request.app.state
    found = standing(state.engine, asset_id) if ID.fullmatch(asset_id) else None
    if found is None or found.asset.kind != STREAM or found.event.state == "draft":
        raise Problem("not-found", what="file")
    file = found.asset if name == file_name(found.asset) else beside(state.engine, found.asset, name)
    if file is None or file.kind != STREAM or file_name(file) != name:
        raise Problem("not-found", what="file")
    if not (may_stream(asset_id, held, state.settings) or found.free):
        raise Problem("link-ended")
    if not found.open:
        raise Problem("gone", NO_STORE)
    return file_response(request, state.place.store, file)
