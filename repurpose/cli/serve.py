"""`repurpose serve`: the site, its media and the API."""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from repurpose.cli.run import FILE
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--watch", type=FILE, help="A folder: whatever is dropped into it is made, each recording a draft.")
@click.option("-q", "--quiet", is_flag=True, help="Log no requests, only what goes wrong.")
def serve(host: str, port: int, watch: Path | None, quiet: bool) -> int:
    """Serve the microsite, the smart cards and the API, and work on what is ordered through them."""
    from repurpose.ingest.watch_folder import WatchFolder
    from repurpose.web.serving import Serving
    from repurpose.web.shield import AsJson

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson())
    logging.basicConfig(handlers=[handler], level=logging.WARNING if quiet else logging.INFO, force=True)
    with ExitStack() as stack:
        place = stack.enter_context(Workplace(settings_from()))
        watched = stack.enter_context(WatchFolder(watch.absolute())) if watch else None
        serving = Serving(place, host, port, watched)
        click.echo(f"Repurpose is at {serving.base} (Ctrl-C ends it)")
        if watch:
            click.echo(f"{watch} is watched")
        if serving.first_link is not None:
            click.echo(
                f"Nobody can sign in yet. Make the first administrator, within a day, here: {serving.first_link}"
            )
        serving.run()
    return 0
