"""What batches add to what is known: new rows, sessions, visitors and heat. Pure; whoever calls reads and writes.

Only an event that was not there before adds anything, and what it adds is joined by `|`, `+` and `max`: sent again, late or
in another order, the same events come to the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from repurpose.models import Ms
from repurpose.models.base import DAY_MS
from repurpose.models.film import Film, shown
from repurpose.models.seconds import covered, mask, runs
from repurpose.track.arrived import IN_SIGHT, Batch, Event
from repurpose.track.steps import KEPT, Came, Fate, fates_of, fits, happened, takes

VIEW_S = 10  # a view is so much of a film, or half of it
RECEIVED = "received"  # counted beside the fates, at the door
Stretches = list[tuple[int, int]]


@dataclass
class Session:
    """One film in one page: a row of `view_sessions`, its bits as a number."""

    psid: str
    event_id: str
    asset_id: str
    release: int
    visitor: str
    link: str
    person_id: str
    channel: str
    hint: str
    kind: str
    variants: str
    created: int
    updated: int
    loads: int = 0
    plays: int = 0
    watch_ms: Ms = 0
    hidden_ms: Ms = 0
    wall_ms: Ms = 0
    end_ms: Ms = 0
    seconds: int = 0
    viewed: int = 0
    half: int = 0
    complete: int = 0
    bits: int = 0


@dataclass
class Visitor:
    """What one visitor saw of an event's recording: a row of `view_visitors`."""

    event_id: str
    visitor: str
    created: int
    updated: int
    watch_ms: Ms = 0
    bits: int = 0


@dataclass(frozen=True)
class Arrival:
    """A batch that may be written, with the fate of each of its events as far as it can be told."""

    batch: Batch
    came: Came
    film: Film
    fates: tuple[Fate, ...]


class Row(NamedTuple):
    """A row of `view_events`."""

    psid: str
    event: Event
    fate: Fate
    at: int
    came: int


@dataclass
class Heat:
    """What is to be added to the heat of one version, or of a recording: stretches that were played, and first seen."""

    plays: Stretches = field(default_factory=list)
    viewers: Stretches = field(default_factory=list)


@dataclass
class Folded:
    """What is to be written."""

    rows: list[Row] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    heat: dict[tuple[str, str], Heat] = field(default_factory=dict)  # (event, asset); "" for the recording
    counts: Counter[tuple[int, str, str]] = field(default_factory=Counter)  # (day, event, fate)


def arrive(batch: Batch, came: Came) -> Arrival | Counter[tuple[int, str, str]]:
    """A batch that can be written; else what is to be counted of it."""
    fates = fates_of(batch, came)
    if came.film is not None and any(fate in KEPT for fate in fates):
        return Arrival(batch, came, came.film, fates)
    counts: Counter[tuple[int, str, str]] = Counter()
    _count(counts, batch, came, fates)
    return counts


def visits(arrivals: Iterable[Arrival]) -> set[tuple[str, str]]:
    """The (event, visitor) that may change, where there is no session yet that says who it was."""
    return {(one.film.event, one.came.visitor) for one in arrivals}


def fold(
    arrivals: Sequence[Arrival],
    known: MutableMapping[str, Session],
    visitors: MutableMapping[tuple[str, str], Visitor],
    seen: set[tuple[str, int]],
) -> Folded:
    """What these batches add to the sessions and visitors that are known; `seen` are those of their events that are there.

    The mappings and the set are brought up to date too.
    """
    made = Folded()
    for one in arrivals:
        batch, came = one.batch, one.came
        session = known.get(batch.psid)
        if session is None:
            session = known[batch.psid] = _begun(one)
        ours = session.asset_id == one.film.asset
        changed, fates = False, list(one.fates)
        for at, event in enumerate(batch.events):
            fate = fates[at]
            if (batch.psid, event.n) in seen:
                fates[at] = "duplicate" if fate in KEPT else fate
                continue
            if fate not in KEPT:
                continue
            if fate == "accepted" and not (ours and (event.k != "seg" or fits(session.wall_ms, session.end_ms, event))):
                fate = fates[at] = "implausible"
            elif fate == "accepted" and session.kind != "viewer":  # what a player was taken for, it stays
                fate = fates[at] = "bot" if session.kind == "bot" else "staff"
            seen.add((batch.psid, event.n))
            made.rows.append(Row(batch.psid, event, fate, happened(event, batch, came), came.at))
            changed = True
            if fate == "accepted":
                _add(made, session, visitors, event, one)
        if changed:
            if ours:
                _measure(session, one.film)
            session.updated = max(session.updated, came.at)
            made.sessions[batch.psid] = session
        _count(made.counts, batch, came, fates)
    return made


