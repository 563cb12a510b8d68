"""Progress on the terminal: a bar a job and one over all with the time left; plain lines where nobody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from repurpose.pipeline.local import Progress
from repurpose.pipeline.run import SETTLED, Run
from repurpose.pipeline.stage import Job

Report = Callable[[Progress], None]
SIGNS = {"done": "✓", "skipped": "–", "failed": "✗"}


@contextmanager
def told(run: Run, *, quiet: bool) -> Iterator[Report]:
    """What to call with each Progress: bars on a terminal, a line a job elsewhere, nothing when `quiet`."""
    if quiet:
        yield lambda progress: None
    elif sys.stderr.isatty():
        with _bars(run) as report:
            yield report
    else:
        lock = threading.Lock()

        def line(progress: Progress) -> None:
            if progress.state in SIGNS:
                with lock:
                    click.echo(sentence(progress), err=True)

        yield line


def sentence(progress: Progress) -> str:
    """How a job ended, in one line: `✓ transcript  81 s`."""
    text = f"{SIGNS[progress.state]} {progress.job}"
    if progress.state == "done":
        return f"{text}  {lasted(progress.seconds)}"
    return f"{text}: {(progress.why.splitlines() or ['no reason given'])[0]}"


def lasted(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3:05 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    return f"{round(seconds) // 60}:{round(seconds) % 60:02} min"


@contextmanager
def _bars(run: Run) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    judged = run.look()
    weights = {job: run.weight(job) for job, found in judged.items() if found.standing not in SETTLED}
    without = {job: _built_on(run, job) for job in weights if run.stages[job.stage].per}
    done: dict[Job, float] = {}
    tasks: dict[Job, TaskID] = {}
    lock = threading.Lock()
    bars = Bars(
        TextColumn("{task.description:<26}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bars:
        whole = bars.add_task("[bold]all", total=sum(weights.values()) or 1.0)

        def report(progress: Progress) -> None:
            with lock:
                job = progress.job
                if progress.state == "running":
                    if job not in tasks:
                        tasks[job] = bars.add_task(str(job), total=1.0)
                    bars.update(tasks[job], completed=progress.fraction)
                else:
                    if job in tasks:
                        bars.remove_task(tasks.pop(job))
                    if progress.state in SIGNS:
                        bars.console.print(sentence(progress), markup=False, highlight=False, soft_wrap=True)
                done[job] = 1.0 if progress.state in SIGNS else progress.fraction
                if progress.state in ("skipped", "failed"):  # and with it all that will not be made for want of it
                    done.update(dict.fromkeys(without.get(job, ()), 1.0))
                bars.update(whole, completed=sum(weights.get(each, 0.0) * share for each, share in done.items()))

        yield report


def _built_on(run: Run, job: Job) -> list[Job]:
    """The jobs of the same cut or take that cannot be made without this one."""
    axis, order = run.stages[job.stage].per, list(run.stages)
    return [
        each
        for each in run.jobs()
        if order.index(each.stage) > order.index(job.stage) and run.variant(each).on(axis) == job.variant
    ]
