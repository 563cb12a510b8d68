"""Experiments of titles and covers as they stand, and their end: the better one is kept without anyone having to look."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from repurpose.db import experiments
from repurpose.db.experiments import ExperimentRow
from repurpose.feedback.experiments import Side, Variant, Verdict, Visit, judge, sides
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import ExperimentsPreset, load_experiments

log = logging.getLogger("repurpose.experiments")
Shows = Callable[[ExperimentRow], bool]
MOST = 4  # that run in one event: each reader's pages carry what they were dealt


@dataclass(frozen=True)
class Compared:
    """An experiment, and what both sides came to: so far, or when it ended."""

    row: ExperimentRow
    a: Side
    b: Side
    evidence: float
    needed: float

    @property
    def figures(self) -> Mapping[str, Any]:
        """What is kept of it when it ends."""
        return {"a": asdict(self.a), "b": asdict(self.b), "evidence": self.evidence, "needed": self.needed}


def compared(place: Workplace, row: ExperimentRow, now: int) -> Compared:
    """How an experiment stands, from the views themselves while it runs."""
    return _ended(row) if row.figures else _stands(place, row, now, load_experiments(place.settings.presets))[0]


def settle(place: Workplace, now: int, shown: Shows) -> int:
    """End every experiment that is decided, or whose first variant is not `shown` any more; how many."""
    rows = experiments.running(place.engine)
    rules = load_experiments(place.settings.presets) if rows else None
    many = 0
    for row in rows:
        assert rules is not None
        stands, verdict = _stands(place, row, now, rules)
        if not verdict.why and not shown(row):
            verdict = Verdict("gone", "a", verdict.evidence, verdict.needed)
        if not verdict.why:
            continue
        # A person may have ended it meanwhile: then that stands.
        if experiments.end(place.engine, row.id, verdict.keep, verdict.why, stands.figures, running=True):
            log.info("experiment %s of %s has ended (%s): %s is kept", row.id, row.path, verdict.why, verdict.keep)
            many += 1
    return many


def stop(place: Workplace, row: ExperimentRow, keep: Variant, now: int) -> ExperimentRow | None:
    """End an experiment by hand, or keep the other one of an experiment that has ended."""
    return experiments.end(place.engine, row.id, keep, "stopped", compared(place, row, now).figures)


def variant_of(variants: str, experiment: str) -> Variant | None:
    """The one that a player stood under, of what its page was dealt: `ex_...:a ex_...:b`."""
    found = next((one for one in variants.split() if one.startswith(f"{experiment}:")), "")
    return "b" if found.endswith(":b") else "a" if found else None


def _stands(place: Workplace, row: ExperimentRow, now: int, rules: ExperimentsPreset) -> tuple[Compared, Verdict]:
    a, b = sides(_visits(place, row, rules), now, rules.within)
    verdict = judge(a, b, now - row.created, rules)
    return Compared(row, a, b, verdict.evidence, verdict.needed), verdict


def _visits(place: Workplace, row: ExperimentRow, rules: ExperimentsPreset) -> Iterator[Visit]:
    for one in experiments.seen(place.engine, row):
        variant = variant_of(one.variants, row.id)
        if variant is not None:
            stayed = one.own and (one.half or one.seconds >= rules.stays)
            yield Visit(one.visitor, variant, one.at, one.own and one.viewed, stayed)


def _ended(row: ExperimentRow) -> Compared:
    told = row.figures
    return Compared(row, Side(**told["a"]), Side(**told["b"]), told["evidence"], told["needed"])
