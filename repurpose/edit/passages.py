"""Stretches of consecutive sentences that could stand on their own, each with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from statistics import fmean

from repurpose.edit.choose import Passage
from repurpose.edit.material import Material
from repurpose.models import Ms

_FALSE_START = 6.0  # seconds of ordinary worth: the first sentence leans on the one before
_ASKS = 8.0  # ends on a question and leaves the answer out
_CLOSE = 2.0  # ends before a long pause or with its chapter
_CROSSING = 5.0  # runs over the end of a chapter
_LONG_PAUSE: Ms = 700


def usual(material: Material) -> float:
    """What an ordinary second is worth here."""
    ordinary = [material.worth[i] for i in range(material.size) if material.clean[i] and not material.kept[i]]
    return max(0.05, fmean(ordinary)) if ordinary else 0.5


def passages(material: Material, usable: Sequence[bool], at_least: Ms, at_most: Ms) -> list[Passage]:
    """Every stretch of usable sentences that lasts at_least..at_most, valued in worth-seconds."""
    second = usual(material)
    gains = [0.0, *accumulate(material.gain(i) for i in range(material.size))]
    found = []
    for first in range(material.size):
        if material.starts[first] is None:
            continue
        for last in range(first, material.size):
            if not usable[last]:
                break
            if material.stops[last] is None:
                continue
            length = material.length(first, last)
            if length > at_most:
                break
            if length >= at_least:
                value = gains[last + 1] - gains[first] + second * _shape(material, first, last)
                found.append(Passage(first, last, value, length))
    return found


def _shape(material: Material, first: int, last: int) -> float:
    """How well a stretch begins and ends, in seconds of ordinary worth."""
    ends = last + 1 == material.size or material.chapter[last + 1] != material.chapter[last]
    return (
        -_FALSE_START * (not material.opens[first])
        - _ASKS * (material.asks[last] and not ends)
        + _CLOSE * (ends or material.pause[last] >= _LONG_PAUSE)
        - _CROSSING * (material.chapter[first] != material.chapter[last])
    )


def strength(material: Material, first: int, last: int) -> float:
    """The mean worth of a second of a stretch; less when its first sentence leans on the one before."""
    seconds = sum(material.seconds(i) for i in range(first, last + 1))
    mean = sum(material.gain(i) for i in range(first, last + 1)) / seconds
    return mean * (1.0 if material.opens[first] else 0.7) * (0.85 if material.asks[last] else 1.0)


def best_hook(material: Material, first: int, last: int, at_most: Ms) -> float:
    """The strength of the best stretch inside first..last that could be a hook of `at_most`; 0 when there is none."""
    best = 0.0
    for i in range(first, last + 1):
        if material.starts[i] is None:
            continue
        for j in range(i, last + 1):
            if material.stops[j] is None:
                continue
            length = material.length(i, j)
            if length > at_most - 60:
                break
            if length >= at_most * 3 // 5 + 60:
                best = max(best, strength(material, i, j), 0.001)
    return best
