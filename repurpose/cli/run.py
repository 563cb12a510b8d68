"""`repurpose run`: recordings in, package folders out."""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from repurpose.cli.bars import lasted, told
from repurpose.cli.given import artifact, events_of, presets_for, readable, room_for
from repurpose.errors import UserError
from repurpose.models import Choices, Package, Retention
from repurpose.pipeline.local import Outcome, run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.watched import retention_by_name
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import Presets
from repurpose.settings import settings_from

FILE = click.Path(path_type=Path)


@dataclass(frozen=True)
class Wishes:
    """What the user asked for beside the files; the same for every event of one command."""

    event: Path | None = None
    out: Path = Path("out")
    name: str = ""
    subtitles: Path | None = None
    translation: Path | None = None
    presets: Path | None = None
    choices: Path | None = None
    retention: Path | None = None
    language: str = ""
    json: bool = False
    quiet: bool = False


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--event", type=FILE, help="event.toml: title, date, speakers, agenda, terms. `repurpose init` writes one."
)
@click.option("--out", type=FILE, default=Path("out"), show_default=True, help="Folder the package folder goes into.")
@click.option("--name", default="", help="Name of the package folder; else the event's, else the file's.")
@click.option("--presets", type=FILE, help="Folder of presets that overlay the built-in ones.")
@click.option("--cut", "cuts", multiple=True, help="Make only this version; may be given several times.")
@click.option("--subtitles", type=FILE, help="srt or vtt to use instead of listening.")
@click.option("--translation", type=FILE, help="srt or vtt in a second language, shown under the burned-in captions.")
@click.option("--choices", type=FILE, help="JSON or TOML of stretches to keep and to drop.")
@click.option(
    "--retention", type=FILE, help="JSON or TOML of what viewers watched, per second; else what they did on the site."
)
@click.option("--language", default="", help="Language spoken, such as zh or en; else it is found out.")
@click.option("--each", is_flag=True, help="Every file is an event of its own, not a part of one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (with several events, a line each).")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and the folder.")
def run(
    files: tuple[Path, ...],
    event: Path | None,
    out: Path,
    name: str,
    presets: Path | None,
    cuts: tuple[str, ...],
    subtitles: Path | None,
    translation: Path | None,
    choices: Path | None,
    retention: Path | None,
    language: str,
    each: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Make the transcript, slides, chapters, highlights and every version of a recording.

    Several FILES are the parts of one event, in order; with --each, or for a folder, each file is its own event. What was
    made before is not made again.
    """
    settings = settings_from()
    overlay = presets or settings.presets
    wishes = Wishes(event, out, name, subtitles, translation, overlay, choices, retention, language, as_json, quiet)
    chosen = presets_for(settings, presets, cuts)
    events = events_of(files, each=each)
    if len(events) > 1 and (name or event or subtitles or translation):
        raise UserError(
            "--name, --event, --subtitles and --translation belong to one event. Run the files one at a time to use them."
        )
    return make(events, wishes, chosen)


def make(events: Sequence[list[Path]], wishes: Wishes, presets: Presets) -> int:
    """Make each event; a bad one does not stop the rest. The worst exit code."""
    if len(events) == 1:
        return _make_one(events[0], wishes, presets)
    codes = {}
    stems = Counter(files[0].stem for files in events)
    for files in events:
        name = (
            files[0].stem if stems[files[0].stem] == 1 else files[0].name
        )  # an event.toml beside all names none of them
        if not (wishes.quiet or wishes.json):
            click.echo(f"{files[0].name}:", err=True)
        try:
            codes[files[0]] = _make_one(files, replace(wishes, name=name), presets)
        except UserError as fault:
            click.echo(f"repurpose: {fault}", err=True)
            codes[files[0]] = 2
    bad = [path.name for path, code in codes.items() if code]
    if bad:
        click.echo(f"repurpose: {len(bad)} of {len(events)} recordings could not be made: {', '.join(bad)}.", err=True)
    return 1 if 1 in codes.values() else max(codes.values())


def _make_one(files: Sequence[Path], wishes: Wishes, presets: Presets) -> int:
    from repurpose.ingest.intake import take_in
    from repurpose.ingest.roots import roots_of
    from repurpose.publish.layout import folder_name, lay_out

    began = time.monotonic()
    settings = settings_from()
    for path in (wishes.event, wishes.subtitles, wishes.translation):
        if path is not None:
            readable(path)
    room_for(files, settings.home, wishes.out)
    with Workplace(settings) as place:
        taken = take_in(files, place.store, wishes.event, wishes.subtitles)
        known = {"name": wishes.name, "language": wishes.language}
        event = type(taken.event).model_validate(
            taken.event.model_dump() | {field: value for field, value in known.items() if value}
        )
        roots = roots_of(
            replace(taken, event=event),
            place.store,
            place.engine,
            presets=wishes.presets,
            translation=wishes.translation,
            choices=artifact(wishes.choices, Choices),
            retention=artifact(wishes.retention, Retention)
            if wishes.retention
            else retention_by_name(place, event.name),
        )
        job = Run.open(place, event.name, roots, presets)
        with told(job, quiet=wishes.quiet or wishes.json) as report:
            outcome = run_locally(job, report)
        package = job.result(Job("package"), Package)
        if package is None:
            return failed(outcome)
        folder = wishes.out / folder_name(event.name)
        lay_out(package, place.store, folder)
        _say(package, folder, outcome, time.monotonic() - began, wishes)
        return failed(outcome) if outcome.failed else 0


def failed(outcome: Outcome) -> int:
    """Say what failed: the user's part in a line, ours with its traceback. The exit code."""
    ours = 0
    for job, why in outcome.failed.items():
        error = outcome.errors.get(job)
        if isinstance(error, UserError):
            click.echo(f"repurpose: {error}", err=True)
            continue
        ours += 1
        if error is not None:
            click.echo("".join(traceback.format_exception(error)).rstrip(), err=True)
        click.echo(f"repurpose: {job} failed: {why}", err=True)
    return 1 if ours else 2


def _say(package: Package, folder: Path, outcome: Outcome, seconds: float, wishes: Wishes) -> None:
    films = [asset for asset in package.assets if asset.kind == "video"]
    if wishes.json:
        summary: dict[str, Any] = {
            "name": package.event.name,
            "folder": str(folder),
            "assets": len(package.assets),
            "cuts": [
                {
                    "path": str(folder / film.path),
                    "cut": film.cut,
                    "take": film.take,
                    "render": film.render,
                    "duration_ms": film.duration_ms,
                    "width": film.width,
                    "height": film.height,
                }
                for film in films
            ],
            "executed": [str(job) for job in outcome.executed],
            "skipped": [item.model_dump() for item in package.skipped],
            "failed": {str(job): why for job, why in outcome.failed.items()},
            "seconds": round(seconds, 2),
        }
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    if wishes.quiet:
        click.echo(folder)
        return
    for film in films:
        length = (film.duration_ms or 0) / 1000
        click.echo(f"  {film.path:<32} {int(length // 60):>3}:{length % 60:04.1f}  {film.width}x{film.height}")
    for name, why in {item.variant.partition(".")[0]: item.why for item in package.skipped}.items():
        click.echo(f"  {name} was not made: {why}")
    done = f"{len(outcome.executed)} jobs done" if outcome.executed else "nothing was left to do"
    click.echo(f"{folder / 'index.html'}  ({len(package.assets)} files, {done}, {lasted(seconds)})")
