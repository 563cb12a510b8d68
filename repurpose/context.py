"""What every stage is handed beside its inputs: a scratch folder, the store, progress and cancel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from repurpose.store import Store


def _nothing() -> None:
    return None


def _ignore(done: float) -> None:
    return None


@dataclass(frozen=True)
class Context:
    """Handed to every stage. Files are made in `scratch` and enter the store whole, or not at all."""

    scratch: Path
    store: Store
    progress: Callable[[float], None] = field(default=_ignore)  # 0..1, cheap to call often
    check: Callable[[], None] = field(default=_nothing)  # raises Cancelled when the user stopped the job
    threads: int = 2  # how many threads a tool may take

    def beat(self, done: float) -> None:
        """Once a beat of long work: stop if asked to, else say how far it is."""
        self.check()
        self.progress(done)

    def part(self, low: float, high: float) -> Context:
        """The same context, with progress mapped into low..high: for one of several steps."""
        return Context(
            self.scratch, self.store, lambda done: self.progress(low + (high - low) * done), self.check, self.threads
        )
