"""All leads as they stand, scored once for the API and the console; lists of them by score or by age, some left out: every
page of a list by score is of the same moment."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from repurpose.db import leads
from repurpose.db.jobs import now
from repurpose.leads.rfe import Habit
from repurpose.leads.stages import Stage
from repurpose.pipeline.scored import Scored, answers_of, scored
from repurpose.pipeline.standing import Standing, every_standing, standings
from repurpose.pipeline.workplace import Workplace
from repurpose.web.api.paging import paged
from repurpose.web.site.site import Kept

MOMENT_MS = 30_000  # to score all leads takes a while: for so long it is not done again,
SHARE = 20  # nor for so many times as long as it took,
LONGEST_MS = 5 * 60_000  # but no longer than this
AMONG = re.compile(r"([0-9]{1,13})-(le_[a-z2-7]{20})-([0-9]{1,9})")  # the moment, the last lead, its hundredths
LeadAfter = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{1,15}-[0-9A-Za-z_]{1,24}(-[0-9]{1,9})?$", description="`next` of the page before"),
]


@dataclass(frozen=True)
class Asked:
    """Which leads a list holds."""

    event: str = ""
    stage: Stage | None = None
    min_score: float | None = None
    segment: str | None = None

    @property
    def judged(self) -> bool:
        """Does it take more than a lead's row to say who is in it?"""
        return self != Asked(self.event)

    def holds(self, one: Standing) -> bool:
        """Is this lead in the list, whatever the event?"""
        return (
            (self.stage is None or one.scored.stage == self.stage)
            and (self.min_score is None or one.points >= 100 * self.min_score)
            and (self.segment is None or self.segment in one.segments)
        )


class _Moment:
    """All leads as they stood, by their ids, and those of the events that were asked for."""

    def __init__(self, every: dict[str, Standing]) -> None:
        self.every, self.of = every, Kept[list[Standing]](200)


class Ranked:
    """All leads as they stood not long ago, made when it is asked for: where there are few, at the last half minute."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._kept: Kept[_Moment] = Kept(2)
        self._last = (0, 0)  # the last moment, and until when no other is made

    def at(self, moment: int) -> dict[str, Standing]:
        """All leads as they stood at a moment, the highest score first, by their ids."""
        return self._kept.get(moment, lambda: self._make(moment)).every

    def of(self, event_id: str) -> list[Standing]:
        """The leads of an event, of all events where it is "", as they stood not long ago; the highest score first."""
        return self._here(Asked(event_id), self._moment())

    def one(self, lead_id: str) -> Scored | None:
        """A lead as it stands now, with the grades that lists tell of it; none where there is none."""
        answers, among = answers_of(self.place, [lead_id]), _habits(self.at(self._moment()))
        found = scored(self.place, [lead_id], answers, now(), among=among)
        return found[0] if found else None

    def by_score(self, asked: Asked, limit: int, after: str | None) -> tuple[list[Standing], str | None]:
        """A page, the highest score first, and the cursor of the next."""
        found = AMONG.fullmatch(after or "")
        moment = min(int(found[1]), self._moment()) if found else self._moment()
        behind = (-int(found[3]), found[2]) if found else None
        here = self._here(asked, moment)
        chosen = [one for one in here if behind is None or (-one.points, one.scored.id) > behind]
        return paged(chosen[: limit + 1], limit, lambda one: f"{moment}-{one.scored.id}-{one.points}")

    def newest(self, asked: Asked, limit: int, after: tuple[int, str] | None) -> tuple[list[Standing], str | None]:
        """A page, the newest first, and the cursor of the next."""
        engine, moment = self.place.engine, self._moment()
        if not asked.judged:
            rows = leads.listed(engine, event_id=asked.event, limit=limit + 1, after=after)
        else:
            here = [one.scored.id for one in self._here(asked, moment)]
            rows = leads.page(engine, here, limit + 1, after)
        items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
        there = self.at(moment)
        late = [row.id for row in items if row.id not in there]
        known = {one.scored.id: one for one in standings(self.place, late, now(), among=_habits(there))} | there
        return [known[row.id] for row in items if row.id in known], onward

    def _here(self, asked: Asked, moment: int) -> list[Standing]:
        there = self._kept.get(moment, lambda: self._make(moment))

        def of_event() -> list[Standing]:
            ids = set(leads.of_event(self.place.engine, asked.event))
            return [one for lead, one in there.every.items() if lead in ids]

        every = there.of.get(asked.event, of_event) if asked.event else there.every.values()
        return [one for one in every if asked.holds(one)]

    def _make(self, moment: int) -> _Moment:
        began = time.monotonic()
        made = {one.scored.id: one for one in every_standing(self.place, moment)}
        if moment > self._last[0]:
            took_ms = int(1000 * (time.monotonic() - began))
            self._last = moment, now() + min(SHARE * took_ms, LONGEST_MS)
        return _Moment(made)

    def _moment(self) -> int:
        at, (last, until) = now(), self._last
        return last if at < until else at - at % MOMENT_MS


def _habits(every: dict[str, Standing]) -> dict[str, Habit]:
    return {lead: one.scored.habit for lead, one in every.items()}
