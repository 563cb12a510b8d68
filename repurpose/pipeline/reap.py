"""What the dead leave behind: their jobs are freed, their scratch goes, and files in the store that no row knows are swept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from repurpose.db import jobs as rows
from repurpose.db import kept
from repurpose.db.jobs import JobRow
from repurpose.db.session import alone
from repurpose.errors import StoreError
from repurpose.store import Store, blobs_in

if TYPE_CHECKING:
    from repurpose.pipeline.workplace import Workplace


def reap(place: Workplace) -> list[JobRow]:
    """Free every job whose worker is dead (its lock is gone) or silent (its lease ran out). The rows as they were."""
    own, at = place.presence.worker, rows.now()
    held = [row for row in rows.running(place.engine) if row.worker != own]
    lost = [row for row in held if row.lease_until < at or place.presence.is_dead(row.worker)]
    freed = rows.take_back(place.engine, lost) if lost else []
    if freed:
        place.presence.litter()
    place.presence.bury()
    return freed


def sweep(place: Workplace) -> int:
    """Delete what no row refers to, if there is a reason to and nobody is at work; how many files went.

    Whoever works puts files into the store before the row that names them is written, so this waits until no job runs, and
    keeps others from starting one meanwhile.
    """
    with place.presence.sweeping() as due:
        if not due:
            return 0
        with alone(place.engine, "jobs"):
            if rows.running(place.engine):
                return 0
            named = kept.files(place.engine)
            gone = place.store.sweep(named | _reachable(place.store, kept.artifacts(place.engine)))
        place.presence.swept()
        return gone


def mend(place: Workplace, outputs: Iterable[str]) -> None:
    """Count as not done whatever is no longer whole in the store, so that it is made anew."""
    broken = [digest for digest in outputs if not _whole(place.store, digest)]
    if broken:
        rows.undo(place.engine, broken)


def _whole(store: Store, digest: str) -> bool:
    try:
        return all(store.has(blob.digest) for blob in blobs_in(store.read(digest)))
    except StoreError:
        return False


def _reachable(store: Store, artifacts: Iterable[str]) -> set[str]:
    keep: set[str] = set()
    for digest in artifacts:
        keep.add(digest)
        if store.has(digest):
            keep.update(blob.digest for blob in blobs_in(store.read(digest)))
    return keep
