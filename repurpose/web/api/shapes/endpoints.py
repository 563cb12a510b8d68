"""Endpoints and the messages to them, as they go in and out of the API."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from repurpose.db.endpoints import EndpointKind, EndpointRow, EventType
from repurpose.db.outbox import MessageRow, MessageState
from repurpose.web.api.shapes.fields import At, Line, Wish

Address = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{3,2000}$")]
Reads = Literal["zh", "en"]


class EndpointWish(Wish):
    """Something that is to be told."""

    kind: EndpointKind = "webhook"
    address: Address = Field(description="https://..., a WeCom robot's address, or a mail address")
    types: Annotated[frozenset[EventType], Field(min_length=1, description="what it hears of")]
    name: Annotated[Line, Field(max_length=100)] = ""
    language: Reads = Field("zh", description="that a WeCom group or a mail is written to in")


class EndpointChange(Wish):
    """What is to be different; what is left out stays."""

    name: Annotated[Line, Field(max_length=100)] | None = None
    types: frozenset[EventType] | None = None
    language: Reads | None = None
    state: Literal["active", "disabled"] | None = None


class EndpointShape(BaseModel):
    """Something that is told. `types` is empty for what stands on a card: it hears what is for its owner."""

    id: str
    kind: EndpointKind
    address: str = Field(description="of a WeCom robot without its key")
    name: str
    types: tuple[EventType, ...]
    language: str
    state: Literal["active", "disabled"]
    why: str = Field(description="disabled: the reason, when nobody asked for it")
    paused_until: At
    created: At
    by: str
    updated: At

    @classmethod
    def of(cls, row: EndpointRow) -> EndpointShape:
        values = {name: value for name, value in row.__dict__.items() if name != "keys"}
        if row.kind == "wecom":  # who has the key can write into the group
            values["address"] = re.sub(r"(?<=key=)[^&]+(?=[^&]{4})", "…", row.address)
        return cls.model_validate(values)


class NewSecret(EndpointShape):
    """An endpoint with the secret its messages are signed with: told once."""

    secret: str = Field(description="whsec_..., as Standard Webhooks has it; empty but for webhooks")


class MessageShape(BaseModel):
    """One message to one endpoint."""

    id: str = Field(description="webhook-id; the same each time it is sent")
    type: EventType
    state: MessageState
    attempts: int
    failed: int
    status: int | None = Field(description="of the last answer")
    why: str = Field(description="what the last failure was")
    available_at: At
    created: At
    ended: int | None
    payload: dict[str, Any]

    @classmethod
    def of(cls, row: MessageRow) -> MessageShape:
        values = {name: value for name, value in row.__dict__.items() if name in cls.model_fields}
        return cls.model_validate(values | {"payload": json.loads(row.payload)})


class AgainWish(Wish):
    """What is to be sent once more."""

    since: Annotated[int, Field(ge=0, lt=1 << 53, description="given up since then, milliseconds since 1970")] = 0


class AgainShape(BaseModel):
    """How many messages are sent once more."""

    messages: int
