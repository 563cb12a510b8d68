"""Leads with what they earned: identities joined with views, films and highlights; ledgers are kept, and made anew when
anything they rest on has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

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
from repurpose.models.seconds import covered, mask
from repurpose.pipeline.release import shown_of
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import LeadsPreset, load_leads
from repurpose.store import canonical, digest_of
from repurpose.track.arrived import PRESSED

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
    seen: tuple[tuple[str, int], ...] = ()  # (event, the seconds of its recording that were watched in sight, as bits)


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
    among: Mapping[str, Habit] | None = None,
) -> list[Scored]:
    """These leads as they stand `now`; `answers` are what each said of itself. The erased are left out.

    Each is graded among all leads there are: as they stand in `among`, where that is given, else `now`.
    """
    rules = rules or load_leads(place.settings.presets)
    engine = place.engine
    shelf, words = _Shelf(place), scores.words(engine)
    rows = leads.those(engine, list(ids))
    held = leads.visitors_of_each(engine, {row.id: row.members for row in rows})
    known = _known(shelf, rows, held, answers)
    habits = _habits(shelf, known, now, rules)
    grades = graded(habits, _others(shelf, habits, now, rules) if among is None else among, rules.rfe)
    ledgers, visits = _ledgers(shelf, known, rules), scores.visits_of(engine, held)
    made = []
    for row in rows:
        kept = ledgers[row.id]
        told = sorted((word for one in row.members for word in words.get(one, ())), key=lambda word: word.at)
        steps = path(kept, told, row.first, now, rules)
        seen = [
            (one.event, Touch(one.at, one.asset, shelf.cuts.get(one.asset, ""), one.channel, one.owner))
            for one in visits[row.id]
        ]
        made.append(
            Scored(
                row.id, row.first, tuple(kept), score(kept, now, rules), grades[row.id], habits[row.id], tuple(steps),
                steps[-1].stage, reached(steps), tuple(told), tuple(seen), _seen(known[row.id]),
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (-one.score, one.id))


def _habits(shelf: _Shelf, known: Mapping[str, Known], now: int, rules: LeadsPreset) -> dict[str, Habit]:
    return {lead: habit(one.stretches, shelf.versions, now, rules) for lead, one in known.items()}


def _others(shelf: _Shelf, here: Collection[str], now: int, rules: LeadsPreset) -> dict[str, Habit]:
    """How all leads but these watch; none where there are so few leads that none is graded by the others."""
    every = leads.every(shelf.place.engine)
    if len(every) < rules.rfe.fifths_from:
        return {}
    rows = leads.those(shelf.place.engine, [lead for lead in every if lead not in here])
    held = leads.visitors_of_each(shelf.place.engine, {row.id: row.members for row in rows})
    return _habits(shelf, _known(shelf, rows, held, {}), now, rules)


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

    def marks(self) -> dict[str, str]:
        """The highlights of every event that was opened, in a few signs."""
        return {
            event: digest_of(canonical([[one.start, one.end] for one in spans]))
            for event, spans in self.highlights.items()
        }


def _highlights(place: Workplace, event_id: str) -> list[Span]:
    release = shown_of(place, events.find(place.engine, event_id))
    if release is None:
        return []
    spoken = [one for one in release.highlights.items if one.kind not in ("greeting", "housekeeping") and one.score > 0]
    best = sorted(spoken, key=lambda one: (-one.score, one.start))[:TOP]
    return [Span(start=one.start, end=one.end) for one in sorted(best, key=lambda one: one.start)]


def _known(
    shelf: _Shelf,
    rows: Sequence[leads.LeadRow],
    held: Mapping[str, Sequence[Held]],
    answers: Mapping[str, Mapping[str, str]],
) -> dict[str, Known]:
    engine = shelf.place.engine
    root = {one: row.id for row in rows for one in row.members}
    forms: dict[str, list[Act]] = defaultdict(list)
    for fact in leads.facts(engine, root):
        if fact.source == "form" and fact.event_id:
            forms[root[fact.lead_id]].append(Act(fact.at, "form", fact.event_id, fact.event_id))
    plays = scores.plays_of(engine, held)
    known = {}
    for row in rows:
        stretches, acts = [], []
        for one in plays[row.id]:
            shelf.open(one.event)
            film = shelf.films.get(one.asset)
            if one.k == "cta":
                acts.append(Act(one.at, PRESSED[one.a] if one.a < len(PRESSED) else "cta", one.event, one.event))
            elif film is not None:
                b = min(one.b, film.length)
                stretches.append(Stretch(one.at, one.event, one.asset, *covered(one.a, b), _source(film, one.a, b)))
        known[row.id] = Known(stretches, [*acts, *forms[row.id]], answers.get(row.id, {}), row.first)
    return known


def _source(film: Film, a: Ms, b: Ms) -> tuple[tuple[Ms, Ms], ...]:
    return tuple(shown(film, a, b))


def _seen(known: Known) -> tuple[tuple[str, int], ...]:
    bits: dict[str, int] = defaultdict(int)
    for one in known.stretches:
        for start, end in one.source:
            bits[one.event] |= mask(*covered(start, end))
    return tuple(sorted(bits.items()))


def _ledgers(shelf: _Shelf, known: Mapping[str, Known], rules: LeadsPreset) -> dict[str, list[Entry]]:
    """The ledgers as they are kept, where they were made from the very same; else made anew, and kept."""
    engine = shelf.place.engine
    version, marks = digest_of(canonical(rules))[:12], shelf.marks()
    before, changed = scores.bases(engine, known), {}
    for lead, one in known.items():
        basis = _basis(one, version, marks)
        if before.get(lead) != basis:
            changed[lead] = (ledger(one, shelf.versions, shelf.highlights, rules), basis)
        if len(changed) == scores.MANY:
            scores.put(engine, changed, version)
            changed = {}
    if changed:
        scores.put(engine, changed, version)
    kept = scores.entries_of(engine, known)
    return {lead: kept.get(lead, []) for lead in known}


_STRETCH, _ACT = (attrgetter(*kind.__dataclass_fields__) for kind in (Stretch, Act))


def _basis(known: Known, version: str, marks: Mapping[str, str]) -> str:
    """What a ledger rests on, in a few signs."""
    named = sorted({one.event for one in known.stretches})
    rests = [
        version, sorted(map(_STRETCH, known.stretches)), sorted(map(_ACT, known.acts)), dict(known.answers or {}), known.since,
        [marks[event] for event in named],
    ]  # fmt: skip
    return digest_of(canonical(rests))
