"""Search over everything said, shown and titled in what is published."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db.search import search
from repurpose.web.api.paging import read
from repurpose.web.api.shapes.fields import EventName, Line
from repurpose.web.api.shapes.released import FoundShape, HitShape
from repurpose.web.who import Reader, public_base

router = APIRouter(tags=["search"])


class SearchResult(BaseModel):
    """Events in which all the words stand, the best first."""

    items: list[FoundShape]


@router.get("/search", response_model=SearchResult)
def search_events(
    request: Request,
    asker: Reader,
    q: Annotated[Line, Query(min_length=1, max_length=200, description="words; all of them must be there")],
    event: Annotated[EventName | None, Query(description="only in this one")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Where the words stand, by event, with the second they are said at."""
    base = public_base(request)
    found = search(request.app.state.engine, q, event=event, limit=limit)
    items = [
        FoundShape(
            event=one.event_id, slug=one.slug, title=one.title, date=one.date, language=one.language, count=one.count,
            hits=tuple(
                HitShape(
                    kind=hit.kind, start=hit.start_ms, end=hit.end_ms, speaker=hit.speaker, text=hit.text,
                    marks=tuple(map(list, hit.marks)), url=f"{base}/e/{quote(one.slug)}?t={hit.start_ms // 1000}",
                )
                for hit in one.hits
            ),
        )
        for one in found
    ]  # fmt: skip
    return read(request, SearchResult(items=items))
