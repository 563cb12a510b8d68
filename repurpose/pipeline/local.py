"""A run on this machine: a small pool of threads that takes whatever is ready, so that independent stages overlap."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Literal

from repurpose.errors import Cancelled
from repurpose.pipeline.execute import Ended, Work, perform
from repurpose.pipeline.reap import reap
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.stopping import stopped_by

POLL_S = 0.5  # how often to look when another process holds what we wait for


@dataclass(frozen=True)
class Progress:
    """Something happened to a job. A job that was settled before this run is not told of."""

    job: Job
    state: Literal["running", "done", "skipped", "failed", "cancelled"]
    fraction: float = 0.0  # 0..1
    seconds: float = 0.0  # when it ended: how long it took
    why: str = ""  # skipped or failed: the reason


@dataclass
class Outcome:
    """What a run came to. It is whole when nothing failed; a job is blocked when what it is built on failed."""

    executed: list[Job] = field(default_factory=list)  # in the order they ended
    skipped: dict[Job, str] = field(default_factory=dict)  # cannot be made from this recording: job -> reason
    failed: dict[Job, str] = field(default_factory=dict)
    blocked: list[Job] = field(default_factory=list)
    errors: dict[Job, BaseException] = field(default_factory=dict)  # of the failed, where it was we who tried
    seconds: float = 0.0


def run_locally(
    run: Run,
    report: Callable[[Progress], None] = lambda progress: None,
    *,
    stop: threading.Event | None = None,
    jobs: int = 0,
) -> Outcome:
    """Do everything there is to do. Whatever fails stops only what is built on it.

    `report` is called from several threads, at most once a second for each job. Ctrl-C, or setting `stop`, ends all work at
    its next beat and raises Cancelled; another run goes on from there. `jobs` is how many run at a time, 0 for a number
    that suits the machine.
    """
    began = time.monotonic()
    outcome, stop = Outcome(), stop or threading.Event()
    at_once = jobs or max(2, min(4, run.place.threads // 2))
    signals: list[bool] = []  # not `stop`: a signal may come while its lock is held

    def stopped() -> bool:
        return bool(signals) or stop.is_set()

    with stopped_by(lambda: signals.append(True)), ThreadPoolExecutor(at_once, thread_name_prefix="job") as pool:
        try:
            finished = _drain(run, pool, at_once, report, stopped, outcome)
        except BaseException:
            stop.set()  # or the pool would work on to its end before anyone hears of it
            raise
    if not finished:
        raise Cancelled
    for job, judged in run.look().items():
        if judged.standing == "skipped":
            outcome.skipped[job] = judged.why
        elif judged.standing == "failed":
            outcome.failed[job] = judged.why
        elif judged.standing == "blocked":
            outcome.blocked.append(job)
    outcome.seconds = time.monotonic() - began
    return outcome


def _drain(
    run: Run,
    pool: ThreadPoolExecutor,
    at_once: int,
    report: Callable[[Progress], None],
    stopped: Callable[[], bool],
    outcome: Outcome,
) -> bool:
    """Work until nothing is left to do (True) or it is stopped (False)."""

    def check() -> None:
        if stopped():
            raise Cancelled

    busy: dict[Future[Ended], Job] = {}
    while not stopped():
        for job in run.ready():
            work = run.work(job) if len(busy) < at_once and job not in busy.values() else None
            if work:
                busy[pool.submit(_do, run, work, report, check)] = job
        if busy:
            ended, _ = wait(busy, timeout=POLL_S, return_when=FIRST_COMPLETED)
            for future in ended:
                _note(outcome, future.result())
                del busy[future]
        elif any(judged.standing == "running" for judged in run.look().values()):  # by another process
            time.sleep(POLL_S)
            reap(run.place)
        elif not run.ready():
            return True
    for future in busy:
        _note(outcome, future.result())
    return False


def _do(run: Run, work: Work, report: Callable[[Progress], None], check: Callable[[], None]) -> Ended:
    ended = perform(run.place, work, lambda done: report(Progress(work.job, "running", done)), check)
    if ended.state is not None:
        done = 1.0 if ended.state == "done" else 0.0
        report(Progress(work.job, ended.state, done, ended.seconds, ended.why))
    return ended


def _note(outcome: Outcome, ended: Ended) -> None:
    if ended.state == "done":
        outcome.executed.append(ended.job)
    if ended.state == "failed" and ended.error is not None:
        outcome.errors[ended.job] = ended.error
