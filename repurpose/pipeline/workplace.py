"""Opened settings: the store, the database and our place among the workers, for as long as a process works."""

from __future__ import annotations

import os
from functools import cached_property
from types import TracebackType
from typing import Self

from repurpose.db.session import Database, open_database
from repurpose.errors import UserError
from repurpose.pipeline.memory import keep_flat
from repurpose.pipeline.presence import Presence
from repurpose.pipeline.reap import reap, sweep
from repurpose.pipeline.stopping import stopped_by
from repurpose.settings import Settings
from repurpose.store import FolderStore, Store


class Workplace:
    """Where runs are worked on. Open it before putting anything in the store: from then on nobody sweeps what you put.

    `guest=False` is for long-lived workers, which put files only while they hold a job's row and so never stand in the
    way of a sweep.
    """

    def __init__(self, settings: Settings, *, guest: bool = True, threads: int = 0) -> None:
        keep_flat()
        self.settings = settings
        self.store: Store = FolderStore(settings.store)
        self.threads = threads or cores()  # a tool may take this many
        try:
            self.presence = Presence(settings.scratch, guest=guest)
        except OSError as error:
            raise UserError(
                f"{settings.home} cannot be written to ({error.strerror}). Set REPURPOSE_HOME to another folder."
            ) from None

    @cached_property
    def engine(self) -> Database:
        return open_database(self.settings.database)

    def close(self) -> None:
        """Leave: remove our scratch, and what the store holds that no row knows."""
        with stopped_by(lambda: None):  # there is nothing left to stop, and half of this would be litter
            sweep(self)
            self.presence.leave()
            if "engine" in self.__dict__:
                self.engine.dispose()

    def __enter__(self) -> Self:
        reap(self)
        sweep(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:  # what was put in the store may have got no row
            self.presence.litter()
        self.close()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
