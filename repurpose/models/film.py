"""From a moment of a version to the moment of the recording it shows. Pure.

A version shows an intro, then its spans of the recording one after the other, then an outro. What was watched of the intro
and of the outro is no second of the recording.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repurpose.models.base import Ms
from repurpose.models.seconds import seconds


@dataclass(frozen=True)
class Film:
    """A file that is played: whose it is, how long it is, and what of the recording it shows, in the order shown."""

    asset: str
    event: str
    length: Ms
    spans: tuple[tuple[Ms, Ms], ...]
    starts: tuple[Ms, ...]  # where in the film each span begins
    seconds: int  # how many it has


def film(asset: str, event: str, length: Ms | None, spans: Sequence[tuple[Ms, Ms]], intro: Ms) -> Film:
    """The film of these spans, which begin after its intro; without a length it ends with the last of them."""
    starts, at = [], intro
    for start, end in spans:
        starts.append(at)
        at += end - start
    length = at if length is None else length
    return Film(asset, event, length, tuple(spans), tuple(starts), seconds(length))


def shown(of: Film, a: Ms, b: Ms) -> Iterator[tuple[Ms, Ms]]:
    """The stretches of the recording that [a, b) of the film shows."""
    for k in range(max(0, bisect_right(of.starts, a) - 1), len(of.spans)):
        begins, (start, end) = of.starts[k], of.spans[k]
        if begins >= b:
            return
        first, last = start + max(0, a - begins), min(end, start + b - begins)
        if first < last:
            yield first, last
