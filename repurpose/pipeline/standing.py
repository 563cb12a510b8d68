"""Leads as lists tell of them: score, stage and grades, what they are tagged with, and the segments they are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from repurpose.db import events, leads
from repurpose.leads.rfe import Habit
from repurpose.leads.segments import About, segments
from repurpose.leads.tags import Tag, Topic, tags, topics_of
from repurpose.pipeline.release import shown_of
from repurpose.pipeline.scored import Scored, answers_of, scored
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import SegmentsPreset, load_segments

REASONS = 6


@dataclass(frozen=True)
class Standing:
    """A lead as it stands."""

    scored: Scored
    tags: tuple[Tag, ...]
    segments: tuple[str, ...]

    @property
    def points(self) -> int:
        """Its score in hundredths: what lists are sorted by."""
        return round(100 * self.scored.score)


def standings(
    place: Workplace,
    ids: Iterable[str],
    now: int,
    rules: SegmentsPreset | None = None,
    among: Mapping[str, Habit] | None = None,
) -> list[Standing]:
    """These leads as they stand `now`, the highest score first; graded as `scored` has it."""
    rules = rules or load_segments(place.settings.presets)
    ids = list(ids)
    found = scored(place, ids, answers_of(place, ids), now, among=among)
    topics = {event: _topics(place, event) for event in {event for one in found for event, _ in one.seen}}
    live = leads.attendance(place.engine)
    registered, attended = {one.lead_id for one in live}, {one.lead_id for one in live if one.attended or one.minutes}
    made = []
    for one in found:
        tagged = tags(dict(one.seen), topics, one.touches, one.steps, rules)
        last = max((touch.at for _, touch in one.touches), default=None)
        about = About(
            one.stage, round(one.score, 2), tagged, one.id in registered, one.id in attended, bool(one.words),
            None if last is None else now - last,
        )  # fmt: skip
        made.append(Standing(one, tuple(tagged), tuple(segments(about, rules.segment))))
    return sorted(made, key=lambda one: (-one.points, one.scored.id))


def every_standing(place: Workplace, now: int) -> list[Standing]:
    """All leads as they stand `now`."""
    return standings(place, leads.every(place.engine), now)


def plain(one: Standing) -> dict[str, Any]:
    """Score, stage, grades, the best reasons, tags and segments in plain values."""
    best = sorted(one.scored.ledger, key=lambda line: (-line.points, -line.at))[:REASONS]
    return {
        "score": one.points / 100, "stage": one.scored.stage, "rfe": asdict(one.scored.rfe),
        "reasons": [asdict(line) for line in best], "tags": [asdict(tag) for tag in one.tags], "segments": list(one.segments),
    }  # fmt: skip


def _topics(place: Workplace, event_id: str) -> list[Topic]:
    release = shown_of(place, events.find(place.engine, event_id))
    return topics_of(release) if release else []
