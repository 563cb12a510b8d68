"""From looks to pages: stretches at rest, which of them are one page, and how long each page stood. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from repurpose.media.frames import Frame
from repurpose.models import Ms
from repurpose.slides import look
from repurpose.slides.look import Image, Map

_SLACK: Ms = 200  # frames that are cheap to decode lie this far apart


@dataclass
class Run:
    """A stretch at rest: seen at `start`, seen for the last time at `end`, gone by `until`."""

    start: Ms
    end: Ms
    until: Ms
    first: Image
    last: Image
    mask: Map


@dataclass
class Page:
    """Runs that show the same page, with more or less on it."""

    runs: list[Run]

    @property
    def start(self) -> Ms:
        return self.runs[0].start

    @property
    def last(self) -> Run:
        return self.runs[-1]

    def fullest(self) -> Run:
        """The run with most on it, of the last one and those that stood a fair part of the time."""
        whole = sum(run.until - run.start for run in self.runs)
        fair = [run for run in self.runs if run is self.last or run.until - run.start >= 0.15 * whole]
        return max(fair, key=lambda run: (np.count_nonzero(look.ink(run.last) & ~run.mask), run.start))


@dataclass
class Rest:
    """Collects the runs of a recording from looks in order of time."""

    stable: Ms
    runs: list[Run] = field(default_factory=list)
    _now: Run | None = None
    _anchor: Image | None = None

    def pass_by(self, at: Ms) -> None:
        """Nothing changed up to `at`, where another look was taken."""
        if self._now is not None:
            self._now.end = self._now.until = at

    def see(self, frame: Frame, mask: Map, anchor: bool = False) -> None:
        """One look. With `anchor` it is known to show the run that goes on, and what follows is held against it."""
        now = self._now
        if anchor and now is not None:
            now.last, now.mask, self._anchor = frame.image, mask, frame.image
        if now is not None and self.shows(frame, mask):
            now.end = now.until = frame.at
            now.last = frame.image
        else:
            self.stop(frame.at)
            self._now = Run(frame.at, frame.at, frame.at, frame.image, frame.image, mask)
            self._anchor = frame.image

    def shows(self, frame: Frame, mask: Map) -> bool:
        """Does the frame show the run that goes on?"""
        if self._now is None or self._anchor is None:
            return False
        # Held against the last look and against the first: in a slow fade no two neighbours differ by much.
        return look.same(self._now.last, frame.image, mask) and look.same(self._anchor, frame.image, mask)

    def stop(self, at: Ms) -> None:
        """By `at` the run that went on was over."""
        if self._now is not None:
            self._now.until = max(at, self._now.until)
            if self._now.until - self._now.start >= self.stable - _SLACK:
                self.runs.append(self._now)
        self._now = None


def pages_of(runs: Sequence[Run], bridge: Ms) -> list[Page]:
    """Runs joined into pages: the same picture again or a build-up, with at most `bridge` ms of movement between."""
    pages: list[Page] = []
    for run in runs:
        if pages and run.start - pages[-1].last.until <= bridge and _continues(pages[-1], run):
            pages[-1].runs.append(run)
        else:
            pages.append(Page([run]))
    return pages


def is_page(page: Page) -> bool:
    """Is there something to read or to look at, and not a camera's picture behind a speaker?"""
    run = page.last
    if look.blank(run.last, run.mask):
        return False
    return look.share(run.mask) < 0.1 or look.drawn(run.last, run.mask)


def same_page(earlier: Run, later: Run) -> bool:
    """Is it the very same page, so that a picture of one serves for both? Stricter than `look.same`: a digit may matter."""
    return look.identical(earlier.last, later.last, earlier.mask | later.mask)


def nearer(frame: Image, before: Image, after: Image, mask: Map) -> bool:
    """Where the two pictures differ, is `frame` more like `after` than like `before`?"""
    where = look.changed(before, after) & ~mask
    old = np.abs(frame[where].astype(np.int16) - before[where]).sum()
    new = np.abs(frame[where].astype(np.int16) - after[where]).sum()
    return bool(new < old)


def _continues(page: Page, run: Run) -> bool:
    mask = page.last.mask | run.mask
    if look.adds_to(page.last.last, run.first, mask):
        return True
    return any(look.same(earlier.last, run.first, mask) for earlier in reversed(page.runs))
