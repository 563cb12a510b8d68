"""`repurpose status`: what was done, what is running, what failed, and how the work overlapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import click

from repurpose.cli.bars import lasted
from repurpose.db.jobs import JobRow, now
from repurpose.db.runs import RunRow
from repurpose.errors import UserError
from repurpose.pipeline.run import Judged, Run, runs_of
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from

WIDTH = 40  # characters of the timeline
WORDS = {"hopeless": "not made", "skipped": "not made", "blocked": "stopped"}


@click.command()
@click.argument("name", default="")
def status(name: str) -> int:
    """List the runs, or, with NAME, the jobs of that event's last run."""
    with Workplace(settings_from()) as place:
        found = runs_of(place)
        if not name:
            for row in found:
                click.echo(_line(row, Run(place, row)))
            if not found:
                click.echo("Nothing was run yet. Begin with: repurpose run RECORDING")
            return 0
        job_run = Run.named(place, name)
        if job_run is None:
            names = ", ".join(dict.fromkeys(row.name for row in found)) or "none yet"
            raise UserError(f"{name}: no run of this name. There are: {names}.")
        click.echo(_line(job_run.row, job_run))
        for text in table(job_run.jobs(), job_run.look(), job_run.rows(), now()):
            click.echo(text)
    return 0


def _line(row: RunRow, run: Run) -> str:
    counts: dict[str, int] = {}
    for judged in run.look().values():
        word = WORDS.get(judged.standing, judged.standing)
        counts[word] = counts.get(word, 0) + 1
    began = datetime.fromtimestamp(row.began / 1000).astimezone()
    return f"{row.name}  {began:%Y-%m-%d %H:%M}  " + ", ".join(f"{count} {word}" for word, count in counts.items())


def table(jobs: Sequence[Job], judged: dict[Job, Judged], rows: dict[Job, JobRow], at: int) -> list[str]:
    """A line a job: how it stands, how long it took, and its bar on a common timeline without the idle stretches.

    `at` is the present, in milliseconds since 1970: what is running lasts until then.
    """
    spans = {
        job: (row.started, row.ended or at) for job, row in rows.items() if row.state in ("done", "running", "failed")
    }
    place = squeezed(list(spans.values()))
    wide = max((len(str(job)) for job in jobs), default=0)
    lines = []
    for job in jobs:
        found, row = judged[job], rows.get(job)
        text = f"  {job!s:<{wide}}  {WORDS.get(found.standing, found.standing):<8}"
        if job in spans:
            start, end = spans[job]
            text += f"  {lasted((end - start) / 1000):>9}  |{bar(place(start), place(end))}|"
            if row and row.state == "running":
                text += f" {round(100 * row.progress)} %"
        if found.why and found.standing in ("skipped", "failed"):
            text += f"  {found.why.splitlines()[0]}"
        lines.append(text.rstrip())
    return lines


def bar(start: float, end: float) -> str:
    """A stretch of 0..1 as characters; never less than one."""
    first = min(WIDTH - 1, int(start * WIDTH))
    last = min(WIDTH, max(first + 1, round(end * WIDTH)))
    return " " * first + "=" * (last - first) + " " * (WIDTH - last)


def squeezed(spans: Sequence[tuple[int, int]]) -> Callable[[int], float]:
    """Maps a moment to 0..1 of the time in which anything ran; what lies between two sessions takes no room."""
    busy: list[list[int]] = []
    for start, end in sorted(spans):
        if busy and start <= busy[-1][1]:
            busy[-1][1] = max(busy[-1][1], end)
        else:
            busy.append([start, end])
    total = sum(end - start for start, end in busy) or 1
    return lambda at: sum(min(at, end) - start for start, end in busy if at > start) / total
