"""The embedded runner: takes one order after the other and makes it, in a thread of the server."""

from __future__ import annotations

import logging
import shutil
import threading
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from repurpose.db import events, orders, recordings
from repurpose.db import runs as run_rows
from repurpose.db.orders import OrderRow, OrderState, WishRow
from repurpose.db.recordings import RecordingRow
from repurpose.errors import Cancelled, RepurposeError, UserError
from repurpose.ingest.intake import Intake, take_in
from repurpose.ingest.roots import roots_of
from repurpose.models import Choices, Model, Package
from repurpose.pipeline.foresee import roots_again
from repurpose.pipeline.local import Outcome, run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.watched import retention_of
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load
from repurpose.presets.only import only
from repurpose.publish.layout import folder_name

log = logging.getLogger("repurpose.runner")
BEAT_S = 1.0  # how soon a wish to stop is heard
LOOK_S = 5.0  # how soon an order is seen that another server took in


class Runner:
    """While it is entered, orders are worked on, oldest first. What is under way when it is left goes on at the next start."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._leave, self._called = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._leave.clear()
        self._thread = threading.Thread(target=self._work, name="runner")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join()

    def call(self) -> None:
        """There may be an order."""
        self._called.set()

    def _work(self) -> None:
        for left in orders.working(self.place.engine):  # by one who died: nobody need wait until the lease runs out
            if self.place.presence.is_dead(left.holder):
                orders.settle(self.place.engine, left, "waiting")
        while not self._leave.is_set():
            self._called.clear()
            held = orders.claim(self.place.engine, self.place.presence.worker)
            if held is None:
                self._called.wait(LOOK_S)
            else:
                self._make(held)

    def _make(self, held: OrderRow) -> None:
        stop, done = threading.Event(), threading.Event()
        pulse = threading.Thread(target=self._pulse, args=(held, stop, done), name="runner pulse")
        pulse.start()
        state, why = self._made(held, stop)
        done.set()
        pulse.join()
        orders.settle(self.place.engine, held, state, why)

    def _made(self, held: OrderRow, stop: threading.Event) -> tuple[OrderState, str]:
        try:
            outcome = _run(self.place, held, stop)
        except Cancelled:
            return ("waiting", "") if self._leave.is_set() else ("cancelled", "")
        except RepurposeError as fault:
            return "failed", str(fault)
        except Exception as fault:
            log.error("order %s broke", held.id, exc_info=fault)
            return "failed", "".join(traceback.format_exception_only(fault)).strip()
        if outcome.failed:
            return "failed", "; ".join(f"{job}: {why.splitlines()[0]}" for job, why in outcome.failed.items())
        return "done", ""

    def _pulse(self, held: OrderRow, stop: threading.Event, done: threading.Event) -> None:
        while not done.wait(BEAT_S):
            if self._leave.is_set() or orders.beat(self.place.engine, held):
                stop.set()


def _run(place: Workplace, held: OrderRow, stop: threading.Event) -> Outcome:
    """Do all there is to do for an order; the event then has this run."""
    wished = orders.wish(place.engine, held.event_id)
    files = recordings.of_event(place.engine, held.event_id)
    presets = only(load(place.settings.presets), held.cuts)
    if wished is not None and any(one.kind == "recording" for one in files):
        name, roots = wished.about.name, _handed_in(place, held, wished, files)
    else:
        name, roots = _made_before(place, held, wished)
    run = Run.open(place, name, roots, presets)
    orders.beat(place.engine, held, run.id)
    outcome = run_locally(run, stop=stop)
    if run.result(Job("package"), Package) is not None:
        events.change(place.engine, held.event_id, run=run.id)
    return outcome


def _handed_in(place: Workplace, held: OrderRow, wished: WishRow, files: Sequence[RecordingRow]) -> dict[str, Model]:
    """What a run of the files that were handed in begins with."""
    folder = place.presence.scratch / held.id
    try:
        taken = _taken(place, files, folder)
        translation = _laid(place, [one for one in files if one.kind == "translation"][-1:], folder)
        return roots_of(
            replace(taken, event=wished.about),
            place.store,
            place.engine,
            presets=place.settings.presets,
            translation=translation[0] if translation else None,
            choices=wished.choices,
            retention=retention_of(place, held.event_id),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made_before(place: Workplace, held: OrderRow, wished: WishRow | None) -> tuple[str, dict[str, Model]]:
    """The name and the roots of the run that a command line made the event by, with what was chosen and watched since."""
    event = events.find(place.engine, held.event_id)
    row = run_rows.load(place.engine, event.run) if event and event.run else None
    if row is None:
        raise UserError("The event has no recording yet. Hand one in first.")
    roots = roots_again(place, row, place.settings.presets)
    if wished is not None and wished.choices != Choices():
        roots["choices"] = wished.choices
    watched = retention_of(place, held.event_id)
    if watched.watched:
        roots["retention"] = watched
    return row.name, roots


def _taken(place: Workplace, files: Sequence[RecordingRow], folder: Path) -> Intake:
    """The event's files as the command line would find them: by their names, in one folder."""
    films = _laid(place, [one for one in files if one.kind == "recording"], folder)
    words = _laid(place, [one for one in files if one.kind == "subtitles"][-1:], folder)
    for chat in [one for one in files if one.kind == "chat"][-1:]:
        _link(place.store.path(chat.file), films[0].parent / "chat.csv")
    return take_in(films, place.store, None, words[0] if words else None)


def _laid(place: Workplace, files: Sequence[RecordingRow], folder: Path) -> list[Path]:
    laid = []
    for at, one in enumerate(files, 1):
        stem = Path(folder_name(one.name)).stem
        # A folder each: two parts may have one name, and subtitles beside a film would be taken for its own.
        laid.append(_link(place.store.path(one.file), folder / f"{one.kind}-{at}" / f"{stem}{one.file.suffix}"))
    return laid


def _link(target: Path, link: Path) -> Path:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    return link
