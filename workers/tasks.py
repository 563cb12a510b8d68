"""What the messages do: one job, or a look for what the dead and the lost left undone."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence

from celery import Celery
from celery.signals import worker_process_shutdown, worker_ready

from repurpose.errors import Cancelled
from repurpose.pipeline.graph import GRAPH
from repurpose.pipeline.reap import reap, sweep
from repurpose.pipeline.run import Run, runs_of
from repurpose.pipeline.stage import Job, Stage
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings

RUN_JOB = "repurpose.run_job"
REAP = "repurpose.reap"
REAP_EVERY_S = 20.0  # how long a lost message goes unnoticed
log = logging.getLogger("repurpose.workers")


class Tasks:
    """The tasks of one worker process, registered with its app."""

    def __init__(
        self,
        app: Celery,
        settings: Settings,
        *,
        graph: Sequence[Stage] = GRAPH,
        tools: Mapping[str, str] | None = None,
        reap_every_s: float = REAP_EVERY_S,
    ) -> None:
        self.app, self.settings, self.graph, self.tools = app, settings, graph, tools
        self._place: Workplace | None = None
        self._pid = 0
        app.task(self.run_job, name=RUN_JOB, shared=False)
        app.task(self.reap, name=REAP, shared=False)
        self._ready = lambda sender, **_: sender.timer.call_repeatedly(reap_every_s, app.send_task, (REAP,))
        worker_ready.connect(self._ready)
        worker_process_shutdown.connect(self.leave)

    def run_job(self, recording: str, stage: str, variant: str) -> None:
        """Do one job of a run, if it is ready and nobody has it, and send word of what became ready through it."""
        run = Run.load(self.place(), recording, graph=self.graph, tools=self.tools)
        before = set(run.ready())
        try:
            ended = run.execute(Job(stage, variant))
        except Cancelled:
            return
        if ended.state == "failed":
            log.warning("%s of %s failed: %s", ended.job, run.row.name, ended.why)
        send(self.app, run, [job for job in run.ready() if job not in before])

    def reap(self) -> None:
        """Free the jobs of the dead, sweep after them, and send word of every job that waits unheard."""
        place = self.place()
        reap(place)
        sweep(place)
        for row in runs_of(place):
            run = Run(place, row, graph=self.graph, tools=self.tools)
            send(self.app, run, run.ready())

    def place(self) -> Workplace:
        """This process's own: what was opened before a fork belongs to the parent."""
        if self._place is None or self._pid != os.getpid():
            self._place, self._pid = Workplace(self.settings, guest=False), os.getpid()
        return self._place

    def leave(self, **_: object) -> None:
        if self._place is not None and self._pid == os.getpid():
            self._place.close()
            self._place = None


def send(app: Celery, run: Run, jobs: Iterable[Job]) -> None:
    """A wake-up for each job: three strings, to the queue of its stage."""
    for job in jobs:
        app.send_task(RUN_JOB, (run.id, job.stage, job.variant), queue=run.stages[job.stage].queue)


def submit(app: Celery, run: Run) -> None:
    """Hand a run to the workers: they go on by themselves from what is ready."""
    send(app, run, run.ready())
