"""Pictures or sound handed to a program through its standard input, by a thread of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

import numpy as np
from numpy.typing import NDArray

Piece = bytes | NDArray[np.uint8]
_ROOM = 1 << 20  # bytes of pipe asked for: Linux's default of 64 KiB is 50 turns for a full HD picture


class Feed:
    """Writes `pieces` to `pipe` and closes it after the last. A piece is written whole before the next is asked for.

    A reader that goes away ends it quietly: how that reader ended says why. What `pieces` raises is kept in `fault`, and
    `told` is called; the pipe then stays open until `stop`, so that what was written so far is not taken for the whole.
    """

    def __init__(self, pieces: Iterator[Piece], pipe: IO[bytes], told: Callable[[], None]) -> None:
        self._pieces, self._pipe, self._told = pieces, pipe, told
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.fault: BaseException | None = None
        _widen(pipe)

    def start(self) -> None:
        self._thread.start()

    def stop(self, wait_s: float) -> None:
        """Ask for no more pieces, and wait so long for the one on its way. The reader has ended, or was told to."""
        self._stopped.set()
        self._thread.join(wait_s)
        if not self._thread.is_alive():
            self._shut()

    def _run(self) -> None:
        try:
            for piece in self._pieces:
                if self._stopped.is_set() or not _written(self._pipe, piece):
                    return
            self._shut()
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits for the reader
            self.fault = error
            self._told()
        finally:
            close = getattr(self._pieces, "close", None)  # a generator holds files open until then
            if close is not None:
                close()

    def _shut(self) -> None:
        with suppress(OSError):
            self._pipe.close()


def _written(pipe: IO[bytes], piece: Piece) -> bool:
    """Whether all of `piece` went in; False when nobody reads any more."""
    left = memoryview(piece if isinstance(piece, bytes) else piece.data).cast("B")
    try:
        while left:
            left = left[os.write(pipe.fileno(), left) :]
    except OSError:
        return False
    return True


def _widen(pipe: IO[bytes]) -> None:
    try:
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)
    except (ImportError, AttributeError, OSError):
        return  # smaller is slower, not wrong
