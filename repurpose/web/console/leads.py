"""`/console/leads`: whom to call first, and why: the very seconds that made them hot."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from repurpose.db import events, films, leads
from repurpose.db.events import EventRow
from repurpose.db.jobs import now
from repurpose.db.session import Database
from repurpose.leads.people import people, perhaps
from repurpose.leads.score import score
from repurpose.leads.told import told_of
from repurpose.leads.vault import vault_of
from repurpose.models.scored import Entry
from repurpose.models.seconds import seconds
from repurpose.pipeline.scored import Scored
from repurpose.presets import load_leads
from repurpose.web.console.frame import AT, HOT, Console, May, tongue_of
from repurpose.web.console.pages import wording
from repurpose.web.problems import Problem
from repurpose.web.who import Seller

PAGE, REASONS = 30, 3
MANY = 500  # events read at a time
STAGES = ("hot", "lead", "mql", "sql", "opp", "won", "lost")
NAMED = {"name": "", "company": "", "title": ""}  # what a lead may not have told
WIDE = 1000  # of the drawing of what was watched
Slug = Annotated[str, Query(pattern="^[a-z0-9-]{0,80}$")]


@dataclass(frozen=True)
class Reason:
    """A line of the ledger with what it rests on: the version, and where its seconds can be seen."""

    line: dict[str, Any]
    event: EventRow | None

    @property
    def shown(self) -> bool:
        return self.event is not None and self.event.state == "published"


def routes(console: Console) -> APIRouter:
    """The pages of leads."""
    router = APIRouter(include_in_schema=False)
    engine, settings = console.place.engine, console.place.settings

    @router.get(f"{AT}/leads")
    def console_leads(
        request: Request,
        asker: Seller,
        event: Slug = "",
        stage: Annotated[str, Query(pattern="^[a-z]{0,4}$")] = "",
        page: Annotated[int, Query(ge=1, le=1000)] = 1,
    ) -> Response:
        """Leads, the highest score first; of one event, or on one stage."""
        of = events.by_slug(engine, event) if event else None
        if event and of is None:
            raise Problem("not-found", what="event")
        found = console.leads_of(of.id if of else "")
        counts = {name: sum(_is(one, name) for one in found) for name in STAGES}
        chosen = [one for one in found if not stage or _is(one, stage)]
        shown = chosen[PAGE * (page - 1) : PAGE * page]
        shown_events = [one for one in _every_event(engine) if one.state != "draft"] if May(asker).read else []
        about = {
            "cards": _cards(shown), "counts": counts, "all": len(found), "of": of, "stage": stage, "number": page,
            "more": len(chosen) > PAGE * page, "events": shown_events,
        }  # fmt: skip
        return console.send(request, asker, "leads", about)

    @router.get(f"{AT}/leads/{{lead_id}}")
    def console_lead(
        request: Request, asker: Seller, lead_id: Annotated[str, Path(pattern="^le_[a-z2-7]{20}$")]
    ) -> Response:
        """One lead: who, how hot, why, and what of each event they watched."""
        row, stands = leads.load(engine, lead_id), console.ranked.one(lead_id)
        if row is None or stands is None:
            raise Problem("not-found", what="lead")
        at, rules = now(), load_leads(settings.presets)
        [person] = people(engine, vault_of(engine, settings), [row])
        told = told_of(engine, person, whole=True)
        shelf = _Shelf(console)
        reasons = [
            {"reason": shelf.reason(line), "left": score([line], at, rules)}
            for line in sorted(stands.ledger, key=lambda line: -line.at)
        ]  # fmt: skip
        about = told | {
            "about": NAMED | told["about"],
            "stands": stands, "reasons": reasons, "perhaps": perhaps(engine, row),
            "watched": [one | shelf.strip(one) for one in told["watched"]], "hot": stands.stage in HOT,
            "source_word": wording(tongue_of(request)).texts["source"].get(row.source.partition(":")[0], row.source),
        }  # fmt: skip
        return console.send(request, asker, "lead", about)

    def _cards(shown: list[Scored]) -> list[dict[str, Any]]:
        rows = {row.id: row for row in leads.those(engine, [one.id for one in shown])}
        opened = {one.id: one for one in people(engine, vault_of(engine, settings), list(rows.values()))}
        shelf = _Shelf(console)
        made = []
        for one in shown:
            if one.id not in opened:
                continue
            told = told_of(engine, opened[one.id])
            best = sorted(one.ledger, key=lambda line: (-line.points, -line.at))[:REASONS]
            reasons = [shelf.reason(line) for line in best]
            made.append(
                told | {"stands": one, "reasons": reasons, "hot": one.stage in HOT, "about": NAMED | told["about"]}
            )
        return made

    return router


def _every_event(engine: Database) -> list[EventRow]:
    """All events, the newest first."""
    rows: list[EventRow] = []
    while page := events.listed(engine, limit=MANY, after=(rows[-1].created, rows[-1].id) if rows else None):
        rows += page
    return rows


def _is(one: Scored, stage: str) -> bool:
    return one.stage in HOT if stage == "hot" else one.stage == stage


class _Shelf:
    """Events and their films, each read once."""

    def __init__(self, console: Console) -> None:
        self.engine = console.place.engine
        self._events: dict[str, tuple[EventRow | None, dict[str, str], int]] = {}

    def _open(self, event_id: str) -> tuple[EventRow | None, dict[str, str], int]:
        if event_id not in self._events:
            every = films.films_of(self.engine, event_id).values()
            whole = max((end for one in every for _, end in one.spans), default=0)
            self._events[event_id] = (
                events.find(self.engine, event_id), films.paths_of(self.engine, event_id), seconds(whole),
            )  # fmt: skip
        return self._events[event_id]

    def reason(self, line: Entry) -> Reason:
        """The line with the path of its version and its event."""
        event, paths, _ = self._open(line.event) if line.event else (None, {}, 0)
        return Reason(asdict(line) | {"path": paths.get(line.asset, "")}, event)

    def strip(self, seen: dict[str, Any]) -> dict[str, Any]:
        """Which part of the recording was watched, drawn on a line of so many units, and where the event stands."""
        event, _, whole = self._open(seen["event"])
        whole = max(1, whole, *(end for _, end in seen["runs"]))
        drawn = [
            (round(WIDE * first / whole, 1), round(max(2.0, WIDE * (end - first) / whole), 1), first)
            for first, end in seen["runs"]
        ]  # fmt: skip
        return {"row": event, "of": whole, "drawn": drawn, "share": seen["seconds"] / whole}
