"""Keys, accounts and what was done with them, as they go in and out of the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from repurpose.db.access import KeyRow, Role, Scope, UserRow
from repurpose.db.audit import AuditRow
from repurpose.web.api.shapes.fields import At, Line, Mail, Wish


class KeyWish(Wish):
    """A new key for a program."""

    name: Annotated[Line, Field(min_length=1, max_length=100)]
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=3650)] | None = Field(None, description="how long it is good for")


class KeyShape(BaseModel):
    """A key for a program; the key itself is told once, when it is made."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: At
    by: str
    expires: int | None
    used: int | None
    revoked: int | None

    @classmethod
    def of(cls, row: KeyRow) -> KeyShape:
        return cls.model_validate({name: value for name, value in row.__dict__.items() if name != "hash"})


class NewKey(KeyShape):
    """A key that was just made."""

    key: str


class UserWish(Wish):
    """A new account."""

    email: Mail
    name: Annotated[Line, Field(min_length=1, max_length=100)]
    role: Role


class UserChange(Wish):
    """What is to be different; what is left out stays."""

    name: Annotated[Line, Field(min_length=1, max_length=100)] | None = None
    role: Role | None = None
    state: Literal["active", "disabled"] | None = None


class UserShape(BaseModel):
    """An account."""

    id: str
    email: str
    name: str
    role: Role
    state: Literal["active", "disabled"]
    created: At
    updated: At
    seen: int | None

    @classmethod
    def of(cls, row: UserRow) -> UserShape:
        hidden = ("password", "person_id")
        return cls.model_validate({name: value for name, value in row.__dict__.items() if name not in hidden})


class NewUser(UserShape):
    """An account that was just made, with the link by which its owner sets a password."""

    invitation: str


class MeShape(BaseModel):
    """Who asks."""

    id: str
    name: str
    role: Role | None
    scopes: tuple[Scope, ...]
    csrf: str = Field(description="a browser session sends it as X-CSRF-Token with every change; empty for a key")


class AuditShape(BaseModel):
    """One thing that was done."""

    id: int
    at: At
    actor: str
    action: str
    object: str
    address: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, row: AuditRow) -> AuditShape:
        return cls.model_validate(row.__dict__)
