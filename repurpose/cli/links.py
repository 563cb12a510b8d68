"""`repurpose links`: a link of their own for every lead of an event, for a mail that says more than `dear customer`."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import click

from repurpose.errors import UserError
from repurpose.settings import settings_from


@click.command()
@click.argument("name")
@click.option("--csv", "file", type=click.Path(path_type=Path), required=True, help="Where the links are written.")
@click.option(
    "--leads",
    "which",
    type=click.Choice(("event", "all")),
    default="event",
    show_default=True,
    help="Those of the event, or all.",
)
@click.option("--channel", default="mail", show_default=True, help="What they are sent through.")
def links(name: str, file: Path, which: str, channel: str) -> int:
    """Write a CSV with a link to the event NAME for each lead: id, name, email, phone, link.

    Who opens a link is perhaps that lead, perhaps whom it was handed on to: it is shown with the lead, and counts once they
    say themselves who they are, or somebody who knows says so. The same links come again the next time.
    """
    from repurpose.cli.leads import rows_of
    from repurpose.cli.one_lead import opened
    from repurpose.cli.views import event_named
    from repurpose.db import audit, lead_views
    from repurpose.leads.told import plain_text
    from repurpose.pipeline.workplace import Workplace

    if not 0 < len(channel) <= 60 or not channel.isprintable():
        raise click.UsageError("--channel: 1 to 60 characters.")
    with Workplace(settings_from()) as place:
        base = place.settings.public_url
        if not base:
            raise UserError("Links need the site's address: set REPURPOSE_PUBLIC_URL, such as https://live.example.com")
        event = event_named(place, name)
        people = opened(place, rows_of(place, name if which == "event" else None, None)[0])
        text = io.StringIO()
        sheet = csv.writer(text)
        sheet.writerow(("id", "name", "email", "phone", "link"))
        for one in people:
            code = lead_views.personal_link(place.engine, event.id, one.id, channel, "cli")
            phone = next((value for kind, value in one.known_by if kind == "phone"), "")
            told = (one.id, one.about.get("name", ""), one.email, phone)
            sheet.writerow([*map(plain_text, told), f"{base}/l/{code}"])
        audit.note(place.engine, "cli", "leads.links", event.id, count=len(people), channel=channel)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            out.write(b"\xef\xbb\xbf" + text.getvalue().encode())
    click.echo(f"{file}: {len(people)} links to {event.title}")
    return 0
