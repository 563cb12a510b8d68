"""What led to it: credit for each conversion among the views before it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from repurpose.models.base import DAY_MS

WINDOW = 90 * DAY_MS


@dataclass(frozen=True)
class Touch:
    """A version that a lead watched: when, which, of which cut, through which channel, on whose card."""

    at: int
    asset: str
    cut: str
    channel: str
    owner: str = ""


@dataclass(frozen=True)
class Credit:
    """How many conversions are owed to something: all to the first touch, all to the last, or the same part to each."""

    first: float = 0.0
    last: float = 0.0
    linear: float = 0.0


def attribution(journeys: Iterable[tuple[Sequence[Touch], int]], by: Callable[[Touch], str]) -> dict[str, Credit]:
    """Credits by what `by` says of a touch, of (touches of a lead, when it converted); touches of the 90 days before count.

    Each of the three sums to the number of conversions that had a touch. What `by` calls "" gets its credit too.
    """
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for touches, at in journeys:
        before = sorted((one for one in touches if at - WINDOW <= one.at <= at), key=lambda one: (one.at, one.asset))
        if not before:
            continue
        sums[by(before[0])][0] += 1
        sums[by(before[-1])][1] += 1
        for one in before:
            sums[by(one)][2] += 1 / len(before)
    return {key: Credit(*three) for key, three in sorted(sums.items(), key=lambda pair: (-pair[1][2], pair[0]))}


WAYS: Mapping[str, Callable[[Touch], str]] = {
    "asset": lambda one: one.asset,
    "cut": lambda one: one.cut,
    "channel": lambda one: one.channel,
    "owner": lambda one: one.owner,
}
