"""`repurpose publish`: show an event on the site, go back to the release before, or take it down."""

from __future__ import annotations

import click

from repurpose.settings import settings_from


@click.command()
@click.argument("name")
@click.option("--rollback", "back", is_flag=True, help="Show the release before the one that is shown.")
@click.option(
    "--withdraw", "down", is_flag=True, help="Show nothing of it any more; its files are no longer given out."
)
def publish(name: str, back: bool, down: bool) -> int:
    """Publish what was made of the event NAME on the site, as a new release.

    The site shows one release of an event at a time; the newest 10 are kept.
    """
    from repurpose.db import events
    from repurpose.errors import UserError
    from repurpose.pipeline import release
    from repurpose.pipeline.run import Run, runs_of
    from repurpose.pipeline.workplace import Workplace

    if back and down:
        raise click.UsageError("--rollback and --withdraw exclude each other.")
    with Workplace(settings_from()) as place:
        if back or down:
            event = events.of_name(place.engine, name) or events.by_slug(place.engine, name)
            if event is None:
                raise UserError(f"{name}: no event of this name is on the site.")
            event = (release.rollback if back else release.withdraw)(place, event.id, "cli")
        else:
            run = Run.named(place, name)
            if run is None:
                names = ", ".join(dict.fromkeys(row.name for row in runs_of(place))) or "none yet"
                raise UserError(f"{name}: no run of this name. There are: {names}.")
            event = release.publish(place, run, "cli")
        if event.state == "published":
            click.echo(f"{event.title}: release {event.release} is shown at /e/{event.slug}")
        else:
            click.echo(f"{event.title}: withdrawn; /e/{event.slug} says so. Publish it again to show it.")
    return 0
