"""`repurpose leads`: who watched. Registrants come in, leads are listed, shown, exported, merged and forgotten."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from repurpose.cli.one_lead import erase, merge, minutes, opened, show, unmerge
from repurpose.cli.views import event_named
from repurpose.errors import UserError
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.db.events import EventRow
    from repurpose.db.leads import LeadRow
    from repurpose.pipeline.standing import Standing
    from repurpose.pipeline.workplace import Workplace

FILE = click.Path(path_type=Path)
AT_ONCE = 500  # sightings in one transaction: between them views are written
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
EVENT = click.option("--event", "name", help="The event, by its name or address.")
SEGMENT = click.option("--segment", help="Those in a segment, by its name in presets/segments.toml.")
TOLD = 20  # lines of a file that could not be taken in, told one by one


@click.group()
def leads() -> None:
    """Take in registrants, list leads with what each watched, export them, merge them, forget them."""


@leads.command("import")
@click.argument("file", type=FILE, required=False)
@EVENT
@click.option(
    "--from",
    "source",
    type=click.Choice(("vhall", "polyv", "zoom", "gotowebinar", "csv")),
    help="Else it is seen from the columns.",
)
@click.option(
    "--map", "mapped", multiple=True, metavar="FIELD=COLUMN", help="What a column is called, such as phone=联系方式."
)
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Of times that name no zone.")
@click.option("--forms", is_flag=True, help="Take in the forms that were sent in on the site, also those of before.")
@JSON
def import_(
    file: Path | None, name: str | None, source: str | None, mapped: tuple[str, ...], zone: str, forms: bool, as_json: bool
) -> int:  # fmt: skip
    """Take in registrants or attendees from the CSV of a platform: Vhall, Polyv, Zoom, GoToWebinar, or any other.

    With --event what they did there is kept: registered, attended, minutes, questions, polls. Lines that name nobody are
    told by number; the rest is taken in. The same file taken in again changes nothing.
    """
    from repurpose.leads.vault import vault_of
    from repurpose.pipeline.workplace import Workplace

    if (file is None) != forms:
        raise click.UsageError("Say `repurpose leads import FILE`, or `repurpose leads import --forms`.")
    with Workplace(settings_from()) as place:
        vault = vault_of(place.engine, place.settings)
        if file is None:
            from repurpose.leads.forms import take_in_all

            counts: dict[str, Any] = {"lines": [], **take_in_all(place.engine, vault)}
        else:
            counts = _take_in(place, vault, file, name, source or "", mapped, zone, quiet=as_json)
    problems = counts.pop("lines")
    if as_json:
        click.echo(json.dumps(counts | {"problems": problems}, ensure_ascii=False))
        return 0
    words = {
        "new": "new", "known": "known already", "again": "taken in before", "refused": "without a name that can be read",
        "suppressed": "forgotten, and left so",
    }  # fmt: skip
    told = [f"{counts[state]} {word}" for state, word in words.items() if counts.get(state)]
    click.echo(f"{file or 'forms'}: {', '.join(told) or 'nobody'}")
    for problem in problems[:TOLD]:
        click.echo(
            f"  line {problem['line']}: {problem['why']}" + (" (left out)" if problem["left_out"] else ""), err=True
        )
    if len(problems) > TOLD:
        click.echo(f"  and {len(problems) - TOLD} lines more; --json tells all", err=True)
    return 0


@leads.command("list")
@EVENT
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--hot", is_flag=True, help="Those with the highest score first, each with its score and stage.")
@SEGMENT
@JSON
def list_(name: str | None, limit: int, hot: bool, segment: str | None, as_json: bool) -> int:
    """List leads, the newest first, with what each watched; with --hot or --segment with their scores and tags too."""
    from repurpose.leads.told import told_of_each
    from repurpose.pipeline.standing import plain
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        rows, event = rows_of(place, name, None if hot or segment else limit)
        stands: dict[str, dict[str, Any]] = {}
        if hot or segment:
            chosen = {one.scored.id: one for one in _chosen(place, rows, segment)}
            in_order = list(chosen) if hot else [row.id for row in rows if row.id in chosen]
            by_id = {row.id: row for row in rows}
            stands = {one: plain(chosen[one]) for one in in_order[:limit]}
            rows = [by_id[one] for one in stands]
        told = told_of_each(place.engine, opened(place, rows), event.id if event else "")
        shown = [one | stands.get(one["id"], {}) for one in told]
    if as_json:
        click.echo(json.dumps({"leads": shown}, ensure_ascii=False))
        return 0
    if not shown:
        none = f"No lead is in the segment {segment}." if segment else ""
        click.echo(none or "No leads yet. `repurpose leads import FILE --event NAME` takes in who registered.")
    for one in shown:
        about = one["about"]
        who = " · ".join(text for text in (about.get("name"), about.get("company"), about.get("title")) if text)
        worth = f"{one['score']:5.1f} {one['stage']:4}  " if stands else ""
        topics = [tag["value"] for tag in one.get("tags", ()) if tag["kind"] in ("topic", "term")]
        likes = f"  [{', '.join(topics[:3])}]" if topics else ""
        names = who or one["known_by"][0]["value"]
        click.echo(f"{one['id']}  {worth}{minutes(one['watch_ms'])} watched  {names}{likes}")
    return 0


@leads.command()
@click.argument("file", type=FILE)
@EVENT
@SEGMENT
@click.option("--parquet", is_flag=True, help="A Parquet file instead of CSV; takes the extra `parquet`.")
def export(file: Path, name: str | None, segment: str | None, parquet: bool) -> int:
    """Write all leads with their scores and tags to FILE, a CSV that spreadsheets open; only its owner may read it. It is
    written down who did."""
    from repurpose.db import audit
    from repurpose.leads.sheets import as_csv, as_parquet, line_of
    from repurpose.leads.told import told_of_each
    from repurpose.pipeline.standing import plain
    from repurpose.pipeline.workplace import Workplace

    with Workplace(settings_from()) as place:
        rows, event = rows_of(place, name, None)
        stands = {one.scored.id: plain(one) for one in _chosen(place, rows, segment)}
        people = opened(place, [row for row in rows if row.id in stands])
        told = told_of_each(place.engine, people, event.id if event else "")
        lines = [line_of(one | stands[one["id"]]) for one in told]
        data = as_parquet(lines) if parquet else as_csv(lines)
        audit.note(place.engine, "cli", "leads.export", event.id if event else "all", count=len(lines))
        with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            out.write(data)
    click.echo(f"{file}: {len(lines)} leads")
    return 0


def _chosen(place: Workplace, rows: Sequence[LeadRow], segment: str | None) -> list[Standing]:
    """These leads as they stand, the highest score first; with `segment` those that are in it. Raises UserError for none."""
    from repurpose.db.jobs import now
    from repurpose.pipeline.standing import standings
    from repurpose.presets import load_segments

    rules = load_segments(place.settings.presets)
    names = [one.name for one in rules.segment]
    if segment is not None and segment not in names:
        raise UserError(f"--segment {segment}: there is none of this name. There are: {', '.join(names) or 'none'}.")
    found = standings(place, [row.id for row in rows], now(), rules)
    return [one for one in found if segment is None or segment in one.segments]


def _take_in(
    place: Workplace, vault: Any, file: Path, name: str | None, source: str, mapped: Sequence[str], zone: str, *, quiet: bool
) -> dict[str, Any]:  # fmt: skip
    import sys
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from repurpose.cli.given import readable
    from repurpose.leads.importers import read_registrants, sightings_of
    from repurpose.leads.known import identify

    pairs = dict(one.partition("=")[::2] for one in mapped)
    if not all(pairs.values()):
        raise click.UsageError("--map: write FIELD=COLUMN, such as phone=联系方式.")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UserError(f"--zone {zone}: no such time zone. Write it as Asia/Shanghai.") from None
    event = event_named(place, name) if name else None
    try:
        found = read_registrants(readable(file).read_bytes(), source, pairs, zone)
    except UserError as fault:
        raise UserError(f"{file}: {fault}") from None
    given = sightings_of(found, event.id if event else None)
    counts: dict[str, Any] = {"source": found.source, "lines": [asdict(one) for one in found.problems]}
    for at in range(0, len(given), AT_ONCE):
        for outcome in identify(place.engine, vault, given[at : at + AT_ONCE]):
            counts[outcome.state] = counts.get(outcome.state, 0) + 1
        if not quiet and sys.stderr.isatty() and len(given) > AT_ONCE:
            click.echo(f"\r{min(len(given), at + AT_ONCE)} of {len(given)}", nl=False, err=True)
    return counts


def rows_of(place: Workplace, name: str | None, limit: int | None) -> tuple[list[LeadRow], EventRow | None]:
    """Leads of an event and the event, or of all; the newest first."""
    from repurpose.db import leads as rows

    event = event_named(place, name) if name else None
    of = event.id if event else ""
    if limit is not None:
        return rows.listed(place.engine, event_id=of, limit=limit), event
    every: list[LeadRow] = []
    while page := rows.listed(
        place.engine, event_id=of, limit=500, after=(every[-1].created, every[-1].id) if every else None
    ):
        every += page
    return every, event


for settled in (show, merge, unmerge, erase):
    leads.add_command(settled)
