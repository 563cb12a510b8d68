"""`repurpose batch`: every known recording once more, with the presets and brands as they are now."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from repurpose.cli.bars import lasted, told
from repurpose.cli.given import presets_for
from repurpose.cli.run import FILE, failed
from repurpose.db.runs import RunRow
from repurpose.errors import UserError
from repurpose.models import Package
from repurpose.pipeline.foresee import Foreseen, foresee, known, roots_again
from repurpose.pipeline.local import run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.watched import retention_by_name
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from

SHOWN = 3  # files of a job that are named; the others are counted


@click.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=FILE, default=Path("out"), show_default=True, help="Folder the package folders go into.")
@click.option("--presets", type=FILE, help="Folder of presets that overlay the built-in ones.")
@click.option("--cut", "cuts", multiple=True, help="Make only this version; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Only say which jobs would run and which files would change.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a recording, a line each.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and the folders.")
def batch(
    names: tuple[str, ...],
    out: Path,
    presets: Path | None,
    cuts: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Make every recording again that was made before, or those of these NAMES, with the presets and brands as they are now.

    Only what a change reaches is run. The recordings themselves are not needed any more, nor their event files. Of an
    event on the site that at least five viewers watched, what they watched is weighed too.
    """
    settings = settings_from()
    chosen, overlay = presets_for(settings, presets, cuts), presets or settings.presets
    with Workplace(settings) as place:
        codes = []
        for row in _named(known(place), names):
            try:
                roots = roots_again(place, row, overlay)
                watched = retention_by_name(place, row.name)
                if watched.watched:
                    roots["retention"] = watched
                if dry_run:
                    _tell(foresee(place, row, roots, chosen), as_json=as_json)
                else:
                    codes.append(_again(Run.open(place, row.name, roots, chosen), out, as_json=as_json, quiet=quiet))
            except UserError as fault:
                click.echo(f"repurpose: {row.name}: {fault}", err=True)
                codes.append(2)
    return 1 if 1 in codes else max(codes, default=0)


def _named(rows: Sequence[RunRow], names: Sequence[str]) -> list[RunRow]:
    there = {row.name: row for row in rows}
    for name in names:
        if name not in there:
            raise UserError(f"{name}: no recording of this name was made. There are: {', '.join(there) or 'none yet'}.")
    return [there[name] for name in names or there]


def _again(run: Run, out: Path, *, as_json: bool, quiet: bool) -> int:
    from repurpose.publish.layout import folder_name, lay_out

    began = time.monotonic()
    with told(run, quiet=quiet or as_json) as report:
        outcome = run_locally(run, report)
    package = run.result(Job("package"), Package)
    if package is None:
        return failed(outcome)
    folder = out / folder_name(package.event.name)
    written = lay_out(package, run.place.store, folder)
    executed = [str(job) for job in outcome.executed]
    if as_json:
        told_of = {"name": package.event.name, "folder": str(folder), "executed": executed, "written": written}
        click.echo(json.dumps(told_of, ensure_ascii=False))
    elif quiet:
        click.echo(folder)
    else:
        took = lasted(time.monotonic() - began)
        click.echo(f"{folder / 'index.html'}  ({len(executed)} jobs done, {written} files written, {took})")
    return failed(outcome) if outcome.failed else 0


def _tell(seen: Foreseen, *, as_json: bool) -> None:
    """What would be done, for people or for programs."""
    if as_json:
        jobs = {str(job): list(seen.files[str(job)]) for job in seen.jobs}
        click.echo(json.dumps({"name": seen.name, "would_run": jobs, "gone": list(seen.gone)}, ensure_ascii=False))
        return
    if not seen.jobs and not seen.gone:
        click.echo(f"{seen.name}: nothing would change")
        return
    click.echo(f"{seen.name}: {len(seen.jobs)} of {seen.of} jobs would run")
    wide = max((len(str(job)) for job in seen.jobs), default=0)
    for job in seen.jobs:
        click.echo(f"  {job!s:<{wide}}  {_files(seen.files[str(job)])}".rstrip())
    if seen.gone:
        click.echo(f"  no longer made: {_files(seen.gone)}")


def _files(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more
