"""Lists of leads by score or by age, some of them left out; every page of a list by score is of the same moment."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from repurpose.db import leads
from repurpose.db.jobs import now
from repurpose.leads.stages import Stage
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


class Ranked:
    """All leads as they stood not long ago, made when it is asked for: where there are few, at the last half minute."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._kept: Kept[dict[str, Standing]] = Kept(2)
        self._last = (0, 0)  # the last moment, and until when no other is made

    def at(self, moment: int) -> dict[str, Standing]:
        """All leads as they stood at a moment, the highest score first, by their ids."""
        return self._kept.get(moment, lambda: self._make(moment))

    def by_score(self, asked: Asked, limit: int, after: str | None) -> tuple[list[Standing], str | None]:
        """A page, the highest score first, and the cursor of the next."""
        found = AMONG.fullmatch(after or "")
        moment = min(int(found[1]), self._moment()) if found else self._moment()
        behind = (-int(found[3]), found[2]) if found else None
        here = self._here(asked, self.at(moment))
        chosen = [one for one in here if behind is None or (-one.points, one.scored.id) > behind]
        return paged(chosen[: limit + 1], limit, lambda one: f"{moment}-{one.scored.id}-{one.points}")

    def newest(self, asked: Asked, limit: int, after: tuple[int, str] | None) -> tuple[list[Standing], str | None]:
        """A page, the newest first, and the cursor of the next."""
        engine, moment = self.place.engine, self._moment()
        if not asked.judged:
            rows = leads.listed(engine, event_id=asked.event, limit=limit + 1, after=after)
        else:
            here = [one.scored.id for one in self._here(asked, self.at(moment))]
            rows = leads.page(engine, here, limit + 1, after)
        items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
        there = self.at(moment)
        late = standings(self.place, [row.id for row in items if row.id not in there], now())
        known = {one.scored.id: one for one in late} | there
        return [known[row.id] for row in items if row.id in known], onward

    def _here(self, asked: Asked, all_: dict[str, Standing]) -> list[Standing]:
        of = set(leads.of_event(self.place.engine, asked.event)) if asked.event else None
        return [one for lead, one in all_.items() if (of is None or lead in of) and asked.holds(one)]

    def _make(self, moment: int) -> dict[str, Standing]:
        began = time.monotonic()
        made = {one.scored.id: one for one in every_standing(self.place, moment)}
        if moment > self._last[0]:
            took_ms = int(1000 * (time.monotonic() - began))
            self._last = moment, now() + min(SHARE * took_ms, LONGEST_MS)
        return made

    def _moment(self) -> int:
        at, (last, until) = now(), self._last
        return last if at < until else at - at % MOMENT_MS
