"""`repurpose demo`: the sample webinar, all the way."""

from __future__ import annotations

from pathlib import Path

import click

from repurpose.cli.given import presets_for
from repurpose.cli.run import FILE, Wishes, make
from repurpose.errors import UserError
from repurpose.presets import assets
from repurpose.settings import settings_from


@click.command()
@click.option("--out", type=FILE, default=Path("out"), show_default=True, help="Folder the package folder goes into.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and the folder.")
def demo(out: Path, as_json: bool, quiet: bool) -> int:
    """Make every version of the sample webinar that comes with the package."""
    folder = assets() / "demo"
    films = sorted(folder.glob("*.mp4"))
    if not films:
        raise UserError(f"{folder}: the sample webinar is not there. Get it again with: git checkout -- assets/demo")
    wishes = Wishes(event=folder / "event.toml", out=out, json=as_json, quiet=quiet)
    return make([films], wishes, presets_for(settings_from(), None))
