"""`repurpose views`: what was watched of an event, second by second of its recording; and totals from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from repurpose.errors import UserError
from repurpose.settings import settings_from

if TYPE_CHECKING:
    from repurpose.db.events import EventRow
    from repurpose.pipeline.workplace import Workplace

FILE = click.Path(path_type=Path)
IMPORT = "import"  # in the place of an event's name
BARS = " ▁▂▃▄▅▆▇█"
WIDE = 72  # characters of the curve


@click.command()
@click.argument("name")
@click.argument("file", type=FILE, required=False)
@click.option("--event", "of", help="With import: the event the totals are of.")
@click.option(
    "--retention", type=FILE, help="Write what viewers watched to this file, for `repurpose run --retention`."
)
@click.option(
    "--choices", type=FILE, help="Write the short cuts they ask for to this file, for `repurpose run --choices`."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def views(
    name: str, file: Path | None, of: str | None, retention: Path | None, choices: Path | None, as_json: bool
) -> int:
    """Show what viewers watched of the event NAME: each version, and the seconds that were watched most, with what is said.

    `repurpose views import FILE --event NAME` takes in totals that only come as numbers, from a CSV with the columns
    platform, asset, date and views. They are shown beside the rest and never added to it.
    """
    from repurpose.pipeline.workplace import Workplace

    if (name == IMPORT) != (file is not None) or (file is not None) != (of is not None):
        raise click.UsageError("Say `repurpose views NAME`, or `repurpose views import FILE --event NAME`.")
    with Workplace(settings_from()) as place:
        event = event_named(place, of or name)
        if file is not None:
            return _take_in(place, event, file)
        if retention is not None:
            return _write_retention(place, event, retention)
        if choices is not None:
            return _write_choices(place, event, choices)
        return _show(place, event, as_json=as_json)


def event_named(place: Workplace, name: str) -> EventRow:
    """The event on the site of this name, address or id. Raises UserError where there is none."""
    from repurpose.db import events

    found = events.of_name(place.engine, name) or events.by_slug(place.engine, name) or events.find(place.engine, name)
    if found is None:
        raise UserError(f"{name}: no event of this name is on the site. `repurpose publish {name}` shows one.")
    return found


def _take_in(place: Workplace, event: EventRow, file: Path) -> int:
    from repurpose.cli.given import readable
    from repurpose.db import views as rows
    from repurpose.db.films import paths_of
    from repurpose.track.totals import read_totals

    try:
        text = readable(file).read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = file.read_text("gb18030", "replace")  # as spreadsheets in Chinese write it
    films = paths_of(place.engine, event.id)
    totals = read_totals(text, file.name, films)
    rows.put_totals(place.engine, event.id, totals)
    click.echo(f"{event.title}: {len(totals)} totals from {len({one.platform for one in totals})} platforms")
    return 0


def _write_retention(place: Workplace, event: EventRow, file: Path) -> int:
    from repurpose.pipeline.watched import retention_of

    found = retention_of(place, event.id, enough=1)
    if not found.watched:
        raise UserError(f"{event.title}: nobody watched any of it yet.")
    file.write_text(found.model_dump_json(), "utf-8")
    click.echo(f"{file}: {len(found.watched)} seconds")
    return 0


def _write_choices(place: Workplace, event: EventRow, file: Path) -> int:
    from repurpose.models import Choices, Span
    from repurpose.pipeline.watched import watched_of

    asked = watched_of(place, event).proposals
    if not asked:
        raise UserError(f"{event.title}: no stretch stands out that a short cut does not show yet.")
    file.write_text(Choices(keep=tuple(Span(start=one.start, end=one.end) for one in asked)).model_dump_json(), "utf-8")
    click.echo(f"{file}: {len(asked)} stretches")
    return 0


def _show(place: Workplace, event: EventRow, *, as_json: bool) -> int:
    from repurpose.pipeline.watched import watched_of
    from repurpose.text.clock import clock

    watched = watched_of(place, event)
    heat, counted, totals = watched.heat, watched.versions, watched.totals
    if as_json:
        told = {
            "event": event.id, "viewers": watched.viewers, "plays": heat.plays.tolist(), "seen": heat.viewers.tolist(),
            "hot": [vars(one) for one in watched.hot], "proposals": [vars(one) for one in watched.proposals], "assets": [vars(one) | {"path": watched.paths[one.asset_id]} for one in counted],
            "totals": [vars(one) for one in totals], "fates": watched.fates,
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0
    if not counted:
        click.echo(f"{event.title}: nobody watched any of it yet.")
    else:
        click.echo(f"{event.title}: {watched.viewers} viewers")
        click.echo(f"  {'':<32} {'views':>7} {'viewers':>7} {'watched':>9} {'half':>5} {'whole':>5}")
    for one in sorted(counted, key=lambda one: -one.views):
        share = [f"{100 * part / one.views:.0f}%" if one.views else "-" for part in (one.halves, one.completes)]
        lasted = clock(one.watch_ms)
        path = watched.paths[one.asset_id]
        click.echo(f"  {path:<32} {one.views:>7} {one.viewers:>7} {lasted:>9} {share[0]:>5} {share[1]:>5}")
    if heat.plays.any():
        click.echo(f"  {curve(heat.plays.tolist())}")
        for place_ in watched.hot:
            again = f", {100 * place_.again:.0f}% again" if place_.again >= 0.05 else ""
            click.echo(
                f"  {clock(place_.start)}-{clock(place_.end)}  {place_.plays:g} times{again}  {place_.text}".rstrip()
            )
    for asked in watched.proposals:
        hot, span = (f"{clock(a)}-{clock(b)}" for a, b in ((asked.hot_start, asked.hot_end), (asked.start, asked.end)))
        click.echo(f"  viewers re-watched {hot}, {asked.times:g} times as often as usual: make {span} a {asked.cut}")
    for total in totals:
        name = watched.paths.get(total.asset_id, "")
        more = " ".join(f"{key} {value}" for key, value in total.numbers.items())
        click.echo(f"  {total.platform} {total.date} {name}: {total.views} views {more}".rstrip())
    return 0


def curve(plays: Sequence[int], wide: int = WIDE) -> str:
    """The heat in one line of blocks: the mean of each part, the tallest the hottest."""
    size = min(wide, len(plays))
    edges = [len(plays) * at // size for at in range(size + 1)]
    means = [sum(plays[a:b]) / (b - a) for a, b in pairwise(edges)]
    top = max(means) or 1
    return "".join(BARS[-(-round(8 * mean / top * 1000) // 1000)] for mean in means)
