"""What a recording's run would do with other presets, told by its keys: which jobs, and which files of its package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from repurpose.db import brands, events
from repurpose.db.jobs import now, of_run
from repurpose.db.runs import RunRow
from repurpose.errors import StoreError
from repurpose.ingest.brand import brand_of, kit_of
from repurpose.ingest.intake import language_of
from repurpose.models import Asset, Brand, Choices, Event, Live, Model, Package, Retention, Source, Translation
from repurpose.pipeline.run import Run, runs_of
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import Presets

KINDS: dict[str, type[Model]] = {
    "source": Source, "event": Event, "brand": Brand, "translation": Translation, "live": Live, "choices": Choices,
    "retention": Retention,
}  # fmt: skip
WOULD_RUN = ("ready", "waiting", "running")


@dataclass(frozen=True)
class Foreseen:
    """What one recording's run would do. What is built on a job that runs may yet come out as before, and then rests."""

    name: str
    jobs: tuple[Job, ...]  # that would run, in their order
    files: Mapping[str, tuple[str, ...]]  # job -> the files its package has of it, or will have
    gone: tuple[str, ...]  # files the package would no longer have
    of: int  # jobs in all


def known(place: Workplace) -> list[RunRow]:
    """The last run of each recording that was made into a package, the one that began last first."""
    found: dict[str, RunRow] = {}
    for row in runs_of(place):
        if set(row.roots) == set(KINDS):  # an edit decision list rendered by hand has other roots, and no package
            found.setdefault(row.name, row)
    return list(found.values())


def wearers(place: Workplace, brand: str) -> list[str]:
    """Who wears this brand: the ids of events, and the names of recordings that none was made of. An event may have been told
    so, or the run it is made of or the last of its name began with it."""
    found, seen = set(brands.worn(place.engine, brand)), set[str]()
    for row in runs_of(place):
        event = events.of_run(place.engine, row.id)
        if "event" not in row.roots or (row.name in seen and event is None):
            continue
        seen.add(row.name)
        try:
            told = place.store.get(row.roots["event"], Event)
        except StoreError:
            continue
        if told.brand == brand:
            found.add(event.id if event else row.name)
    return sorted(found)


def roots_again(place: Workplace, row: RunRow, overlay: Path | None) -> dict[str, Model]:
    """What the run began with, the brand as it is told now."""
    roots = {name: place.store.get(row.roots[name], kind) for name, kind in KINDS.items()}
    event = roots["event"]
    assert isinstance(event, Event)
    kit = kit_of(event.brand, overlay, place.engine)
    return roots | {"brand": brand_of(event, kit, place.store, language_of(event))}


def foresee(place: Workplace, row: RunRow, roots: Mapping[str, Model], presets: Presets) -> Foreseen:
    """What would be done of this run with these roots and presets. Nothing is run, and no row is written."""
    digests = {name: place.store.put(value) for name, value in roots.items()}
    run = Run(place, replace(row, roots=digests, presets=place.store.put(presets), began=now()))
    judged = run.look()
    jobs = tuple(job for job in run.jobs() if judged[job].standing in WOULD_RUN)
    assets = _made_last(place, row)
    own = {str(job): belongs(job) for job in jobs}
    files = {name: tuple(asset.path for asset in assets if its(asset)) for name, its in own.items()}
    every = [belongs(job) for job in run.jobs() if judged[job].standing not in ("hopeless", "blocked")]
    gone = [asset.path for asset in assets if not any(one(asset) for one in every)]
    return Foreseen(row.name, jobs, files, tuple(gone), len(run.jobs()))


def last_package(place: Workplace, run: str) -> str:
    """The digest of the last Package this run made, by whatever program; "" when it made none."""
    made = [one for one in of_run(place.engine, run).values() if one.stage == "package" and one.output]
    last = max(made, key=lambda one: one.ended or 0, default=None)
    return (last.output or "") if last else ""


def _made_last(place: Workplace, row: RunRow) -> tuple[Asset, ...]:
    digest = last_package(place, row.id)
    try:
        return place.store.get(digest, Package).assets if digest else ()
    except StoreError:  # it is no longer whole, or of a form long gone
        return ()


def belongs(job: Job) -> Callable[[Asset], bool]:
    """Is a file of the package what this job makes? The page and package.json are the package's own."""
    kinds: dict[str, Sequence[str]] = {
        "spoken": ("transcript",), "slides": ("slide", "slides"), "deck": ("deck",), "chapters": ("chapters",),
        "highlights": ("highlights",), "posters": ("poster",), "motion": ("motion",), "summary": ("summary",),
        "recap": ("recap",), "package": ("page", "portrait"),
    }  # fmt: skip
    if job.stage == "edl":
        return lambda asset: asset.kind == "edl" and asset.path.startswith(f"edl/{job.variant}.")
    if job.stage in ("rendition", "drawing"):
        return lambda asset: asset.path.startswith(f"cuts/{job.variant}.")
    return lambda asset: asset.kind in kinds.get(job.stage, ())
