"""Who is told of what happens: programs by signed webhooks, groups by WeCom robots, people by mail; and what they were told."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from repurpose.db import audit, endpoints, outbox
from repurpose.db.endpoints import EndpointRow
from repurpose.db.jobs import now
from repurpose.db.outbox import MessageState
from repurpose.db.session import together
from repurpose.notify.addresses import WECOM, checked, is_named_inside
from repurpose.notify.signature import secrets_of
from repurpose.secret import alive
from repurpose.settings import Settings
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import After, Limit, Match, cursor, paged, read, seen, there, version
from repurpose.web.api.shapes.endpoints import (
    AgainShape,
    AgainWish,
    EndpointChange,
    EndpointShape,
    EndpointWish,
    MessageShape,
    NewSecret,
)
from repurpose.web.api.shapes.fields import EndpointId, MessageId
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Admin, client_of

router = APIRouter(tags=["endpoints"])


class EndpointPage(BaseModel):
    """Endpoints, in the order of their ids."""

    items: list[EndpointShape]
    next: str | None


class MessagePage(BaseModel):
    """Messages, the newest first."""

    items: list[MessageShape]
    next: str | None


@router.get("/endpoints", response_model=EndpointPage)
def list_endpoints(
    request: Request,
    asker: Admin,
    limit: Limit = 50,
    after: Annotated[str, Query(pattern="^(en_[a-z2-7]{20})?$", description="`next` of the page before")] = "",
) -> Response:
    """Endpoints, in the order of their ids; those on cards too."""
    rows = endpoints.listed(request.app.state.engine, after, limit + 1)
    items, onward = paged(rows, limit, lambda row: row.id)
    return read(request, EndpointPage(items=[EndpointShape.of(row) for row in items], next=onward))


@router.post("/endpoints", status_code=201, response_model=NewSecret, responses=documented(409, 413))
def create_endpoint(request: Request, wish: EndpointWish, asker: Admin) -> Response:
    """Have something told from now on. Its secret is told in this answer and never again, so no Idempotency-Key can bring it back."""
    state = request.app.state
    _may_be_told(wish, state.settings)
    with together(state.engine):
        row = endpoints.add(
            state.engine, wish.kind, wish.address, types=wish.types, name=wish.name, language=wish.language, by=asker.id
        )
        audit.note(state.engine, asker.id, "endpoint.make", row.id, client_of(request), kind=row.kind)
    return _told(request, row, 201)


@router.get("/endpoints/{endpoint_id}", response_model=EndpointShape, responses=documented(404))
def get_endpoint(request: Request, endpoint_id: EndpointId, asker: Admin) -> Response:
    """One endpoint."""
    row = there(endpoints.find(request.app.state.engine, endpoint_id), "endpoint")
    return read(request, EndpointShape.of(row), version(row.updated))


@router.patch("/endpoints/{endpoint_id}", response_model=EndpointShape, responses=documented(404, 412, 413))
def change_endpoint(
    request: Request, endpoint_id: EndpointId, wish: EndpointChange, asker: Admin, match: Match = None
) -> Response:
    """Change what is given. One that is made active again gets what waited for it."""
    engine = request.app.state.engine
    with together(engine):
        there(endpoints.find(engine, endpoint_id), "endpoint")
        given = wish.model_dump(exclude_none=True)
        row = endpoints.change(engine, endpoint_id, seen=seen(match), **given)
        if row is None:
            raise Problem("changed")
        audit.note(engine, asker.id, "endpoint.change", endpoint_id, client_of(request), fields=sorted(given))
    return JSONResponse(EndpointShape.of(row).model_dump(mode="json"), headers=version(row.updated))


@router.delete("/endpoints/{endpoint_id}", response_model=EndpointShape, responses=documented(404))
def delete_endpoint(request: Request, endpoint_id: EndpointId, asker: Admin) -> Response:
    """It is told nothing more, and what it was told is forgotten."""
    engine = request.app.state.engine
    with together(engine):
        row = there(endpoints.find(engine, endpoint_id), "endpoint")
        endpoints.remove(engine, endpoint_id)
        audit.note(engine, asker.id, "endpoint.delete", endpoint_id, client_of(request))
    return JSONResponse(EndpointShape.of(row).model_dump(mode="json"))


@router.post("/endpoints/{endpoint_id}/secret", status_code=201, response_model=NewSecret, responses=documented(404))
def renew_secret(request: Request, endpoint_id: EndpointId, asker: Admin) -> Response:
    """A new secret, told once. For a day messages are signed with the one before it too: receivers change in their own time."""
    engine = request.app.state.engine
    with together(engine):
        row = there(endpoints.renew(engine, endpoint_id), "endpoint")
        audit.note(engine, asker.id, "endpoint.secret", endpoint_id, client_of(request))
    return _told(request, row, 201)


@router.get("/endpoints/{endpoint_id}/messages", response_model=MessagePage, responses=documented(404))
def list_messages(
    request: Request,
    endpoint_id: EndpointId,
    asker: Admin,
    state: Annotated[MessageState | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """What it was and will be told, the newest first; what has ended is kept for 30 days."""
    engine = request.app.state.engine
    there(endpoints.find(engine, endpoint_id), "endpoint")
    rows = outbox.listed(engine, endpoint_id, state=state, limit=limit + 1, after=cursor(after))
    items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
    return read(request, MessagePage(items=[MessageShape.of(row) for row in items], next=onward))


@router.post("/endpoints/{endpoint_id}/replay", response_model=AgainShape, responses=documented(404, 409, 413))
def replay_messages(
    request: Request, endpoint_id: EndpointId, wish: AgainWish, asker: Admin, once: OnceOnly
) -> Response:
    """Send once more what was given up, since a moment or ever."""
    return _again(request, endpoint_id, asker.id, once, since=wish.since)


@router.post(
    "/endpoints/{endpoint_id}/messages/{message_id}/replay",
    response_model=AgainShape,
    responses=documented(404, 409),
)
def replay_message(
    request: Request, endpoint_id: EndpointId, message_id: MessageId, asker: Admin, once: OnceOnly
) -> Response:
    """Send one message once more, as it was and under its id, whether it arrived or not."""
    row = outbox.find(request.app.state.engine, message_id)
    there(row if row and row.endpoint_id == endpoint_id else None, "message")
    return _again(request, endpoint_id, asker.id, once, message_id=message_id)


def _again(
    request: Request, endpoint_id: str, by: str, once: OnceOnly, *, message_id: str = "", since: int = 0
) -> Response:
    engine = request.app.state.engine

    def make() -> Made:
        there(endpoints.find(engine, endpoint_id), "endpoint")
        many = outbox.again(engine, endpoint_id, message_id=message_id, since=since)
        audit.note(engine, by, "endpoint.replay", message_id or endpoint_id, client_of(request), messages=many)
        return Made(AgainShape(messages=many))

    return once.answer(make)


def _may_be_told(wish: EndpointWish, settings: Settings) -> None:
    """Raise UserError for an address of another kind, or one that may not be reached."""
    if wish.kind == "mail":
        if not re.fullmatch(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,180}\.[^@\s<>\".]{2,63}", wish.address):
            raise Problem("refused", why="The address must be a mail address, such as sales@example.com.")
        return
    parts = checked(wish.address, settings.webhook_inside)
    if wish.kind == "wecom" and parts.hostname != WECOM and not is_named_inside(parts, settings.webhook_inside):
        raise Problem("refused", why=f"A WeCom robot is at https://{WECOM}/cgi-bin/webhook/send?key=...")


def _told(request: Request, row: EndpointRow, status: int) -> Response:
    secrets = secrets_of(row.id, row.keys, alive(request.app.state.settings), now())
    made = NewSecret(secret=secrets[0] if row.kind == "webhook" else "", **EndpointShape.of(row).model_dump())
    return JSONResponse(made.model_dump(mode="json"), status, NO_STORE)
