"""Runs as they go in and out of the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from repurpose.db.orders import OrderRow, OrderState
from repurpose.web.api.shapes.events import SpanShape
from repurpose.web.api.shapes.fields import At, Wish


class RunWish(Wish):
    """Make everything, or only some cuts."""

    cuts: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")], ...],
        Field(max_length=50, description="the package then holds these alone"),
    ] = ()
    keep: Annotated[
        tuple[SpanShape, ...],
        Field(max_length=50, description="stretches that versions must have from now on, beside those chosen before"),
    ] = ()


class RunShape(BaseModel):
    """One time an event was worked on."""

    id: str
    event: str
    state: OrderState
    cuts: tuple[str, ...]
    stopping: bool = Field(description="it was asked to stop and has not yet")
    why: str = Field(description="failed: the reason")
    created: At
    began: int | None
    ended: int | None

    @classmethod
    def of(cls, row: OrderRow) -> RunShape:
        stopping = row.cancel is not None and row.state == "working"
        return cls(
            id=row.id, event=row.event_id, state=row.state, cuts=row.cuts, stopping=stopping, why=row.why,
            created=row.created, began=row.began, ended=row.ended,
        )  # fmt: skip


class JobShape(BaseModel):
    """One step of a run."""

    stage: str
    variant: str
    state: str
    fraction: float = Field(description="0 to 1")
    why: str = ""


class ProgressShape(BaseModel):
    """How a run stands: what changed in its steps since the event before."""

    state: OrderState
    fraction: float = Field(description="0 to 1, by the expected work of each step")
    jobs: tuple[JobShape, ...] = ()
    why: str = ""
