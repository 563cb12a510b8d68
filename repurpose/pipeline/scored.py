"""Leads with what they earned: identities joined with views, films and highlights; ledgers are kept, and made anew when
anything they rest on has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from repurpose.db import events, leads, reported, scores
from repurpose.db.films import films_of
from repurpose.db.scores import Held
from repurpose.leads.attribution import Touch
from repurpose.leads.people import people
from repurpose.leads.rfe import Habit, Rfe, graded, habit
from repurpose.leads.score import Act, Known, Stretch, Version, ledger, score
from repurpose.leads.stages import Stage, Step, path, reached
from repurpose.leads.vault import vault_of
from repurpose.models import Ms, Span
from repurpose.models.film import Film, shown
from repurpose.models.scored import Entry, Word
from repurpose.models.seconds import covered
from repurpose.pipeline.release import shown_of
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import LeadsPreset, load_leads
from repurpose.store import canonical, digest_of

TOP = 12  # so many of the best moments are highlights here, as on the page


@dataclass(frozen=True)
class Scored:
    """A lead as it stands: its ledger, what that comes to now, and the way it came."""

    id: str
    since: int
    ledger: tuple[Entry, ...]
    score: float
    rfe: Rfe
    habit: Habit
    steps: tuple[Step, ...]
    stage: Stage
    highest: Stage
    words: tuple[Word, ...]
    touches: tuple[tuple[str, Touch], ...]  # (event, what was watched of it)


def leads_of(place: Workplace, event_id: str) -> list[str]:
    """The leads that have to do with an event: registered, came, sent its form, or watched anything of it."""
    engine = place.engine
    found = set(leads.of_event(engine, event_id))
    for turns in leads.turns(engine, reported.visitors(engine, event_id)).values():
        found |= {one.lead for one in turns}
    return sorted(found)


def answers_of(place: Workplace, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """What each lead said of itself, opened: name, company, title and the like; what was said last counts."""
    rows = leads.those(place.engine, list(ids))
    return {one.id: dict(one.about) for one in people(place.engine, vault_of(place.engine, place.settings), rows)}


def scored(
    place: Workplace,
    ids: Iterable[str],
    answers: Mapping[str, Mapping[str, str]],
    now: int,
    rules: LeadsPreset | None = None,
) -> list[Scored]:
    """These leads as they stand `now`, graded among each other; `answers` are what each said of itself. The erased are left out."""
    rules = rules or load_leads(place.settings.presets)
    shelf, words = _Shelf(place), scores.words(place.engine)
    rows = leads.those(place.engine, list(ids))
    known = {row.id: _known(shelf, row, answers.get(row.id, {})) for row in rows}
    habits = {lead: habit(one.stretches, shelf.versions, now, rules) for lead, (one, _) in known.items()}
    grades = graded(habits, rules.rfe)
    made = []
    for row in rows:
        lines, held = known[row.id]
        kept = _ledger(place, shelf, row.id, lines, rules)
        told = [word for one in row.members for word in words.get(one, ())]
        steps = path(kept, told, row.first, now, rules)
        seen = [
            (one.event, Touch(one.at, one.asset, shelf.cuts.get(one.asset, ""), one.channel, one.owner))
            for one in scores.visits(place.engine, held)
        ]
        made.append(
            Scored(
                row.id, row.first, tuple(kept), score(kept, now, rules), grades[row.id], habits[row.id], tuple(steps),
                steps[-1].stage, reached(steps), tuple(told), tuple(seen),
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (-one.score, one.id))


class _Shelf:
    """What is read once for all leads: films and highlights of the events they watched."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.films: dict[str, Film] = {}
        self.versions: dict[str, Version] = {}
        self.highlights: dict[str, list[Span]] = {}
        self.cuts = reported.cuts(place.engine)

    def open(self, event_id: str) -> None:
        """Have the films and highlights of an event at hand."""
        if event_id in self.highlights:
            return
        found = films_of(self.place.engine, event_id)
        self.films |= found
        self.versions |= {asset: Version(self.cuts.get(asset, ""), one.seconds) for asset, one in found.items()}
        self.highlights[event_id] = _highlights(self.place, event_id)


def _highlights(place: Workplace, event_id: str) -> list[Span]:
    release = shown_of(place, events.find(place.engine, event_id))
    if release is None:
        return []
    spoken = [one for one in release.highlights.items if one.kind not in ("greeting", "housekeeping") and one.score > 0]
    best = sorted(spoken, key=lambda one: (-one.score, one.start))[:TOP]
    return [Span(start=one.start, end=one.end) for one in sorted(best, key=lambda one: one.start)]


def _known(shelf: _Shelf, row: leads.LeadRow, answers: Mapping[str, str]) -> tuple[Known, list[Held]]:
    engine = shelf.place.engine
    held = leads.visitors_of(engine, row.id)
    stretches, acts = [], []
    for one in scores.plays(engine, held):
        shelf.open(one.event)
        film = shelf.films.get(one.asset)
        if one.k == "cta":
            acts.append(Act(one.at, "cta", one.asset, one.event, one.asset))
        elif film is not None:
            b = min(one.b, film.length)
            stretches.append(Stretch(one.at, one.event, one.asset, *covered(one.a, b), _source(film, one.a, b)))
    acts += [
        Act(one.at, "form", one.event_id, one.event_id)
        for one in leads.facts(engine, row.members)
        if one.source == "form" and one.event_id
    ]
    return Known(stretches, acts, answers, row.first), held


def _source(film: Film, a: Ms, b: Ms) -> tuple[tuple[Ms, Ms], ...]:
    return tuple(shown(film, a, b))


def _ledger(place: Workplace, shelf: _Shelf, lead: str, known: Known, rules: LeadsPreset) -> list[Entry]:
    """The ledger as it is kept, where it was made from the very same; else made anew, and kept."""
    version = digest_of(canonical(rules.model_dump(mode="json")))[:12]
    named = sorted({one.event for one in known.stretches})
    rests = {
        "rules": version, "stretches": sorted(map(asdict, known.stretches), key=canonical),
        "acts": sorted(map(asdict, known.acts), key=canonical), "answers": dict(known.answers or {}), "since": known.since,
        "highlights": {event: [[one.start, one.end] for one in shelf.highlights[event]] for event in named},
    }  # fmt: skip
    basis = digest_of(canonical(rests))
    if scores.basis(place.engine, lead) != basis:
        scores.put(place.engine, lead, ledger(known, shelf.versions, shelf.highlights, rules), basis, version)
    return scores.entries(place.engine, lead)
