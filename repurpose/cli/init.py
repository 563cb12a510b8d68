"""`repurpose init`: an event.toml to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from repurpose.cli.run import FILE
from repurpose.errors import UserError
from repurpose.presets import assets


@click.command()
@click.argument("folder", default=Path(), type=FILE)
def init(folder: Path) -> int:
    """Write a commented event.toml into FOLDER (default: here). An event.toml that is there already is left alone."""
    target = folder / "event.toml"
    text = (assets() / "templates" / "event.toml").read_bytes()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{target} is there already and was left as it is. Choose another folder.") from None
    except (PermissionError, NotADirectoryError) as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror}). Choose another folder.") from None
    click.echo(f"{target}: fill it in, then run: repurpose run RECORDING --event {target}")
    return 0
