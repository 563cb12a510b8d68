"""`repurpose report`: the review of an event, as a page, a document or data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import click

from repurpose.errors import UserError
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.models import Language

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("event")
@click.option("--html", "form", flag_value="html", default=True, help="One page that opens anywhere; so without any.")
@click.option("--pdf", "form", flag_value="pdf", help="The same on paper, A4.")
@click.option("--json", "form", flag_value="json", help="The numbers.")
@click.option(
    "-o", "--output", type=FILE, help="Where it is written; EVENT-report.html or .pdf, and the numbers to the terminal."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Its language; the event's when left out.")
def report(event: str, form: Literal["html", "pdf", "json"], output: Path | None, lang: Language | None) -> int:
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
    language = lang or ("zh" if not row.language or row.language.lower().startswith(("zh", "yue")) else "en")
    if form == "pdf":
        made = _pdf(told, language)
    else:
        made = (json.dumps(told, ensure_ascii=False) if form == "json" else report_html(told, language)).encode()
    file = output or Path(f"{row.slug}-report.{form}")
    try:
        file.write_bytes(made)
    except OSError as fault:
        raise UserError(f"{file}: cannot be written ({fault.strerror}).") from None
    click.echo(file)
    return 0


def _pdf(told: Mapping[str, Any], language: Language) -> bytes:
    from repurpose import presets
    from repurpose.publish.report_pdf import report_pdf
    from repurpose.publish.wording import read_wording
    from repurpose.render.outlines import printable, truetype

    words = read_wording(presets.assets() / "locales", language, "report")
    signs = printable(json.dumps(told, ensure_ascii=False) + words.every())
    with TemporaryDirectory(prefix="report") as folder:
        return report_pdf(told, language, truetype(signs, Path(folder), (400, 700)))
