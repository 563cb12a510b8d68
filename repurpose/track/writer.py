"""The one who writes views: what came in while the last commit was under way goes into the next, all of it at once.

Whoever handed a batch in hears of it when it is on the disk, not before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from types import TracebackType
from typing import Any, Self, TypeVar

from repurpose.db import views
from repurpose.db.alerts import Watching, tell_watching
from repurpose.db.session import Database
from repurpose.models.base import DAY_MS
from repurpose.models.seconds import added, counts_of, kept_counts, pack, unpack
from repurpose.track.fold import RECEIVED, Arrival, Folded, Session, Visitor, fold, visits

log = logging.getLogger("repurpose.views")
MOST_REQUESTS = 400  # of one commit
MOST_WAITING = 20_000  # events: when more wait, whoever comes is asked to come again
GATHER_S = 0.003  # a commit waits so long for others to join it: fewer and larger ones cost a sixth less
COUNTS_S = 1.0  # counts without a batch wait so long for one to go with
# The columns of a row, in the order of its class: the bits come last.
SESSION, VISITOR = (tuple(one.name for one in fields(of)) for of in (Session, Visitor))
_session, _visitor = attrgetter(*SESSION[:-1]), attrgetter(*VISITOR[:-1])
Known = TypeVar("Known", Session, Visitor)
Told = Callable[[Sequence[tuple[Any, bool]]], None]


@dataclass(frozen=True)
class _Waiting:
    arrival: Arrival
    who: Any


class Writer:
    """Writes while it is entered. `told` hears, from its thread, who was waiting and whether it was written."""

    def __init__(self, engine: Database, told: Told) -> None:
        self._engine, self._told = engine, told
        self._queue: deque[_Waiting] = deque()
        self._counts: Counter[tuple[int, str, str]] = Counter()
        self._events = 0
        self._wake, self._leave = threading.Condition(), False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._leave = False
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._wake:
            self._leave = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def put(self, arrival: Arrival, who: Any) -> bool:
        """Have it written; False when too much is waiting, and then it is only counted."""
        with self._wake:
            if self._thread is not None and not self._thread.is_alive():
                self._begin()  # a fault of ours ended it, and was logged; who comes after is written again
            if self._events > MOST_WAITING or self._leave:
                self._overload(arrival)
                return False
            self._queue.append(_Waiting(arrival, who))
            self._events += len(arrival.batch.events)
            if len(self._queue) == 1:
                self._wake.notify()
        return True

    def count(self, counts: Counter[tuple[int, str, str]]) -> None:
        """Have this counted with what is written next, or within a second or two."""
        with self._wake:
            self._counts += counts

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._work, name="views")
        self._thread.start()

    def _overload(self, arrival: Arrival) -> None:
        day, many = arrival.came.at // DAY_MS, len(arrival.batch.events) + arrival.batch.malformed
        self._counts[day, arrival.film.event, "overload"] += many
        self._counts[day, arrival.film.event, RECEIVED] += many

    def _work(self) -> None:
        while True:
            with self._wake:
                if not self._queue and not self._leave:
                    self._wake.wait(COUNTS_S)
            time.sleep(GATHER_S)
            with self._wake:
                taken = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_REQUESTS))]
                counts, self._counts = self._counts, Counter()
                if self._leave and not taken and not counts:
                    return
            if not taken and not counts:
                continue
            written = False
            try:
                written = self._write([one.arrival for one in taken], counts)
            finally:  # whatever happened, who waits hears of it
                self._settle(taken, counts, written=written)
            if not written and not taken:
                time.sleep(COUNTS_S)

    def _settle(self, taken: Sequence[_Waiting], counts: Counter[tuple[int, str, str]], *, written: bool) -> None:
        with self._wake:
            self._events -= sum(len(one.arrival.batch.events) for one in taken)
            if not written and not self._leave:
                self._counts += counts
                for one in taken:
                    self._overload(one.arrival)
        if taken:
            self._told([(one.who, written) for one in taken])

    def _write(self, arrivals: Sequence[Arrival], counts: Counter[tuple[int, str, str]]) -> bool:
        try:
            write(self._engine, arrivals, counts)
        except views.NotWritten as fault:
            log.warning("views were not written: %s", fault)
            return False
        return True


def write(engine: Database, arrivals: Sequence[Arrival], counts: Counter[tuple[int, str, str]]) -> Folded:
    """Write batches and counts in one transaction: they are on the disk when this returns. Raises NotWritten."""
    with views.keeping(engine) as connection:
        psids = {one.batch.psid for one in arrivals}
        known = {row.psid: _unpacked(Session, row) for row in views.sessions(connection, psids, SESSION)}
        wanted = visits(arrivals) | {(session.event_id, session.visitor) for session in known.values()}
        seen_by = {
            (row.event_id, row.visitor): _unpacked(Visitor, row)
            for row in views.visitors(connection, sorted(wanted), VISITOR)
        }
        old = [(one.batch.psid, event.n) for one in arrivals if one.batch.psid in known for event in one.batch.events]
        viewed = {psid for psid, session in known.items() if session.viewed}
        made = fold(arrivals, known, seen_by, views.there(connection, old))
        views.put_sessions(connection, SESSION, [(*_session(one), pack(one.bits)) for one in made.sessions.values()])
        views.add_events(connection, [(row.psid, row.fate, row.at, row.came, *row.event) for row in made.rows])
        views.put_visitors(connection, VISITOR, [(*_visitor(one), pack(one.bits)) for one in made.visitors.values()])
        heats = []
        for (event_id, asset_id), heat in made.heat.items():
            plays, viewers = views.heat(connection, event_id, asset_id)
            heats.append({
                "event_id": event_id, "asset_id": asset_id, "plays": kept_counts(added(counts_of(plays), heat.plays)),
                "viewers": kept_counts(added(counts_of(viewers), heat.viewers)),
            })  # fmt: skip
        views.put_heat(connection, heats)
        views.add_fates(connection, counts + made.counts)
        if seen := [
            _watching(one)
            for one in made.sessions.values()
            if one.viewed and one.psid not in viewed and _may_be_known(one)
        ]:
            tell_watching(engine, seen)
    return made


def _may_be_known(one: Session) -> bool:
    """Can it be somebody whom we know? Only who agreed to that can."""
    return one.kind == "viewer" and one.visitor.startswith("v")


def _watching(one: Session) -> Watching:
    return Watching(
        one.visitor, one.event_id, one.asset_id, one.person_id, one.link, one.channel, one.watch_ms, one.updated
    )


def _unpacked(of: Callable[..., Known], row: Sequence[Any]) -> Known:
    return of(*row[:-1], unpack(row[-1]))
