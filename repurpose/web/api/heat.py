"""What was watched: second by second of an event's recording and of each version; and the token for players elsewhere."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from repurpose.db import assets, audit, events
from repurpose.db.films import films_of
from repurpose.pipeline.watched import watched_of
from repurpose.track.heat import heat_of, heat_of_visitor
from repurpose.track.token import LASTS_S, ViewToken
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import read, there
from repurpose.web.problems import Problem, documented
from repurpose.web.viewing import view_token
from repurpose.web.who import Publisher, Reader, Seller, client_of, public_base

router = APIRouter(tags=["views"])
EventId = Annotated[str, Path(pattern="^ev_[a-z2-7]{20}$")]
AssetId = Annotated[str, Path(pattern="^as_[a-z2-7]{20}$")]
VISITOR = r"^[vdo][A-Za-z0-9_-]{22}$"


class HotShape(BaseModel):
    """A place that was watched more than others."""

    start: int = Field(description="ms of the recording")
    end: int
    plays: float = Field(description="how often each of its seconds was watched")
    again: float = Field(description="how often by one who had seen it already, as a share of them")
    text: str = Field(description="what is said there")


class ProposalShape(BaseModel):
    """A short cut that viewers ask for. To have it made, start a run with `keep` [{start, end}]: the longer
    versions around it will have it too."""

    start: int = Field(description="ms of the recording, at the beginning of a sentence")
    end: int = Field(description="and at the end of one")
    cut: str
    hot_start: int = Field(description="ms of the recording: what was watched so often")
    hot_end: int
    plays: float = Field(description="how often each of its seconds was watched")
    times: float = Field(description="how much more that is than usual in this recording")
    again: float = Field(description="how often by one who had seen it already, as a share of them")
    text: str = Field(description="the sentence in it that was watched most")


class WatchedShape(BaseModel):
    """What one version was watched by viewers; bots and staff are left out."""

    asset: str
    path: str
    loads: int = Field(description="how often it stood in a page")
    plays: int
    views: int = Field(description="10 seconds or half of it, whichever is less, each second counted once")
    halves: int
    completes: int = Field(description="95 % of its seconds, each counted once")
    viewers: int = Field(description="visitors with a view; one without consent is another one the next day")
    watch_ms: int = Field(description="of content in sight, what was watched again counted again")
    hidden_ms: int = Field(description="played while nobody could see it")


class TotalShape(BaseModel):
    """What a platform says it counted; nothing above contains it."""

    platform: str
    asset: str = Field(description="empty: of the event as a whole")
    date: str
    views: int
    numbers: dict[str, int]


class HeatShape(BaseModel):
    """The heat of a recording: all its versions together, each second where the recording has it."""

    event: str
    duration_ms: int
    viewers: int
    plays: list[int] = Field(description="how often each second was watched")
    seen: list[int] = Field(description="by how many visitors, by whichever versions")
    hot: list[HotShape]
    proposals: list[ProposalShape]
    assets: list[WatchedShape]
    totals: list[TotalShape]
    fates: dict[str, int] = Field(description="what became of the events that players sent; they add up to `received`")


class AssetHeatShape(BaseModel):
    """The heat of one version, on its own clock."""

    asset: str
    event: str
    duration_ms: int
    plays: list[int] = Field(description="how often each second was watched")
    seen: list[int] = Field(description="by how many players, each counted once")


class VisitorHeatShape(BaseModel):
    """What one visitor saw of the recording, by whichever versions."""

    event: str
    visitor: str
    seen: list[bool]


class TokenWish(BaseModel):
    """A player elsewhere: where it stands."""

    model_config = ConfigDict(extra="forbid")

    channel: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = "embed"
    link: Annotated[str, Field(pattern="^([0-9A-Za-z]{12})?$")] = ""
    hint: Annotated[
        str, Field(pattern="^[A-Za-z0-9_.-]{0,64}$", description="whom it is made for, in your own terms")
    ] = ""


class TokenShape(BaseModel):
    """A view token: what a player sends with what it counted."""

    token: str
    asset: str
    post: str = Field(description="where batches go")
    script: str = Field(description="the beacon, for a script tag")
    expires: int = Field(description="milliseconds since 1970")


@router.get("/events/{event_id}/heat", response_model=HeatShape, responses=documented(404))
def get_heat(request: Request, event_id: EventId, asker: Reader) -> Response:
    """What was watched of the recording, by whichever versions, second by second; and of each version."""
    state = request.app.state
    event = there(events.find(state.engine, event_id), "event")
    watched = watched_of(state.place, event)
    return read(request, HeatShape(
        event=event_id, duration_ms=watched.length, viewers=watched.viewers, plays=watched.heat.plays.tolist(),
        seen=watched.heat.viewers.tolist(), hot=[HotShape(**vars(one)) for one in watched.hot],
        proposals=[ProposalShape(**vars(one)) for one in watched.proposals],
        assets=[
            WatchedShape(
                asset=one.asset_id, path=watched.paths.get(one.asset_id, ""), loads=one.loads, plays=one.plays,
                views=one.views, halves=one.halves, completes=one.completes, viewers=one.viewers, watch_ms=one.watch_ms,
                hidden_ms=one.hidden_ms,
            )
            for one in watched.versions
        ],
        totals=[
            TotalShape(platform=one.platform, asset=one.asset_id, date=one.date, views=one.views, numbers=one.numbers)
            for one in watched.totals
        ],
        fates=watched.fates,
    ))  # fmt: skip


@router.get("/assets/{asset_id}/heat", response_model=AssetHeatShape, responses=documented(404))
def get_asset_heat(request: Request, asset_id: AssetId, asker: Reader) -> Response:
    """What was watched of one version, on its own clock."""
    engine = request.app.state.engine
    row = there(assets.find(engine, asset_id), "asset")
    film = films_of(engine, row.event_id).get(asset_id)
    if film is None:
        raise Problem("not-found", what="film")
    heat = heat_of(engine, row.event_id, asset_id, film.length)
    made = AssetHeatShape(
        asset=asset_id,
        event=row.event_id,
        duration_ms=film.length,
        plays=heat.plays.tolist(),
        seen=heat.viewers.tolist(),
    )
    return read(request, made)


@router.get("/events/{event_id}/heat/visitor", response_model=VisitorHeatShape, responses=documented(404))
def get_visitor_heat(
    request: Request, event_id: EventId, asker: Seller, visitor: Annotated[str, Query(pattern=VISITOR)]
) -> Response:
    """Which seconds of the recording one visitor saw. Takes the scope `leads`."""
    engine = request.app.state.engine
    there(events.find(engine, event_id), "event")
    seen = heat_of_visitor(engine, event_id, visitor)
    return read(request, VisitorHeatShape(event=event_id, visitor=visitor, seen=seen))


@router.post(
    "/assets/{asset_id}/view-tokens", status_code=201, response_model=TokenShape, responses=documented(404, 409, 413)
)
def create_view_token(
    request: Request, asset_id: AssetId, wish: TokenWish, asker: Publisher, once: OnceOnly
) -> Response:
    """The token for a player that stands elsewhere. It lasts eight days: make one for each page you show."""
    engine, settings = request.app.state.engine, request.app.state.settings

    def make() -> Made:
        row = there(assets.find(engine, asset_id), "asset")
        if row.kind not in assets.FILMS:
            raise Problem("not-found", what="film")
        at = int(time.time())
        token = ViewToken(
            row.event_id, row.release_number, at, channel=wish.channel, asset=asset_id, link=wish.link, hint=wish.hint
        )
        base = public_base(request)
        audit.note(engine, asker.id, "view-token.create", asset_id, client_of(request), channel=wish.channel)
        made = TokenShape(
            token=view_token(settings, token), asset=asset_id, post=f"{base}/t/v1/batch",
            script=f"{base}/t/v1/beacon.js", expires=(at + LASTS_S) * 1000,
        )  # fmt: skip
        return Made(made, 201)

    return once.answer(make)
