"""Publishing: a run's artifacts become an immutable release of its event, and one pointer says which release the site shows."""

from __future__ import annotations

from typing import TypeVar

from repurpose.db import audit, events, releases
from repurpose.db.events import EventRow
from repurpose.db.releases import ReleaseRow
from repurpose.db.session import together
from repurpose.errors import UserError
from repurpose.models import Brand, Chapters, Highlights, Ladder, Model, Package, Slides, Transcript
from repurpose.models.published import Release
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.publish.release import compose, handed_out, passages_of
from repurpose.text.addresses import address_of

M = TypeVar("M", bound=Model)


def draft(place: Workplace, run: Run) -> EventRow:
    """The event of this run, made as a draft when there is none. A new recording of the same name is the same event."""
    with together(place.engine):
        found = events.of_run(place.engine, run.id) or events.of_name(place.engine, run.row.name)
        if found is None:
            slug = address_of(run.row.name) or f"event-{run.id[:8]}"
            return events.create(place.engine, slug=slug, title=run.row.name, run=run.id)
        if found.run != run.id:
            found = events.change(place.engine, found.id, run=run.id) or found
        return found


def release(place: Workplace, run: Run, by: str) -> ReleaseRow:
    """The release of what the run has made, under the event's settings as they are; nothing is shown yet.

    The same content twice is the same release. Raises UserError while the package is not made.
    """
    package = _made(run, "package", Package)
    spoken = _made(run, "spoken", Transcript)
    brand = run.row.roots.get("brand")
    with together(place.engine):
        event = draft(place, run)
        content = compose(
            event.slug,
            package,
            spoken,
            _made(run, "chapters", Chapters),
            _made(run, "slides", Slides),
            _made(run, "highlights", Highlights),
            event.settings,
            _streams(run),
            place.store.get(brand, Brand) if brand else None,
        )
        row = enter(place, event, content, by, _digest(run, "package"))
        told = package.event
        title, date = told.title or told.name, told.date.isoformat() if told.date else ""
        if (event.title, event.language, event.date) != (title, spoken.language, date):
            events.change(place.engine, event.id, title=title, language=spoken.language, date=date)
    return row


def enter(place: Workplace, event: EventRow, content: Release, by: str, package: str = "") -> ReleaseRow:
    """The event's release of this content: the one there is, or the next. `package` is the digest of its Package."""
    row = releases.make(
        place.engine,
        event.id,
        digest=place.store.put(content),
        package=package or place.store.put(content.package),
        assets=handed_out(content),
        by=by,
    )
    if row.number > releases.KEPT:  # an older one was forgotten, and with it files that nothing else may need
        place.presence.litter()
    return row


def shown_of(place: Workplace, event: EventRow | None) -> Release | None:
    """The release of the event that the site shows; None while it shows none."""
    row = releases.load(place.engine, event.id, event.release) if event and event.release else None
    return place.store.get(row.digest, Release) if row else None


def point(place: Workplace, event_id: str, number: int, by: str) -> EventRow:
    """Show this release from now on. Raises UserError when it is not kept (any more)."""
    row = releases.load(place.engine, event_id, number)
    if row is None:
        kept = ", ".join(str(each.number) for each in releases.of_event(place.engine, event_id)) or "none"
        raise UserError(f"There is no release {number} of this event. Those kept: {kept}.")
    passages = passages_of(place.store.get(row.digest, Release))
    with together(place.engine):
        event = releases.point(place.engine, event_id, number, passages)
        if event is None:
            raise UserError(f"Release {number} of this event is no longer kept. Publish again.")
        audit.note(place.engine, by, "event.publish", event_id, number=number)
    return event


def publish(place: Workplace, run: Run, by: str) -> EventRow:
    """Release what the run has made, and show it."""
    row = release(place, run, by)
    return point(place, row.event_id, row.number, by)


def rollback(place: Workplace, event_id: str, by: str) -> EventRow:
    """Show the release before the one that is shown. Raises UserError when there is none."""
    event = events.find(place.engine, event_id)
    shown = event.release if event else None
    before = [row.number for row in releases.of_event(place.engine, event_id) if row.number < (shown or 0)]
    if not before:
        raise UserError("There is no earlier release of this event to go back to.")
    return point(place, event_id, max(before), by)


def withdraw(place: Workplace, event_id: str, by: str) -> EventRow:
    """Show nothing of the event any more; its files are no longer given out. Raises UserError for one never published."""
    with together(place.engine):
        event = releases.withdraw(place.engine, event_id)
        if event is None or event.state == "draft":
            raise UserError("The event was never published: there is nothing to withdraw.")
        audit.note(place.engine, by, "event.withdraw", event_id)
    return event


def _made(run: Run, stage: str, kind: type[M]) -> M:
    found = run.result(Job(stage), kind)
    if found is None:
        why = run.judged(Job(stage)).why or f"its {stage} is not made"
        raise UserError(f"{run.row.name} cannot be published yet: {why}. Run it to the end first: repurpose run")
    return found


def _streams(run: Run) -> list[Ladder]:
    """The ladders there are. The package, which waits for all else, says why one that was asked for is not."""
    jobs = [job for job in run.jobs() if job.stage in ("replay_stream", "cut_stream")]
    return [made for job in jobs if (made := run.result(job, Ladder)) is not None]


def _digest(run: Run, stage: str) -> str:
    return run.judged(Job(stage)).output or ""
