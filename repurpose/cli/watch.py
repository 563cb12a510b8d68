"""`repurpose watch`: whatever is dropped into a folder becomes a draft on the site."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from repurpose.cli.run import FILE
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.web.watching import Happened

SIGNS = {
    "taken": "→", "resumed": "→", "done": "✓", "failed": "✗", "duplicate": "=", "returned": "←", "waiting": "…",
}  # fmt: skip
STYLES = {"done": "green", "failed": "red", "duplicate": "yellow", "returned": "yellow", "waiting": "dim"}


@click.command()
@click.argument("folder", type=FILE)
@click.option("--once", is_flag=True, help="Handle what lies there now, wait until it is made, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each thing that happens, a line each.")
def watch(folder: Path, once: bool, as_json: bool) -> int:
    """Make whatever is dropped into FOLDER, each recording a draft on the site.

    A file is taken when it has been still for 10 seconds. talk.mp4 may have talk.toml (its event file), talk.srt and talk.csv
    (its chat) beside it; a sub-folder with recordings is one event. Ends up in done/, failed/ (with the reason) or duplicates/.
    """
    from repurpose.errors import Cancelled
    from repurpose.ingest.watch_folder import WatchFolder
    from repurpose.pipeline.stopping import stopped_by
    from repurpose.pipeline.workplace import Workplace
    from repurpose.web.runner import Runner
    from repurpose.web.watching import Happened, Watching

    settings = settings_from()
    tell, failed, signals = teller(as_json), list[str](), list[bool]()

    def report(happened: Happened) -> None:
        failed.extend([happened.name] if happened.what == "failed" else [])
        tell(happened)

    with (
        Workplace(settings) as place,
        stopped_by(lambda: signals.append(True)),
        WatchFolder(folder.absolute()) as watched,
        Runner(place) as runner,
    ):
        watching = Watching(place, watched, runner.call, report)
        if once:
            for name in watching.once(lambda: bool(signals)) if not signals else ():
                tell(Happened("waiting", name, "It was not still for long enough, and is left for the next time."))
        else:
            if not as_json:
                click.echo(f"{folder} is watched, every {settings.watch_look:g} s (Ctrl-C ends it)", err=True)
            watching.watch(lambda: bool(signals))
    if signals:
        raise Cancelled
    return 2 if failed else 0


def teller(as_json: bool) -> Callable[[Happened], None]:
    """What prints a thing that happened: in colours on a terminal, as a line of text or JSON elsewhere."""
    if as_json:
        return lambda happened: click.echo(
            json.dumps({"at": int(time.time() * 1000)} | dataclasses.asdict(happened), ensure_ascii=False)
        )
    if not sys.stdout.isatty():
        return lambda happened: click.echo(sentence(happened))
    from rich.console import Console

    console = Console()
    return lambda happened: console.print(
        sentence(happened), style=STYLES.get(happened.what, ""), markup=False, highlight=False, soft_wrap=True
    )


def sentence(happened: Happened) -> str:
    """What happened, in one line: `✓ talk.mp4: made. To show it: repurpose publish talk`."""
    why = (happened.why.splitlines() or [""])[0]
    said = {
        "taken": f"taken, becomes {happened.called}",
        "resumed": f"goes on, becomes {happened.called}",
        "done": f"made. To show it: repurpose publish {_quoted(happened.called)}",
        "failed": f"{why} ({happened.now})",
        "duplicate": f"{why} ({happened.now})",
        "returned": f"put back as {happened.now}. {why}",
        "waiting": f"waits. {why}",
    }[happened.what]
    return f"{SIGNS[happened.what]} {happened.name}: {said}"


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)
