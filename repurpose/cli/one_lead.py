"""What is settled of one lead by hand: `repurpose leads merge`, `unmerge` and `erase`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from repurpose.errors import UserError
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.db.leads import LeadRow
    from repurpose.pipeline.workplace import Workplace


@click.command()
@click.argument("who")
@click.argument("into")
@click.option("--reason", required=True)
def merge(who: str, into: str, reason: str) -> int:
    """From now on INTO stands for both leads. `repurpose leads unmerge` takes it back."""
    from repurpose.db import audit
    from repurpose.leads import known
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        one, other = found(place, who), found(place, into)
        kept = known.merge(place.engine, one.id, other.id, "cli", reason)
        audit.note(place.engine, "cli", "leads.merge", kept, merged=one.id)
        click.echo(f"{kept} stands for {one.id} too. To take it back: repurpose leads unmerge {one.id} --reason ...")
    return 0


@click.command()
@click.argument("lead_id")
@click.option("--reason", required=True)
def unmerge(lead_id: str, reason: str) -> int:
    """LEAD_ID stands for itself again, with all it had."""
    from repurpose.db import audit
    from repurpose.leads import known
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        out = known.unmerge(place.engine, lead_id, "cli", reason)
        audit.note(place.engine, "cli", "leads.unmerge", out)
        click.echo(f"{out} stands for itself again.")
    return 0


@click.command()
@click.argument("who")
@click.option(
    "--also",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A folder or file to look through too: logs, exports.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def erase(who: str, also: tuple[Path, ...], yes: bool, as_json: bool) -> int:
    """Forget a person: WHO is an id, a mail address or a phone number. It cannot be taken back.

    Then all that is kept is looked through for what named them. Where it still stands is told, and the exit code is 2.
    """
    from repurpose.leads.erase import erase as forget
    from repurpose.leads.erase import prove
    from repurpose.leads.vault import vault_of
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        row = found(place, who)
        if not yes:
            click.confirm(f"Forget {row.id} and all that names this person?", abort=True, err=True)
        erased = forget(place.engine, vault_of(place.engine, place.settings), row.id, "cli")
        report = prove(place.engine, place.settings, erased, also)
    if as_json:
        click.echo(json.dumps({
            "id": erased.lead, "members": erased.members, "forms": erased.submissions, "messages": erased.messages,
            **asdict(report),
        }))  # fmt: skip
    else:
        click.echo(
            f"{erased.lead}: forgotten, with {erased.submissions} forms. Looked through {report.files} files "
            f"({report.size / 1e6:.0f} MB) and the database: {sum(report.hits.values())} hits."
        )
    for where, count in report.hits.items():
        click.echo(f"  still in {where}: {count} times. Delete it, or what names the person there.", err=True)
    for where in report.unread:
        click.echo(f"  {where} may not be read", err=True)
    return 2 if report.hits or report.unread else 0


def found(place: Workplace, who: str) -> LeadRow:
    """The lead of this id, address, number or other id. Raises UserError when there is none."""
    from repurpose.leads.people import find
    from repurpose.leads.vault import vault_of

    row = find(place.engine, vault_of(place.engine, place.settings), who)
    if row is None or row.erased is not None:
        raise UserError(f"{who}: no such lead. `repurpose leads list` shows them.")
    return row
