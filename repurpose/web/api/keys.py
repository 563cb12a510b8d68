"""Who asks, and the keys of programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from repurpose.db import access, audit
from repurpose.db.session import together
from repurpose.web.api.paging import Limit, paged, read, there
from repurpose.web.api.shapes.access import KeyShape, KeyWish, MeShape, NewKey
from repurpose.web.api.shapes.fields import KeyId
from repurpose.web.held import NO_STORE
from repurpose.web.problems import documented
from repurpose.web.who import Admin, Principal, client_of, new_key, who

router = APIRouter(tags=["access"])


class KeyPage(BaseModel):
    """Keys, in the order of their ids."""

    items: list[KeyShape]
    next: str | None


@router.get("/me", response_model=MeShape)
def get_me(request: Request, found: Annotated[Principal, Depends(who)]) -> Response:
    """Who asks, and what they may do."""
    scopes = tuple(scope for scope in access.SCOPES if scope in found.scopes)
    return read(request, MeShape(id=found.id, name=found.name, role=found.role, scopes=scopes, csrf=found.csrf))


@router.get("/keys", response_model=KeyPage)
def list_keys(
    request: Request,
    asker: Admin,
    limit: Limit = 50,
    after: Annotated[str, Query(pattern="^(ke_[a-z2-7]{20})?$", description="`next` of the page before")] = "",
) -> Response:
    """Keys, in the order of their ids; revoked ones too."""
    rows = access.all_keys(request.app.state.engine, after, limit + 1)
    items, onward = paged(rows, limit, lambda row: row.id)
    return read(request, KeyPage(items=[KeyShape.of(row) for row in items], next=onward))


@router.post("/keys", status_code=201, response_model=NewKey, responses=documented(413))
def create_key(request: Request, wish: KeyWish, asker: Admin) -> Response:
    """A new key. It is told in this answer and never again, so no Idempotency-Key can bring it back."""
    engine = request.app.state.engine
    with together(engine):
        row, given = new_key(engine, wish.name, wish.scopes, asker.id, wish.days)
        audit.note(engine, asker.id, "key.make", row.id, client_of(request), scopes=list(row.scopes))
    made = NewKey(key=given, **KeyShape.of(row).model_dump())
    return JSONResponse(made.model_dump(mode="json"), 201, NO_STORE)


@router.delete("/keys/{key_id}", response_model=KeyShape, responses=documented(404))
def revoke_key(request: Request, key_id: KeyId, asker: Admin) -> Response:
    """From now on it opens nothing."""
    engine = request.app.state.engine
    with together(engine):
        row = there(access.revoke_key(engine, key_id), "key")
        audit.note(engine, asker.id, "key.revoke", key_id, client_of(request))
    return JSONResponse(KeyShape.of(row).model_dump(mode="json"))
