"""Two titles or covers of a film, shown by chance to one visitor or the other: which is the better one. Pure.

Each visitor is dealt one of the two by a fair coin, and is counted once. If the two are equally good, then whoever has a view
came from either side by an even chance, whatever came before; so did whoever has none. How much likelier what was seen is for
a biased coin than for a fair one is then a martingale: it passes 1/p with a chance of at most p, however often one looks (Ville
1939; Robbins 1970, "Statistical methods related to the law of the iterated logarithm"). The bias is not known: the likelihood
is averaged over a Beta distribution around one half. The mean of two martingales is one too, so views and visits without a
view are both asked: where nearly everybody watches, it is those who do not that tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from math import exp, lgamma, log
from typing import Literal

from repurpose.models import Ms
from repurpose.models.base import DAY_MS
from repurpose.presets import ExperimentsPreset

Variant = Literal["a", "b"]
Why = Literal["", "better", "same", "leave", "unbalanced", "stopped", "gone"]
HIGHEST = 700.0  # of a logarithm, so that its number can be written


@dataclass(frozen=True)
class Visit:
    """One page that was shown with a variant, or a film that was played in it."""

    visitor: str
    variant: Variant
    at: int  # ms since 1970
    viewed: bool
    stayed: bool


@dataclass(frozen=True)
class Side:
    """What one variant came to."""

    shown: int = 0  # visitors it was shown to
    counted: int = 0  # of them, those whose time for a view is over
    views: int = 0  # of those, who has one
    stays: int = 0  # and who stayed

    @property
    def rate(self) -> float:
        """Views a visitor; 0 before anyone is counted."""
        return self.views / self.counted if self.counted else 0.0


@dataclass(frozen=True)
class Verdict:
    """How an experiment stands."""

    why: Why  # "" while it runs
    keep: Variant
    evidence: float  # how much likelier a difference is than none; 1 says nothing
    needed: float  # so much of it ends the experiment


def dealt(experiment: str, visitor: str) -> Variant:
    """The variant of a visitor: by a fair coin, and the same one each time."""
    return "ab"[blake2b(f"{experiment}\0{visitor}".encode(), digest_size=1).digest()[0] & 1]  # type: ignore[return-value]


def sides(visits: Iterable[Visit], now: int, within: Ms) -> tuple[Side, Side]:
    """What was seen so far, each visitor once, on the side they were dealt first; what came later than `within` is left out."""
    first: dict[str, Visit] = {}
    found: dict[str, tuple[bool, bool]] = {}
    for one in sorted(visits, key=lambda visit: visit.at):
        began = first.setdefault(one.visitor, one)
        if one.variant == began.variant and one.at <= began.at + within:
            viewed, stayed = found.get(one.visitor, (False, False))
            found[one.visitor] = viewed or one.viewed, stayed or one.stayed

    def side(variant: Variant) -> Side:
        mine = [one for one in first.values() if one.variant == variant]
        over = [found[one.visitor] for one in mine if one.at + within <= now]
        return Side(len(mine), len(over), sum(viewed for viewed, _ in over), sum(stayed for _, stayed in over))

    return side("a"), side("b")


def judge(a: Side, b: Side, ran: Ms, rules: ExperimentsPreset) -> Verdict:
    """What is to be done after `ran` ms: nothing yet, or keep one of the two and why.

    A split that a fair coin does not make voids the experiment. B is not kept, however many it draws, when clearly fewer of
    them stay.
    """
    needed = 1 / rules.wrong
    strength = rules.expects
    drawn = odds(a.views, b.views, strength)
    left = odds(a.counted - a.views, b.counted - b.views, strength)
    told = (exp(min(drawn, HIGHEST)) + exp(min(left, HIGHEST))) / 2
    better: Variant = "b" if b.rate > a.rate else "a"
    if odds(a.shown, b.shown, strength) >= log(1 / rules.unbalanced):
        return Verdict("unbalanced", "a", told, needed)
    early = ran < rules.days * DAY_MS or min(a.counted, b.counted) < rules.visitors
    if not early and told >= needed:
        best, other = (b, a) if better == "b" else (a, b)
        leave = best.stays * other.counted < other.stays * best.counted
        if leave and odds(a.stays, b.stays, strength) >= log(needed):
            return Verdict("leave", "a", told, needed)
        return Verdict("better", better, told, needed)
    return Verdict("same" if ran >= rules.longest * DAY_MS else "", "a", told, needed)


def odds(a: int, b: int, strength: float) -> float:
    """The logarithm of how much likelier `a` heads and `b` tails are of a coin whose bias is Beta(strength, strength) than of a
    fair one."""
    return _beta(strength + a, strength + b) - _beta(strength, strength) + (a + b) * log(2)


def _beta(a: float, b: float) -> float:
    """The logarithm of Euler's beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)
