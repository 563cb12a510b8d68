"""`repurpose migrate`: bring the database up to this program."""

from __future__ import annotations

import click

from repurpose.settings import settings_from


@click.command()
def migrate() -> int:
    """Bring the database up to this program. New ones, and files of SQLite, are brought up without being asked."""
    from repurpose.db.migrate import upgrade
    from repurpose.db.migrations import HEAD
    from repurpose.db.session import connect, writing

    engine = connect(settings_from().database)
    with writing(engine) as connection:
        before, copy = upgrade(connection)
    engine.dispose()
    if before == HEAD:
        click.echo(f"The database is up to date ({HEAD}).")
    elif before is None:
        click.echo(f"A new database was set up ({HEAD}).")
    else:
        click.echo(f"The database was brought from {before} to {HEAD}.")
    if copy:
        click.echo(f"As it was before, it lies in {copy}")
    return 0
