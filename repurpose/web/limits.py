"""How often something may be asked: sliding windows, kept in memory, one for each rule and asker."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import NamedTuple

from repurpose.web.problems import Problem


class Rule(NamedTuple):
    """At most `times` in any `seconds`."""

    name: str
    times: int
    seconds: int


LOGIN = Rule("login", 10, 300)  # for each address and account
FORM = Rule("form", 20, 300)  # lead forms from one address: an office sits behind one
ASKERS = 50_000  # remembered at a time; the longest silent are forgotten first


class Limits:
    """Counts askers. A window slides: the last one weighs by the share of it that still counts."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], tuple[int, int, int]] = (
            OrderedDict()
        )  # window, in it, in the one before
        self._lock = threading.Lock()

    def wait(self, rule: Rule, asker: str, at: float | None = None) -> float:
        """Count one more; 0 when it may go on, else the seconds until it may."""
        now = time.monotonic() if at is None else at
        window, into = divmod(now, rule.seconds)
        with self._lock:
            last, here, before = self._seen.pop((rule.name, asker), (int(window), 0, 0))
            if last != int(window):
                here, before = 0, here if last == int(window) - 1 else 0
            used = here + before * (1 - into / rule.seconds)
            allowed = used + 1 <= rule.times
            self._seen[(rule.name, asker)] = (int(window), here + allowed, before)
            if len(self._seen) > ASKERS:
                self._seen.popitem(last=False)
        return 0.0 if allowed else max(1.0, rule.seconds - into)

    def take(self, rule: Rule, asker: str) -> None:
        """Count one more. Raises Problem (429) when that is one too many."""
        seconds = self.wait(rule, asker)
        if seconds:
            whole = int(seconds + 0.999)
            raise Problem("too-many", {"Retry-After": str(whole)}, seconds=whole)
