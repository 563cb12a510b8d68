"""`repurpose key`: a key for a program that uses the API."""

from __future__ import annotations

import click

from repurpose.db.access import SCOPES
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from


@click.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=("read",), show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good for; else until it is revoked.")
def key(name: str, scopes: tuple[str, ...], days: int | None) -> int:
    """Make an API key called NAME and print it. It is nowhere kept: who loses it makes another."""
    from repurpose.db import audit
    from repurpose.web.who import new_key

    with Workplace(settings_from()) as place:
        wanted = frozenset(scope for scope in SCOPES if scope in scopes)
        row, given = new_key(place.engine, name, wanted, "cli", days)
        audit.note(place.engine, "cli", "key.make", row.id, scopes=list(row.scopes))
        click.echo(given)
    return 0
