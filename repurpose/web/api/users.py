"""Accounts of people, their invitations, and what was done by whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from repurpose.db import access, audit
from repurpose.db.session import together
from repurpose.web.accounts import INVITED_MS, entry_link
from repurpose.web.api.paging import Limit, Match, paged, read, seen, there, version
from repurpose.web.api.shapes.access import AuditShape, NewUser, UserChange, UserShape, UserWish
from repurpose.web.api.shapes.fields import UserId
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Admin, client_of, public_base

router = APIRouter(tags=["access"])


class UserPage(BaseModel):
    """Accounts, in the order of their ids."""

    items: list[UserShape]
    next: str | None


class AuditPage(BaseModel):
    """What was done, the latest first."""

    items: list[AuditShape]
    next: int | None


@router.get("/users", response_model=UserPage)
def list_users(
    request: Request,
    asker: Admin,
    limit: Limit = 50,
    after: Annotated[str, Query(pattern="^(us_[a-z2-7]{20})?$", description="`next` of the page before")] = "",
) -> Response:
    """Accounts, in the order of their ids."""
    rows = access.all_users(request.app.state.engine, after, limit + 1)
    items, onward = paged(rows, limit, lambda row: row.id)
    return read(request, UserPage(items=[UserShape.of(row) for row in items], next=onward))


@router.post("/users", status_code=201, response_model=NewUser, responses=documented(409, 413))
def create_user(request: Request, wish: UserWish, asker: Admin) -> Response:
    """A new account, and the link by which its owner sets a password: told once, good for seven days."""
    engine = request.app.state.engine
    with together(engine):
        row = access.add_user(engine, wish.email, wish.name, wish.role)
        link = entry_link(engine, public_base(request), "invite", row.role, INVITED_MS, row.id)
        audit.note(engine, asker.id, "user.create", row.id, client_of(request), role=row.role)
    return _told(row, link, 201)


@router.get("/users/{user_id}", response_model=UserShape, responses=documented(404))
def get_user(request: Request, user_id: UserId, asker: Admin) -> Response:
    """One account."""
    row = there(access.user(request.app.state.engine, user_id), "account")
    return read(request, UserShape.of(row), version(row.updated))


@router.patch("/users/{user_id}", response_model=UserShape, responses=documented(404, 412, 413))
def change_user(request: Request, user_id: UserId, wish: UserChange, asker: Admin, match: Match = None) -> Response:
    """Change what is given. With another role, or disabled, they are signed out everywhere."""
    engine = request.app.state.engine
    with together(engine):
        there(access.user(engine, user_id), "account")
        given = wish.model_dump(exclude_none=True)
        row = access.change_user(engine, user_id, seen(match), **given)
        if row is None:
            raise Problem("changed")
        audit.note(engine, asker.id, "user.change", user_id, client_of(request), **given)
    return JSONResponse(UserShape.of(row).model_dump(mode="json"), headers=version(row.updated))


@router.post("/users/{user_id}/invitation", status_code=201, response_model=NewUser, responses=documented(404))
def invite_user(request: Request, user_id: UserId, asker: Admin) -> Response:
    """A new link by which the account's owner sets a password; the one before no longer works."""
    engine = request.app.state.engine
    with together(engine):
        row = there(access.user(engine, user_id), "account")
        purpose: access.Purpose = "reset" if row.password else "invite"
        link = entry_link(engine, public_base(request), purpose, row.role, INVITED_MS, user_id)
        audit.note(engine, asker.id, "user.invite", user_id, client_of(request))
    return _told(row, link, 201)


@router.get("/audit", response_model=AuditPage)
def read_audit(
    request: Request,
    asker: Admin,
    about: Annotated[str, Query(pattern="^[0-9A-Za-z_]{0,80}$", description="only what was done to this id")] = "",
    limit: Limit = 50,
    after: Annotated[int | None, Query(ge=1, lt=1 << 53, description="`next` of the page before")] = None,
) -> Response:
    """What was done, the latest first."""
    rows = audit.noted(request.app.state.engine, after, about, limit + 1)
    items, onward = paged(rows, limit, lambda row: row.id)
    return read(request, AuditPage(items=[AuditShape.of(row) for row in items], next=onward))


def _told(row: access.UserRow, link: str, status: int) -> Response:
    made = NewUser(invitation=link, **UserShape.of(row).model_dump())
    return JSONResponse(made.model_dump(mode="json"), status, NO_STORE)