def _begun(one: Arrival) -> Session:
    batch, came, token = one.batch, one.came, one.came.token
    return Session(
        psid=batch.psid, event_id=one.film.event, asset_id=one.film.asset, release=token.release if token else 0,
        visitor=came.visitor, link=came.link, person_id=came.person, channel=came.channel,
        hint=token.hint if token and came.consents else "", kind=came.who,
        variants=_variants(came), created=came.at, updated=came.at,
    )  # fmt: skip


def _variants(came: Came) -> str:
    """What the reader of the page was dealt. Who agrees to be recognised on the page is another visitor from then on, and
    was dealt nothing: of one reader, the same coin would count twice."""
    token = came.token
    return token.variants if token is not None and token.dealt_to == came.visitor[:1] else ""


def _add(
    made: Folded, session: Session, visitors: MutableMapping[tuple[str, str], Visitor], event: Event, one: Arrival
) -> None:
    if event.k == "load":
        session.loads += 1
    elif event.k == "play":
        session.plays += 1
    elif event.k == "seg":
        session.wall_ms += takes(event)
        session.end_ms = max(session.end_ms, event.dt + event.w)
        if event.flags & IN_SIGHT:
            _watched(made, session, visitors, event, one)
        else:
            session.hidden_ms += event.b - event.a


def _watched(
    made: Folded, session: Session, visitors: MutableMapping[tuple[str, str], Visitor], event: Event, one: Arrival
) -> None:
    film, a, b = one.film, event.a, min(event.b, one.film.length)
    session.watch_ms += event.b - event.a
    first, end = covered(a, b)
    of_asset = made.heat.setdefault((film.event, film.asset), Heat())
    of_asset.plays.append((first, end))
    session.bits = _join(session.bits, first, end, of_asset.viewers)

    key = (film.event, session.visitor)
    visitor = visitors.get(key)
    if visitor is None:
        visitor = visitors[key] = Visitor(film.event, session.visitor, one.came.at, one.came.at)
    visitor.watch_ms += event.b - event.a
    visitor.updated = max(visitor.updated, one.came.at)
    made.visitors[key] = visitor
    of_event = made.heat.setdefault((film.event, ""), Heat())
    for start, stop in shown(film, a, b):
        first, end = covered(start, stop)
        of_event.plays.append((first, end))
        visitor.bits = _join(visitor.bits, first, end, of_event.viewers)


def _join(bits: int, first: int, end: int, fresh: Stretches) -> int:
    """`bits` with first..end-1; what of it was not there before is added to `fresh`."""
    if first >= end:
        return bits
    whole = mask(0, end - first)
    new = whole & ~(bits >> first)  # a small number, however long the film
    if new == whole:
        fresh.append((first, end))
    else:
        fresh += [(first + start, first + stop) for start, stop in runs(new)]
    return bits | new << first


def _measure(session: Session, film: Film) -> None:
    session.seconds = session.bits.bit_count()
    session.viewed = int(session.seconds >= min(VIEW_S, -(-film.seconds // 2)))
    session.half = int(2 * session.seconds >= film.seconds)
    session.complete = int(100 * session.seconds >= 95 * film.seconds)


def _count(counts: Counter[tuple[int, str, str]], batch: Batch, came: Came, fates: Sequence[Fate]) -> None:
    day, event = came.at // DAY_MS, came.film.event if came.film else ""
    for fate in fates:
        counts[day, event, fate] += 1
    if batch.malformed:
        counts[day, event, "malformed"] += batch.malformed
    counts[day, event, RECEIVED] += len(batch.events) + batch.malformed
