"""The funnel of leads, its rates beside the usual ones, and what its shape says. Pure.

Three shapes have a name, and one is given only where a 95 % interval of the rates (Wilson) bears it out, not where a few
leads make it look so:

* 直筒型, straight: no step is below what is usual, and of those who come in far more than usual (twice, by the lower end
  of the interval) come through all the steps that are known. What is short is what comes in.
* 断裂型, broken: exactly one step after the first is below what is usual, and those before it are not. They get stuck there.
* 头大尾小, top-heavy: the first step is below what is usual, or several are. Many come, few of them are ripe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod, sqrt
from typing import Literal

from repurpose.leads.stages import LADDER, Stage

Shape = Literal["straight", "broken", "top_heavy", "usual", "unclear"]
FEW = 30  # of fewer a rate says little
_Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Rate:
    """How many of a stage reached the next: the share, its 95 % interval, and what is usual; all 0..1."""

    before: Stage
    after: Stage
    of: int
    got: int
    share: float
    low: float
    high: float
    usual: float
    known: bool  # the later stages are known only once the CRM has said anything

    @property
    def few(self) -> bool:
        """Too few to go by."""
        return self.of < FEW

    @property
    def below(self) -> bool:
        """Below what is usual, and not by chance."""
        return self.known and self.of > 0 and self.high < self.usual

    @property
    def above(self) -> bool:
        """Above what is usual, and not by chance."""
        return self.known and self.of > 0 and self.low > self.usual


@dataclass(frozen=True)
class Funnel:
    """How many reached each stage, the rates between them, the shape, and for a broken one the stage they get stuck before."""

    counts: dict[Stage, int]
    rates: tuple[Rate, ...]
    shape: Shape
    stuck: Stage | None = None


def funnel(highest: Iterable[Stage], average: Sequence[float], *, told: bool) -> Funnel:
    """The funnel of leads by the highest stage each reached; `average` in percent; `told`: whether the CRM ever said a word."""
    exactly = Counter(highest)
    counts = {stage: sum(exactly[one] for one in LADDER[number:]) for number, stage in enumerate(LADDER)}
    rates = []
    for (before, after), usual in zip(pairwise(LADDER), average, strict=True):
        low, high = wilson(counts[after], counts[before])
        share = counts[after] / counts[before] if counts[before] else 0.0
        known = told or after == "mql"
        rates.append(Rate(before, after, counts[before], counts[after], share, low, high, usual / 100, known))
    shape, stuck = _shape(rates)
    return Funnel(counts, tuple(rates), shape, stuck)


def wilson(got: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score (J. Am. Stat. Assoc. 22, 1927, p. 209); 0..1 where there is none."""
    if not of:
        return 0.0, 1.0
    share, z = got / of, _Z * _Z / of
    middle = share + z / 2
    half = _Z * sqrt((share * (1 - share) + z / 4) / of)
    return max(0.0, (middle - half) / (1 + z)), min(1.0, (middle + half) / (1 + z))


def _shape(rates: Sequence[Rate]) -> tuple[Shape, Stage | None]:
    known = [rate for rate in rates if rate.known and rate.of]
    below = [rate for rate in known if rate.below]
    if below:
        if len(below) == 1 and below[0] is not known[0]:
            return "broken", below[0].after
        return "top_heavy", None
    if known:
        low, _ = wilson(known[-1].got, known[0].of)
        if low > 2 * prod(rate.usual for rate in known):
            return "straight", None
    return ("unclear" if not known or known[0].few else "usual"), None
