"""Watched seconds and the edit lists they were watched through -> Retention, which the ranking takes as a signal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from repurpose.models import Retention
from repurpose.models.film import Film
from repurpose.models.seconds import as_array, covered, seconds

LEFT_S = 10  # who leaves has heard so much of what comes next
GRAIN = 1000  # one viewer of a version that shows the whole recording
Row = NDArray[np.int64]


def retention(watched: Iterable[tuple[str, int]], films: Mapping[str, Film]) -> Retention:
    """What these players showed, (asset, its seconds as bits), of these films.

    A second was offered to a viewer who stayed until it, or left up to ten seconds before: the end of a long talk is not
    dull because most were gone. How often a second was watched is held against what is usual in the version it was watched
    in, so that a second which stands in a short cut, which everyone sees to its end, gains nothing by that; otherwise what
    was chosen once would be chosen for ever. A version weighs by how much of the recording it shows: the more seconds, the
    more it tells of each. Both rows are in thousandths of a viewer.
    """
    offers: dict[str, tuple[Row, Row]] = {}
    for asset, bits in watched:
        of = films.get(asset)
        if of is None or not bits:
            continue
        offered, seen = offers.setdefault(asset, (np.zeros(of.seconds, np.int64), np.zeros(of.seconds, np.int64)))
        offered[: bits.bit_length() + LEFT_S] += 1
        seen += as_array(bits, of.seconds)
    size = max((seconds(end) for of in films.values() for _, end in of.spans), default=0)
    whole = (np.zeros(size), np.zeros(size))
    for asset, rows in offers.items():
        at, source = _lines(films[asset])
        offered, seen = (row[at] for row in rows)
        if not seen.sum():
            continue
        weight = GRAIN * len(source) / size
        whole[0][source] += weight * offered * (seen.sum() / offered.sum())
        whole[1][source] += weight * seen
    if not whole[1].any():
        return Retention()
    return Retention(offered=tuple(map(int, whole[0].round())), watched=tuple(map(int, whole[1].round())))


def _lines(of: Film) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which second of the film shows the middle of which second of the recording."""
    pairs = [
        ((begins + second * 1000 + 500 - start) // 1000, second)
        for begins, (start, end) in zip(of.starts, of.spans, strict=True)
        for second in range(*covered(start, end))
    ]
    pairs = [(at, second) for at, second in pairs if at < of.seconds]
    return np.array([at for at, _ in pairs], np.int64), np.array([second for _, second in pairs], np.int64)
