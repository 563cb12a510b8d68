"""Experiments of titles and covers are looked at once a minute while a server is up, and ended when they are decided."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from repurpose.db.jobs import now
from repurpose.pipeline.experiments import settle
from repurpose.pipeline.workplace import Workplace
from repurpose.web.experiments import still

log = logging.getLogger("repurpose.experiments")
LOOK_S = 60.0


class Settling:
    """Looks while it is entered; of several servers each may look, the first ends it."""

    def __init__(self, place: Workplace) -> None:
        self._place, self._leave = place, threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._leave.clear()
        self._thread = threading.Thread(target=self._look, name="experiments", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._leave.wait(LOOK_S):
            try:
                settle(self._place, now(), lambda row: still(self._place, row))
            except Exception:  # the next look may go better; views are counted meanwhile
                log.exception("the experiments could not be looked at")
