"""Ctrl-C and SIGTERM at a moment that suits: as a call instead of an exception that may strike anywhere."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def stopped_by(tell: Callable[[], None]) -> Iterator[None]:
    """While inside, Ctrl-C and SIGTERM call `tell`. Only the main thread hears signals; in any other this does nothing.

    KeyboardInterrupt may be raised between any two steps, also halfway through starting a thread, which then works on and
    is waited for by nobody.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heard = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    for number in heard:
        signal.signal(number, lambda *_: tell())
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
