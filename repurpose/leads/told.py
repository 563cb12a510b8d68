"""A lead in plain values: as the command line and the API tell of it, and as a line of a sheet."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from repurpose.db import leads as rows
from repurpose.db.session import Database
from repurpose.leads.people import Person, Watched, watched
from repurpose.models.seconds import runs

SHEET = (
    "id", "name", "email", "phone", "company", "title", "source", "first_seen", "last_seen", "watched_minutes",
    "recording_minutes", "events", "registered", "attended", "attended_minutes", "questions", "polls",
)  # fmt: skip


def told_of(engine: Database, person: Person, event_id: str = "", *, whole: bool = False) -> dict[str, Any]:
    """What is known of a lead, of one event or of all; `whole`: with the questions that wait for a person."""
    seen = [one for one in watched(engine, person.id) if event_id in ("", one.event_id)]
    came = rows.attendance(engine, lead_id=person.id, event_id=event_id)
    told: dict[str, Any] = {
        "id": person.id, "source": person.source, "first": person.first, "updated": person.updated,
        "about": dict(person.about), "known_by": [{"kind": kind, "value": value} for kind, value in person.known_by],
        "watch_ms": sum(one.watch_ms for one in seen), "seconds": sum(one.seconds for one in seen),
        "last": max([one.last for one in seen], default=None),
        "attendance": [{name: value for name, value in asdict(one).items() if name != "lead_id"} for one in came],
        "watched": [_seen(one) for one in seen],
    }  # fmt: skip
    if whole:
        told["conflicts"] = [
            {"id": one.id, "other": one.other_id if one.lead_id in person.members else one.lead_id, "kind": one.kind}
            for one in rows.conflicts(engine, lead_id=person.id)
        ]
    return told


def _seen(one: Watched) -> dict[str, Any]:
    return {
        "event": one.event_id, "title": one.title, "seconds": one.seconds, "watch_ms": one.watch_ms, "first": one.first,
        "last": one.last, "channels": list(one.channels), "runs": [list(run) for run in runs(one.bits)],
        "versions": [asdict(version) for version in one.versions],
    }  # fmt: skip


def line_of(told: dict[str, Any]) -> list[Any]:
    """The columns of `SHEET`."""

    def day(at: int | None) -> str:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds") if at else ""

    def known(kind: str) -> str:
        return " ".join(one["value"] for one in told["known_by"] if one["kind"] == kind)

    came, about = told["attendance"], told["about"]
    line = [
        told["id"], about.get("name", ""), known("email"), known("phone"), about.get("company", ""), about.get("title", ""),
        told["source"], day(told["first"]), day(told["last"]), round(told["watch_ms"] / 60_000, 1),
        round(told["seconds"] / 60, 1), " ".join(dict.fromkeys(one["title"] for one in told["watched"])), len(came),
        sum(bool(one["attended"]) for one in came), sum(one["minutes"] for one in came),
        sum(one["questions"] for one in came), sum(one["polls"] for one in came),
    ]  # fmt: skip
    return [plain_text(one) for one in line]


def plain_text(value: Any) -> Any:
    """What a person wrote is text to a spreadsheet, and no formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
