"""The review 复盘 of an event, as data: what was watched, the funnel and its shape, what led to it, the leads and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from repurpose.db import leads, reported
from repurpose.db.events import EventRow
from repurpose.db.films import paths_of
from repurpose.leads.attribution import WAYS, Touch, attribution
from repurpose.leads.funnel import Funnel, funnel
from repurpose.leads.long_tail import long_tail
from repurpose.leads.north_star import north_star
from repurpose.models.base import DAY_MS
from repurpose.models.published import Release
from repurpose.pipeline.release import shown_of
from repurpose.pipeline.scored import Scored, answers_of, scored
from repurpose.pipeline.watched import watched_of
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load_leads

MOST = 20  # leads that are told of one by one
REASONS = 6
ACTIVE = 30 * DAY_MS


def report_of(place: Workplace, event: EventRow, now: int) -> dict[str, Any]:
    """The whole review as plain data, ready for JSON: times on the recording in ms, moments in ms since 1970."""
    ids = leads.of_event(place.engine, event.id)
    found = scored(place, ids, answers_of(place, ids), now)
    return seen_of(place, event, now) | earned_of(place, event, found, now)


def seen_of(place: Workplace, event: EventRow, now: int) -> dict[str, Any]:
    """What of the review says of nobody who they are: what was watched, second by second and version by version."""
    watched = watched_of(place, event)
    release = shown_of(place, event)
    begins = event.published or event.created
    lengths = _lengths(release) if release else {}
    return {
        "event": {
            "id": event.id, "title": event.title, "date": event.date, "language": event.language, "published": begins,
            "duration": watched.length, "now": now, "day": (now - begins) // DAY_MS,
        },
        "watched": {
            "viewers": watched.viewers, "views": sum(one.views for one in watched.versions),
            "watch_ms": sum(one.watch_ms for one in watched.versions),
            "halves": sum(one.halves for one in watched.versions),
            "completes": sum(one.completes for one in watched.versions),
        },
        "heat": {
            "plays": watched.heat.plays.tolist(), "seen": watched.heat.viewers.tolist(),
            "hot": [asdict(one) for one in watched.hot],
            "chapters": [{"start": one.start, "end": one.end, "title": one.title} for one in (release.chapters.items if release else ())],
        },
        "proposals": [asdict(one) for one in watched.proposals],
        "versions": [
            asdict(one) | {"path": watched.paths.get(one.asset_id, ""), "duration": lengths.get(watched.paths.get(one.asset_id, ""), 0)}
            for one in sorted(watched.versions, key=lambda one: (-one.watch_ms, one.asset_id))
        ],
        "totals": [asdict(one) for one in watched.totals],
    }  # fmt: skip


def earned_of(place: Workplace, event: EventRow, found: Sequence[Scored], now: int) -> dict[str, Any]:
    """And what it says of leads, which are `found` with the highest score first: the funnel, what led to it, who they are
    and why."""
    engine = place.engine
    rules, paths = load_leads(place.settings.presets), paths_of(engine, event.id)
    answers = answers_of(place, [one.id for one in found[:MOST]])
    shape = funnel((one.highest for one in found), rules.average, told=any(one.words for one in found))
    live = leads.attendance(engine, event_id=event.id)
    came = {one.lead_id for one in live if one.attended or one.minutes}
    active = [one for one in found if any(which == event.id and now - at.at < ACTIVE for which, at in one.touches)]
    star = north_star(
        shape.counts, registered=len({one.lead_id for one in live}), attended=len(came), active=len(active)
    )
    begins = event.published or event.created
    return {
        "channels": _channels(place, event.id, found),
        "live": {"registered": len({one.lead_id for one in live}), "attended": len(came), "minutes": sum(one.minutes for one in live)},
        "north_star": asdict(star),
        "funnel": _funnel(shape),
        "won_amount": sum(word.amount for one in found for word in one.words if word.stage == "won"),
        "attribution": _credits(found, event.id, paths),
        "leads": [_lead(one, answers.get(one.id, {}), paths) for one in found[:MOST]],
        "lead_count": len(found),
        "tail": asdict(long_tail(reported.view_times(engine, event.id), begins, now)),
    }  # fmt: skip


def _lengths(release: Release) -> dict[str, int]:
    lengths = {one.path: one.duration_ms for one in release.package.assets if one.duration_ms}
    return lengths | {"replay.mp4": release.package.recording.duration}


def _channels(place: Workplace, event_id: str, found: Sequence[Scored]) -> list[dict[str, Any]]:
    """What came through each channel, and the leads that watched anything through it."""
    people = Counter(
        channel for one in found for channel in {touch.channel for event, touch in one.touches if event == event_id}
    )
    return [asdict(one) | {"leads": people[one.channel]} for one in reported.channels(place.engine, event_id)]


def _funnel(shape: Funnel) -> dict[str, Any]:
    rates = [asdict(one) | {"few": one.few, "below": one.below, "above": one.above} for one in shape.rates]
    return {"counts": shape.counts, "rates": rates, "shape": shape.shape, "stuck": shape.stuck}


def _credits(found: Sequence[Scored], event_id: str, paths: Mapping[str, str]) -> dict[str, Any]:
    """Who came so far as an MQL, and what of this event they watched before."""
    journeys: list[tuple[list[Touch], int]] = []
    for one in found:
        at = next((step.at for step in one.steps if step.stage not in ("lead", "lost")), None)
        if at is not None:
            journeys.append(([touch for event, touch in one.touches if event == event_id], at))
    ways: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for way, by in WAYS.items():
        for key, credit in attribution(journeys, by).items():
            if key:
                ways[way].append({"key": paths.get(key, key) if way == "asset" else key} | asdict(credit))
    return {"conversions": len(journeys), **{way: ways[way] for way in WAYS}}


def _lead(one: Scored, said: Mapping[str, str], paths: Mapping[str, str]) -> dict[str, Any]:
    best = sorted(one.ledger, key=lambda line: (-line.points, -line.at))[:REASONS]
    return {
        "id": one.id, "name": said.get("name", ""), "company": said.get("company", ""), "title": said.get("title", ""),
        "score": round(one.score, 1), "stage": one.stage, "rfe": asdict(one.rfe), "since": one.since,
        "days": one.habit.days, "last": one.habit.since,
        "reasons": [asdict(line) | {"path": paths.get(line.asset, "")} for line in best],
    }  # fmt: skip
