"""`repurpose report`: the review of an event, as a page, a document or data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from repurpose.errors import UserError
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.models import Language

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("event")
@click.option(
    "--html", "form", flag_value="html", default=True, help="One page that opens anywhere. This is the default."
)
@click.option("--json", "form", flag_value="json", help="The numbers.")
@click.option("-o", "--output", type=FILE, help="Where it is written; EVENT-report.html, or for JSON the terminal.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="The language of the page; the event's when left out.")
def report(event: str, form: Literal["html", "json"], output: Path | None, lang: str | None) -> int:
    """Tell how EVENT went: the funnel and its shape, the hottest seconds, versions and channels, the leads with reasons,
    and the short cut that viewers ask for."""
    from repurpose.cli.views import event_named
    from repurpose.db.jobs import now
    from repurpose.pipeline.report import report_of
    from repurpose.pipeline.workplace import Workplace
    from repurpose.publish.report import report_html

    with Workplace(settings_from()) as place:
        row = event_named(place, event)
        told = report_of(place, row, now())
    if form == "json" and output is None:
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0
    spoken = lang or ("zh" if row.language.lower().startswith(("zh", "yue")) or not row.language else "en")
    text = json.dumps(told, ensure_ascii=False) if form == "json" else report_html(told, cast("Language", spoken))
    file = output or Path(f"{row.slug}-report.html")
    try:
        file.write_text(text, "utf-8")
    except OSError as fault:
        raise UserError(f"{file}: cannot be written ({fault.strerror}).") from None
    click.echo(file)
    return 0
