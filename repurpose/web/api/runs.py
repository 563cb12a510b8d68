"""Runs: started, watched, stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from repurpose.db import audit, events, orders
from repurpose.db.orders import OPEN, OrderRow
from repurpose.pipeline.run import Run
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load
from repurpose.presets.only import only
from repurpose.web.acts import begin_run, has_source
from repurpose.web.api.events import spans
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import After, Limit, cursor, paged, read, there
from repurpose.web.api.shapes.fields import EventId, EventName, RunId
from repurpose.web.api.shapes.runs import JobShape, ProgressShape, RunShape, RunWish
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Editor, Reader, client_of

router = APIRouter(tags=["runs"])
LOOK_S = 0.5  # between two looks at a run that is watched
WATCHERS = 50  # streams at a time


class RunPage(BaseModel):
    """Runs, the newest first."""

    items: list[RunShape]
    next: str | None


@router.post("/events/{event_id}/runs", status_code=202, response_model=RunShape, responses=documented(404, 409, 413))
def start_run(request: Request, event_id: EventId, wish: RunWish, asker: Editor, once: OnceOnly) -> Response:
    """Make everything of the event's recordings. What was made before is not made again."""
    state = request.app.state
    event = there(events.find(state.engine, event_id), "event")
    only(load(state.settings.presets), wish.cuts)  # says which cut there is not
    if not has_source(state.place, event):
        raise Problem("refused", why="The event has no recording yet. Hand one in first.")

    kept = spans(wish.keep, "keep")

    def make() -> Made:
        row = begin_run(request, event, wish.cuts, kept, asker.id)
        return Made(RunShape.of(row), 202, {"location": f"/api/v1/runs/{row.id}"})

    answer = once.answer(make)
    state.runner.call()
    return answer


@router.get("/runs", response_model=RunPage)
def list_runs(
    request: Request,
    asker: Reader,
    event: Annotated[EventName | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Runs, the newest first."""
    rows = orders.listed(request.app.state.engine, event_id=event, limit=limit + 1, after=cursor(after))
    items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
    return read(request, RunPage(items=[RunShape.of(row) for row in items], next=onward))


@router.get("/runs/{run_id}", response_model=RunShape, responses=documented(404))
def get_run(request: Request, run_id: RunId, asker: Reader) -> Response:
    """How the run stands."""
    return read(request, RunShape.of(there(orders.find(request.app.state.engine, run_id), "run")))


@router.post("/runs/{run_id}/cancel", status_code=202, response_model=RunShape, responses=documented(404, 409))
def cancel_run(request: Request, run_id: RunId, asker: Editor, once: OnceOnly) -> Response:
    """Ask the run to stop, which it does within seconds. What is finished is kept."""
    engine = request.app.state.engine

    def make() -> Made:
        row = there(orders.cancel(engine, run_id), "run")
        audit.note(engine, asker.id, "run.cancel", run_id, client_of(request))
        return Made(RunShape.of(row), 202)

    return once.answer(make)


def watched(request: Request, run_id: RunId, asker: Reader) -> OrderRow:
    """The run that is to be watched, before its stream begins. Raises Problem: 404, and 503 when too many watch."""
    if request.app.state.watchers >= WATCHERS:
        raise Problem("busy", {"Retry-After": "10"})
    return there(orders.find(request.app.state.engine, run_id), "run")


@router.get(
    "/runs/{run_id}/progress",
    response_class=EventSourceResponse,
    responses=documented(404, 503) | {
        200: {"description": "`progress` events, each a ProgressShape, until one whose state is no longer open",
              "content": {"text/event-stream": {"schema": {"type": "string"}}}}
    },
)  # fmt: skip
async def watch_run(request: Request, row: Annotated[OrderRow, Depends(watched)]) -> AsyncIterator[ServerSentEvent]:
    """The run's progress as it happens (Server-Sent Events). The first event tells of every step, the next of changes."""
    state = request.app.state
    state.watchers += 1
    try:
        async for progress in _watched(state.place, row):
            yield ServerSentEvent(event="progress", data=progress.model_dump(mode="json"))
    finally:
        state.watchers -= 1


async def _watched(place: Workplace, row: OrderRow | None) -> AsyncIterator[ProgressShape]:
    watch = Watch(place)
    told: ProgressShape | None = None
    while row is not None:
        progress = await run_in_threadpool(watch.look, row)
        if told is None or progress.jobs or (progress.state, progress.fraction) != (told.state, told.fraction):
            told = progress
            yield progress
        if row.state not in OPEN:
            return
        await asyncio.sleep(LOOK_S)
        row = await run_in_threadpool(orders.find, place.engine, row.id)


class Watch:
    """One watcher's memory of how a run's steps stood."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._run: Run | None = None
        self._told: dict[str, JobShape] = {}

    def look(self, row: OrderRow) -> ProgressShape:
        """How the run stands, and the steps that stand differently than at the last look."""
        if row.run is None:
            return ProgressShape(state=row.state, fraction=0.0, why=row.why)
        if self._run is None:
            self._run = Run.load(self.place, row.run)
        run = self._run
        judged, rows = run.look(), run.rows()
        changed, done, whole = [], 0.0, 0.0
        for job, one in judged.items():
            fraction = 1.0 if one.standing == "done" else rows[job].progress if one.standing == "running" else 0.0
            settled = one.standing in ("done", "skipped", "hopeless", "failed", "blocked")
            weight = run.weight(job)
            whole += weight
            done += weight * (1.0 if settled else fraction)
            shape = JobShape(
                stage=job.stage, variant=job.variant, state=one.standing, fraction=round(fraction, 3),
                why=(one.why.splitlines() or [""])[0],
            )  # fmt: skip
            if self._told.get(str(job)) != shape:
                self._told[str(job)] = shape
                changed.append(shape)
        fraction = 1.0 if row.state == "done" else round(done / whole, 3) if whole else 0.0
        return ProgressShape(state=row.state, fraction=fraction, jobs=tuple(changed), why=row.why)
