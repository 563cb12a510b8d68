"""`repurpose card`: the people who have a smart card 智能名片."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from repurpose.cli.run import FILE
from repurpose.errors import BadPreset
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.db.session import Database


@click.group()
def card() -> None:
    """Add and list the people who have a smart card."""


@card.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
def add(files: tuple[Path, ...]) -> int:
    """Add the people whose TOML files these are, or bring their cards up to date: the same slug is the same person."""
    from repurpose.db import audit, people
    from repurpose.db.session import together
    from repurpose.ingest.person import read_person
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        for file in files:
            told = read_person(file, place.store)
            with together(place.engine):
                found = people.by_slug(place.engine, told.slug)
                chosen = [_event(place.engine, name, file) for name in told.content]
                if found is None:
                    row = people.create(place.engine, slug=told.slug, **told.columns)
                else:
                    row = people.change(place.engine, found.id, state="active", **told.columns) or found
                people.choose(place.engine, row.id, chosen)
                audit.note(place.engine, "cli", "person.change" if found else "person.create", row.id)
            click.echo(f"{row.name}: {'brought up to date' if found else 'added'}, at /c/{row.slug}")
    return 0


@card.command(name="list")
def listing() -> int:
    """List everyone, with what each card shows first."""
    from repurpose.db import events, people
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        found = people.everyone(place.engine)
        for row in found:
            shown = [events.find(place.engine, event_id) for event_id in people.chosen(place.engine, row.id)]
            names = ", ".join(event.title for event in shown if event)
            left = "  (left)" if row.state == "left" else ""
            click.echo(f"/c/{row.slug}  {row.name}{left}" + (f"  {names}" if names else ""))
        if not found:
            click.echo("Nobody has a card yet. Add one with: repurpose card add PERSON.toml")
    return 0


def _event(engine: Database, name: str, file: Path) -> str:
    from repurpose.db import events

    event = events.by_slug(engine, name) or events.of_name(engine, name)
    if event is None:
        raise BadPreset(f"{file}: content names {name!r}, and there is no event of this name or address.")
    return event.id
