"""The three ways to choose sentences: fill a length, string passages together, pick windows. Exact, by dynamic programming.

Worth is measured in worth-seconds: a second of an ordinary sentence is worth 0..1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from repurpose.edit.material import Material, Run
from repurpose.models import Ms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Row = NDArray[np.float64]

_CELLS = 2400  # lengths that `fill` tells apart: 0.75 s of a 30-minute cut
_STRING_CELLS = 400
_NEVER = float("-inf")


class Passage(NamedTuple):
    """Consecutive sentences first..last, what choosing them gains, and how long they last."""

    first: int
    last: int
    value: float
    length: Ms
    roomy: bool = False  # long enough to carry a take of the next rung


def fill(
    material: Material, gain: Sequence[float], usable: Sequence[bool], joint: float, at_least: Ms, at_most: Ms
) -> list[Run]:
    """The passages with the greatest gain, less `joint` for each, whose lengths sum to at_least..at_most; [] when none do.

    A knapsack over (sentence, length so far) with two states: chosen, left out.
    """
    cap = at_most
    for _ in range(4):  # lengths are counted in cells, so what comes out may be a little too long
        runs = _fill(material, gain, usable, joint, at_least, cap)
        length = sum(material.length(i, j) for i, j in runs)
        if length <= at_most:
            return runs if length >= at_least else []
        cap -= length - at_most
    return []


def _fill(
    material: Material, gain: Sequence[float], usable: Sequence[bool], joint: float, at_least: Ms, at_most: Ms
) -> list[Run]:
    import numpy as np

    cell = max(50, at_most // _CELLS)
    wide, size = at_most // cell + 1, material.size
    never = np.full(wide, _NEVER)
    chosen, left = never, never.copy()
    left[0] = 0.0
    opened = np.zeros((size, wide), dtype=bool)  # chosen, and the passage begins here
    closed = np.zeros((size, wide), dtype=bool)  # left out, and a passage ended just before
    steps, begun = _cells(material, cell)
    for i in range(size):
        close = chosen - joint / 2 if i and material.stops[i - 1] is not None else never
        closed[i] = close > left
        if usable[i]:
            enter = _later(left, begun[i]) - joint / 2 if material.starts[i] is not None else never
            stay = _later(chosen, steps[i])
            opened[i] = enter > stay
            after = np.maximum(enter, stay) + gain[i]
        else:
            after = never
        chosen, left = after, np.maximum(left, close)
    close = chosen - joint / 2 if size and material.stops[-1] is not None else never
    final = np.maximum(left, close)
    final[: min(wide, -(-at_least // cell))] = _NEVER
    at = int(np.argmax(final))
    return [] if final[at] == _NEVER else _walk(bool(close[at] > left[at]), at, opened, closed, steps, begun)


def _walk(
    speaking: bool,
    at: int,
    opened: NDArray[np.bool_],
    closed: NDArray[np.bool_],
    steps: Sequence[int],
    begun: Sequence[int],
) -> list[Run]:
    runs: list[Run] = []
    last = len(steps) - 1
    for i in range(len(steps) - 1, -1, -1):
        if not speaking:
            speaking, last = bool(closed[i][at]), i - 1
        elif opened[i][at]:
            runs.append((i, last))
            at, speaking = at - begun[i], False
        else:
            at -= steps[i]
    return runs[::-1]


def _cells(material: Material, cell: Ms) -> tuple[list[int], list[int]]:
    """For each sentence how many cells it adds to a passage, and how many it takes as the first of one."""
    steps, begun, previous = [], [], 0
    for i in range(material.size):
        start, stop = material.starts[i], material.stops[i]
        begin = material.tight.shown(material.first_word(i) if start is None else start) // cell
        end = -(-material.tight.shown(material.last_word(i) if stop is None else stop) // cell)
        steps.append(max(0, end - previous))
        begun.append(max(0, end - begin))
        previous = max(previous, end)
    return steps, begun


def _later(row: Row, cells: int) -> Row:
    import numpy as np

    out = np.full_like(row, _NEVER)
    if cells < len(row):
        out[cells:] = row[: len(row) - cells]
    return out


def string(
    passages: Sequence[Passage], chapter: Sequence[int], again: float, roomy: int, at_least: Ms, at_most: Ms
) -> list[Passage]:
    """The passages, apart and in order, with the greatest total value and a total length of at_least..at_most.

    At least `roomy` of them can carry a take of the next rung, or as many as there can be. A passage costs `again` more
    when the one before it is of the same chapter. [] when no choice fits.
    """
    wanted = at_least
    for _ in range(4):  # each length counts as whole cells, so what comes out may be a little too short
        found = _string(passages, chapter, again, roomy, wanted, at_most)
        length = sum(passage.length for passage in found)
        if length >= at_least or not found:
            return found
        wanted += at_least - length + at_most // _STRING_CELLS
    return []


def _string(
    passages: Sequence[Passage], chapter: Sequence[int], again: float, roomy: int, at_least: Ms, at_most: Ms
) -> list[Passage]:
    import numpy as np

    size = len(chapter)
    cell = max(50, at_most // _STRING_CELLS)
    wide = at_most // cell + 1
    ending: list[list[int]] = [[] for _ in range(size + 1)]
    for k, passage in enumerate(passages):
        ending[passage.last + 1].append(k)
    opening = [chapter.index(chapter[i]) for i in range(size)]
    best = np.full((size + 1, roomy + 1, wide), _NEVER)
    best[0, 0, 0] = 0.0
    taken = np.full((size + 1, roomy + 1, wide), -1, dtype=np.int32)
    for end in range(1, size + 1):
        best[end] = best[end - 1]
        for k in ending[end]:
            passage = passages[k]
            cells = -(-passage.length // cell)
            if cells >= wide:
                continue
            before = _before(best, opening, passage, again)[:, : wide - cells]
            value = np.full((roomy + 1, wide), _NEVER)
            if passage.roomy and roomy:
                value[1:, cells:] = before[:-1]
                value[-1, cells:] = np.maximum(value[-1, cells:], before[-1])
            else:
                value[:, cells:] = before
            value += passage.value
            better = value > best[end]
            best[end][better] = value[better]
            taken[end][better] = k
    shortest = min(wide, -(-at_least // cell))
    level = roomy
    while level and best[size, level, shortest:].max(initial=_NEVER) == _NEVER:
        level -= 1
    if best[size, level, shortest:].max(initial=_NEVER) == _NEVER:
        return []
    at = shortest + int(np.argmax(best[size, level, shortest:]))
    out: list[Passage] = []
    end = size
    while end:
        k = int(taken[end, level, at])
        if k < 0:
            end -= 1
            continue
        passage = passages[k]
        out.append(passage)
        at -= -(-passage.length // cell)
        if passage.roomy and level:
            before = _before(best, opening, passage, again)[:, at]
            enough = level == roomy and before[level] >= before[level - 1]  # one more than asked for
            level -= not enough
        fresh, near = best[opening[passage.first], level, at], best[passage.first, level, at] - again
        end = opening[passage.first] if fresh >= near else passage.first
    return out[::-1]


def _before(best: Row, opening: Sequence[int], passage: Passage, again: float) -> Row:
    """The best that can stand before a passage: from an earlier chapter, or for a price from its own."""
    import numpy as np

    before: Row = np.maximum(best[opening[passage.first]], best[passage.first] - again)
    return before


def windows(passages: Sequence[Passage], count: int) -> list[Passage]:
    """Up to `count` passages that do not overlap, with the greatest total value; best first."""
    order = sorted(passages, key=lambda passage: (passage.last, passage.first))
    ends = [passage.last for passage in order]
    earlier = [bisect_right(ends, passage.first - 1) for passage in order]
    best: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())] * (len(order) + 1)]
    for _ in range(count):
        row: list[tuple[float, tuple[int, ...]]] = [(_NEVER, ())]
        for k, passage in enumerate(order):
            value, chosen = best[-1][earlier[k]]
            row.append(max(row[-1], (value + passage.value, (*chosen, k)), key=lambda pair: pair[0]))
        best.append(row)
    full = [row[-1] for row in best if row[-1][0] > _NEVER]
    return sorted((order[k] for k in full[-1][1]), key=lambda passage: (-passage.value, passage.first))
