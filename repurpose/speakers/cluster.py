"""Vectors of voices -> which of them are one voice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from repurpose.speakers.fbank import Floats

Labels = NDArray[np.intp]


def cluster(vectors: Floats, weights: Floats, alike: float) -> Labels:
    """A label 0.. for each of the unit vectors [n, d], numbered by first appearance.

    Average linkage on the cosine: two clusters are one as long as the mean cosine over their pairs, each pair weighted by
    the product of its `weights`, is at least `alike`.
    """
    roots = list(range(len(vectors)))
    for cosine, one, other in _merges(vectors, weights):
        if cosine >= alike:  # a merge is never closer than those inside it, so the order does not matter
            roots[_root(roots, other)] = _root(roots, one)
    found = [_root(roots, at) for at in range(len(roots))]
    number = {root: place for place, root in enumerate(dict.fromkeys(found))}
    return np.array([number[root] for root in found], np.intp)


def _merges(vectors: Floats, weights: Floats) -> Iterator[tuple[float, int, int]]:
    """Every merge up to the one that leaves a single cluster: the cosine, and a vector of each side.

    The mean cosine of two clusters is the product of their mean vectors, so that no table of pairs is needed; each cluster's
    nearest is followed until two are each other's nearest (the nearest-neighbour chain, Murtagh 1983): O(n²) in time,
    O(n) in memory.
    """
    means = vectors.copy()
    mass = np.maximum(np.asarray(weights, np.float64), 1.0)
    gone = np.zeros(len(vectors), bool)
    chain: list[int] = []
    while len(vectors) - int(gone.sum()) > 1:
        chain = chain or [int(np.argmin(gone))]
        near = means @ means[chain[-1]]
        near[gone] = near[chain[-1]] = -2.0
        best = int(np.argmax(near))
        if len(chain) > 1 and near[chain[-2]] >= near[best]:
            one, other = chain.pop(), chain.pop()
            yield float(near[other]), one, other
            means[one] += (means[other] - means[one]) * np.float32(mass[other] / (mass[one] + mass[other]))
            mass[one] += mass[other]
            gone[other] = True
        else:
            chain.append(best)


def _root(roots: list[int], at: int) -> int:
    while roots[at] != at:
        roots[at] = roots[roots[at]]
        at = roots[at]
    return at
