"""Atoms -> one or two balanced lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from repurpose.text.signs import width_of
from repurpose.text.timed import Atom


class Lines(NamedTuple):
    """One or two lines, and what is wrong with them: 0 for one line, more for a bad break or unequal halves."""

    texts: tuple[str, ...]
    cost: float


def lay(
    atoms: Sequence[Atom], limit: float, narrow: bool, rows: int = 2, measure: Callable[[str], float] | None = None
) -> Lines | None:
    """The atoms on one line where they fit, else on two; None when `rows` lines of `limit` do not hold them.

    `measure` says how wide a line is. Without one, `narrow` counts a Latin letter as 1 and a Chinese sign as 2; else a
    Chinese sign is 1 and a letter a half.
    """
    wide = measure or (lambda text: width_of(text) * (2.0 if narrow else 1.0))
    whole = "".join(atom.text for atom in atoms).strip()
    width = wide(whole)
    if width <= limit:
        return Lines((whole,), 0.0)
    if rows < 2 or width > 2 * limit + (0 if measure else 1):
        return None
    best: Lines | None = None
    upper = ""
    for place, atom in enumerate(atoms[:-1], 1):
        upper += atom.text
        top = wide(upper.strip())
        lower = "".join(atom.text for atom in atoms[place:]).strip()
        bottom = wide(lower)
        if top > limit:
            break
        if bottom <= limit:
            cost = 0.3 + atom.cost + abs(top - bottom) / limit
            if best is None or cost < best.cost:
                best = Lines((upper.strip(), lower), cost)
    return best
