"""One lead: `repurpose leads show`, with every point it earned, and what is settled by hand: `merge`, `unmerge`, `erase`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from repurpose.errors import UserError
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.db.leads import LeadRow
    from repurpose.leads.people import Person
    from repurpose.models.scored import Entry
    from repurpose.pipeline.workplace import Workplace


@click.command()
@click.argument("who")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(who: str, as_json: bool) -> int:
    """Show a lead: WHO is its id, a mail address, a phone number, or such as crm=7."""
    from repurpose.db.jobs import now
    from repurpose.leads.people import perhaps
    from repurpose.leads.told import told_of
    from repurpose.pipeline.standing import plain, standings
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        row = found(place, who)
        told = told_of(place.engine, opened(place, [row])[0], whole=True)
        maybe = [{"visitor": visitor, "last": at} for visitor, at in perhaps(place.engine, row)]
        (whole,) = standings(place, [row.id], now())
        stands = whole.scored
        reasons = [_reason(place, one) for one in sorted(stands.ledger, key=lambda one: -one.at)]
    if as_json:
        ledger = [asdict(one) for one in stands.ledger]
        click.echo(json.dumps(told | plain(whole) | {"ledger": ledger, "perhaps": maybe}, ensure_ascii=False))
        return 0
    from repurpose.text.clock import clock

    click.echo(f"{told['id']}  " + " · ".join(value for value in told["about"].values()))
    for key in told["known_by"]:
        click.echo(f"  {key['kind']}: {key['value']}")
    for one in told["attendance"]:
        came = {True: "came", False: "did not come", None: "registered"}[one["attended"]]
        click.echo(
            f"  {one['source']}: {came}, {one['minutes']} minutes, {one['questions']} questions, {one['polls']} polls"
        )
    for seen in told["watched"]:
        click.echo(f"  {seen['title']}: {seen['seconds']} seconds of the recording, {minutes(seen['watch_ms'])} in all")
        for first, end in seen["runs"]:
            click.echo(f"    {clock(first * 1000)}-{clock(end * 1000)}")
    grades = stands.rfe
    click.echo(f"  score {stands.score:.1f}, {stands.stage}, R {grades.r} F {grades.f} E {grades.e}")
    for reason in reasons:
        click.echo(f"    {reason}")
    for tag in whole.tags:
        why = f", {tag.seen} of {tag.of} seconds watched" if tag.of else ""
        click.echo(f"  {tag.kind} {tag.value}{why}")
    for name in whole.segments:
        click.echo(f"  in the segment {name}")
    if maybe:
        click.echo(f"  perhaps in {len(maybe)} browsers more, where a link made for them was opened")
    for other in told["conflicts"]:
        click.echo(f"  perhaps one with {other['other']} (the same {other['kind']}): merge them, or leave it")
    return 0


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


def opened(place: Workplace, rows: Sequence[LeadRow]) -> list[Person]:
    """Leads with their names and addresses."""
    from repurpose.leads.people import people
    from repurpose.leads.vault import vault_of

    return people(place.engine, vault_of(place.engine, place.settings), rows)


def minutes(ms: int) -> str:
    """So many minutes."""
    return f"{ms / 60_000:.1f} min"


def _reason(place: Workplace, one: Entry) -> str:
    from repurpose.db import assets
    from repurpose.text.clock import clock

    film = assets.find(place.engine, one.asset) if one.asset else None
    where = ", ".join(f"{clock(start)}-{clock(end)}" for start, end in one.seen)
    return " ".join(part for part in (f"{one.points:+g}", one.rule, film.path if film else "", where) if part)
