"""Doing one job: claim its row, call the function in a scratch folder, store what it made, settle the row."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from repurpose.context import Context
from repurpose.db import jobs as rows
from repurpose.db.jobs import Claim, Settled
from repurpose.db.session import Database
from repurpose.errors import Cancelled, NothingFits, RepurposeError, UserError
from repurpose.models import Model
from repurpose.pipeline.memory import give_back
from repurpose.pipeline.stage import Job, Stage, function_of, parameters_of
from repurpose.pipeline.workplace import Workplace

BEAT_S = 1.0  # progress is written at most this often
RENEW_S = 10.0  # and the lease renewed at least this often, a sixth of its length


@dataclass(frozen=True)
class Work:
    """A job with all it takes to do it, whoever does it and wherever."""

    run: str
    began: int
    job: Job
    stage: Stage
    key: str
    inputs: Mapping[str, str | dict[str, str] | None]  # digests, read from the store when the work starts
    given: Mapping[str, Model]  # presets and what the runner tells


@dataclass(frozen=True)
class Ended:
    """How a job ended under our hands. `state` is None when we did not get it, or lost it to another meanwhile."""

    job: Job
    state: Settled | None
    why: str = ""
    seconds: float = 0.0
    error: BaseException | None = None


def perform(
    place: Workplace,
    work: Work,
    progress: Callable[[float], None] = lambda done: None,
    check: Callable[[], None] = lambda: None,
) -> Ended:
    """Do one job, if nobody else has it. Whatever goes wrong is written to its row and told in `error`, never raised,
    but for what ends the process (KeyboardInterrupt, SystemExit)."""
    held = rows.claim(
        place.engine, work.key, run=work.run, stage=work.job.stage, variant=work.job.variant,
        worker=place.presence.worker, began=work.began,
    )  # fmt: skip
    if held is None:
        return Ended(work.job, None)
    scratch = place.presence.scratch / f"{work.key[:16]}-{held.attempt}"
    scratch.mkdir()
    began = rows.now()
    error: BaseException | None = None
    output, why = None, ""
    state: Settled = "failed"
    try:
        progress(0.0)
        with Heart(place.engine, held, progress, check) as heart:
            ctx = Context(scratch, place.store, heart.progress, heart.check, place.threads)
            output = place.store.put(made(place, work, ctx))
        state = "done"
    except NothingFits as reason:
        state, why, error = "skipped", str(reason), reason
    except Cancelled as stopped:
        state, error = "cancelled", stopped
    except RepurposeError as fault:
        why, error = str(fault), fault
    except BaseException as fault:  # a mistake of ours: the row must not stay claimed, and other branches go on
        if not isinstance(fault, Exception):  # the process is ending
            state = "cancelled"
            raise
        error = _full_disk(place) if isinstance(fault, OSError) and fault.errno == errno.ENOSPC else fault
        why = str(error) if error is not fault else f"{type(fault).__name__}: {fault}"
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        give_back()
        ours = rows.settle(place.engine, held, state, output=output if state == "done" else None, reason=why)
        if state not in ("done", "skipped") or not ours:
            place.presence.litter()
    return Ended(work.job, state if ours else None, why, (rows.now() - began) / 1000, error)


def made(place: Workplace, work: Work, ctx: Context) -> Model:
    """What the job's function makes of its inputs; written nowhere."""
    result: Model = function_of(work.stage)(**_values(place, work), **work.given, ctx=ctx)
    return result


def _full_disk(place: Workplace) -> UserError:
    return UserError(
        f"The disk that holds {place.settings.home} is full. Free some space and run the same command again."
    )


def _values(place: Workplace, work: Work) -> dict[str, Model | dict[str, Model] | None]:
    """The artifacts behind the digests, each as the type its parameter names."""
    kinds = parameters_of(work.stage)
    values: dict[str, Model | dict[str, Model] | None] = {}
    for name, found in work.inputs.items():
        if isinstance(found, dict):
            values[name] = {variant: place.store.get(digest, kinds[name]) for variant, digest in found.items()}
        else:
            values[name] = found and place.store.get(found, kinds[name])  # type: ignore[assignment]
    return values


class Heart:
    """Beats beside the work: writes progress, renews the lease, and stops the work when the job was given to another."""

    def __init__(self, engine: Database, held: Claim, tell: Callable[[float], None], check: Callable[[], None]) -> None:
        self._engine, self._held, self._tell, self._asked = engine, held, tell, check
        self._done = 0.0
        self._stop = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._beat, name=f"heart of {held.key[:8]}", daemon=True)

    def progress(self, done: float) -> None:
        """How far the work is, 0..1; costs nothing."""
        self._done = min(1.0, max(0.0, done))

    def check(self) -> None:
        """Raise Cancelled when the user stopped the work, or it is no longer ours."""
        if self._lost:
            raise Cancelled
        self._asked()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        told, silent = 0.0, 0.0
        while not self._stop.wait(BEAT_S) and not self._lost:
            silent += BEAT_S
            if self._done != told or silent >= RENEW_S:
                told, silent = self._done, 0.0
                self._lost = not rows.beat(self._engine, self._held, told)
                self._tell(told)
