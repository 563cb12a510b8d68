"""`repurpose render`: an edit decision list, written or changed by hand, as a film."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
from pydantic import ValidationError

from repurpose.cli.bars import told
from repurpose.cli.given import readable, room_for
from repurpose.cli.run import FILE, failed
from repurpose.errors import BadPreset, UserError
from repurpose.models import Chapters, EditDecisionList, Rendition, Transcript
from repurpose.pipeline.graph import GRAPH
from repurpose.pipeline.local import run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import CutPreset, Presets, load
from repurpose.settings import settings_from


@click.command()
@click.argument("edl", type=FILE)
@click.argument("recording", nargs=-1, required=True, type=FILE)
@click.option(
    "--render", "drawn", default="landscape", show_default=True, help="Which render: presets/renders/NAME.toml."
)
@click.option("-o", "--output", type=FILE, required=True, help="The film; its captions and cover lie beside it.")
@click.option("--event", type=FILE, help="event.toml, for names and terms in the captions.")
@click.option("--presets", type=FILE, help="Folder of presets that overlay the built-in ones.")
@click.option("--translation", type=FILE, help="srt or vtt in a second language, shown under the burned-in captions.")
@click.option("--no-captions", is_flag=True, help="Do not listen to the recording for captions.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def render(
    edl: Path,
    recording: tuple[Path, ...],
    drawn: str,
    output: Path,
    event: Path | None,
    presets: Path | None,
    translation: Path | None,
    no_captions: bool,
    quiet: bool,
) -> int:
    """Render EDL (json or otio, as in the edl folder of a package) from RECORDING: the file it was made from, or its parts in order."""
    from repurpose.ingest.intake import take_in
    from repurpose.ingest.roots import roots_of

    decided = read_edl(edl)
    settings = settings_from()
    chosen = _only(decided, drawn, load(presets or settings.presets))
    files = [readable(path) for path in recording]
    room_for(files, settings.home, output.parent)
    if output.suffix.lower() != ".mp4":
        raise UserError(f"{output}: films are mp4. Name it {output.with_suffix('.mp4').name}.")
    with Workplace(settings) as place:
        taken = take_in(files, place.store, event, None)
        roots = roots_of(taken, place.store, place.engine, presets=presets or settings.presets, translation=translation)
        roots |= {"edl": decided, "chapters": Chapters()}
        last = "drawing" if chosen.render[drawn].drawn else "rendition"
        words = {"vocabulary", "heard", "transcript"}
        wanted = {"recording", "sound", "shots", "slides", last} | words
        if last == "drawing":
            wanted |= {"spoken", "faces", "layout", "bumpers"}
        if no_captions:
            wanted -= words | {"spoken"} | (set() if last == "drawing" else {"shots", "slides"})
            roots |= {"transcript": Transcript(language=""), "spoken": Transcript(language="")}
        graph = [stage for stage in GRAPH if stage.name in wanted]
        job = Run.open(place, f"{taken.event.name} {edl.stem}", roots, chosen, graph=graph)
        with told(job, quiet=quiet) as report:
            outcome = run_locally(job, report)
        made = job.result(Job(last, f"{decided.cut}.{drawn}"), Rendition)
        if made is None:
            return failed(outcome)
        output.parent.mkdir(parents=True, exist_ok=True)
        for blob in (made.video, made.cover) if no_captions else (made.video, made.cover, made.srt, made.vtt):
            draft = output.with_name(f".{output.stem}{blob.suffix}.part")
            shutil.copyfile(place.store.path(blob), draft)
            draft.replace(output.with_suffix(blob.suffix))
        if not quiet:
            click.echo(f"{output}  {made.duration / 1000:.1f} s, {made.width}x{made.height}")
        return 0


def read_edl(path: Path) -> EditDecisionList:
    """The edit decision list in a JSON or OpenTimelineIO file. Raises UserError naming the file and its fault."""
    if readable(path).suffix.lower() == ".otio":
        from repurpose.publish.otio import from_otio

        try:
            return from_otio(path.read_text("utf-8", "replace")).model_copy(update={"take": 1})
        except UserError as strange:
            raise UserError(f"{path}: {strange}") from None
    try:
        edl = EditDecisionList.model_validate_json(readable(path).read_bytes())
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the file"
        raise BadPreset(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}.") from None
    return edl.model_copy(update={"take": 1})  # the only one of this run


def _only(edl: EditDecisionList, drawn: str, presets: Presets) -> Presets:
    """Presets for this one film."""
    if drawn not in presets.render:
        raise UserError(f"--render {drawn}: no such render. There are: {', '.join(sorted(presets.render))}.")
    cut = CutPreset.model_validate({"name": edl.cut, "at_most": max(1, edl.length), "renders": (drawn,)})
    return presets.model_copy(update={"cut": {edl.cut: cut}, "render": {drawn: presets.render[drawn]}})
