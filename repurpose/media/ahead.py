"""An iterator that is run in a thread of its own, a few items ahead of whoever takes them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """`with Ahead(items, 8) as found: for item in found: ...` What `items` raises is raised where it would have come."""

    def __init__(self, items: Iterable[T], room: int) -> None:
        self._items = items
        self._queue: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(room)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Iterator[T]:
        self._thread.start()
        return self._taken()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)  # make room, so that it sees the stop
            except queue.Empty:
                continue
        self._thread.join()

    def _run(self) -> None:
        end: BaseException | None = None
        try:
            for item in self._items:
                self._queue.put((item,))
                if self._stop.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits for it
            end = error
        self._queue.put(end)

    def _taken(self) -> Iterator[T]:
        while True:
            item = self._queue.get()
            if isinstance(item, tuple):
                yield item[0]
            elif item is None:
                return
            else:
                raise item
