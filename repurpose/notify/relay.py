"""The relay: sends what lies in the outbox, each endpoint at its own pace.

It looks four times a second. What may be sent is claimed in one transaction, sent side by side, and what came of it is written with the
next claim. An endpoint has at most `EACH` under way, and one that goes on failing has one: who is slow or dead keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from repurpose.db import outbox
from repurpose.db.endpoints import EndpointRow
from repurpose.db.jobs import now
from repurpose.db.outbox import MessageRow, Settled
from repurpose.db.session import Database
from repurpose.notify.outward import TIMEOUT_S, Outward
from repurpose.notify.schedule import SCHEDULE_S, Outcome, after
from repurpose.notify.transports import Names, Way, deliver, nobody
from repurpose.settings import Settings

log = logging.getLogger("repurpose.relay")
THREADS = 64  # that look up names and hand in mails
EACH = 16  # messages to one endpoint at once
FAILING = 3  # failures in a row after which it is one
LOOK_S = 0.25  # how soon a message is seen
NAP_S = 0.1  # how soon it is heard that it ends
GATHER_S = 0.02  # what ends within this is written at once
TIDY_S = 30.0  # how often it is looked who died, and what ended long ago


class Relay:
    """Sends while it is entered. `worker` goes into the rows it claims; what a worker that `is_dead` held it takes over."""

    def __init__(
        self,
        engine: Database,
        settings: Settings,
        secrets: tuple[bytes, ...],
        worker: str,
        is_dead: Callable[[str], bool],
        *,
        names: Names = nobody,
        schedule: Sequence[float] = SCHEDULE_S,
        timeout_s: float = TIMEOUT_S,
        look_s: float = LOOK_S,
    ) -> None:
        self._engine, self._settings, self._secrets = engine, settings, secrets
        self._worker, self._is_dead, self._names = worker, is_dead, names
        self._schedule, self._timeout_s, self._look_s = schedule, timeout_s, look_s
        self._leave = threading.Event()
        self._thread: threading.Thread | None = None
        self._under_way: dict[asyncio.Task[Outcome], tuple[MessageRow, EndpointRow]] = {}
        self._failures: Counter[str] = Counter()  # endpoint -> in a row
        self._ended: list[Settled] = []
        self._tidied = -TIDY_S

    def __enter__(self) -> Self:
        self._leave.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), name="relay")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        if self._thread is not None:
            self._thread.join()

    async def _work(self) -> None:
        # Names that are slow to resolve, or a slow mail server, never keep the records waiting: those have a thread of their own.
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "relay"))
        records = ThreadPoolExecutor(1, "relay records")
        async with Outward(self._settings.webhook_inside, timeout_s=self._timeout_s) as door:
            way = Way(door, self._settings, self._secrets, self._names)
            while not self._leave.is_set():
                for message, endpoint in await loop.run_in_executor(records, self._turn):
                    task = asyncio.create_task(deliver(way, endpoint, message))
                    self._under_way[task] = (message, endpoint)
                await self._rest()
            for task, (message, _) in self._under_way.items():  # whoever comes next sends it again, under the id it has
                task.cancel()
                self._ended.append(Settled(message, "waiting", message.failed, None, message.why, now()))
            await asyncio.gather(*self._under_way, return_exceptions=True)
            await loop.run_in_executor(records, self._turn)
        records.shutdown()

    def _turn(self) -> list[tuple[MessageRow, EndpointRow]]:
        """Write what has ended, and take what may be sent now."""
        at = time.monotonic()
        try:
            if at - self._tidied > TIDY_S:
                outbox.tidy(self._engine, self._is_dead)
                self._tidied = at
            taken = outbox.turn(self._engine, self._ended, self._worker, self._rooms())
        except outbox.NotReached as fault:  # what has ended is written when the database is back
            log.warning("the outbox cannot be reached: %s", fault)
            return []
        self._ended.clear()
        return taken

    def _rooms(self) -> outbox.Rooms:
        if self._leave.is_set():
            return outbox.Rooms(0)
        most = Counter({key: 1 - EACH for key, many in self._failures.items() if many >= FAILING})
        busy = Counter(endpoint.id for _, endpoint in self._under_way.values())
        return outbox.Rooms(EACH, {key: EACH + most[key] - busy[key] for key in most.keys() | busy.keys()})

    async def _rest(self) -> None:
        """Until something has ended, or it is time to look again."""
        until = time.monotonic() + self._look_s
        while not self._leave.is_set() and time.monotonic() < until and not self._ended:
            if not self._under_way:
                await asyncio.sleep(min(NAP_S, self._look_s))
                continue
            done, left = await asyncio.wait(self._under_way, timeout=NAP_S, return_when=asyncio.FIRST_COMPLETED)
            if done and left:
                done, _ = await asyncio.wait(self._under_way, timeout=GATHER_S)
            for task in done:
                self._ended.append(self._judged(task, *self._under_way.pop(task)))

    def _judged(self, task: asyncio.Task[Outcome], message: MessageRow, endpoint: EndpointRow) -> Settled:
        fault = task.exception()
        if fault is not None:  # ours; one message that breaks must not end all others
            log.error("message %s broke", message.id, exc_info=fault)
        outcome = task.result() if fault is None else Outcome(False, why=f"a fault of ours: {fault!r}")
        self._failures[endpoint.id] = 0 if outcome.done else self._failures[endpoint.id] + 1
        settled = after(message, outcome, now(), random.random(), self._schedule)  # noqa: S311 - no secret
        if settled.state == "dead" or settled.disable:
            log.warning("message %s to %s: %s", message.id, endpoint.id, settled.disable or f"given up: {settled.why}")
        return settled
