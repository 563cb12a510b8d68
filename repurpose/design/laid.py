"""What laid blocks come to: marks in their places, and the rows where a long picture may be parted. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, NamedTuple

from repurpose.design.typeset import Setting

_TAILS = 0.2  # of a size: the tails of letters hang so far below the square


class Cite(NamedTuple):
    """Where the words of a text come from."""

    source: Literal["said", "event", "label"]  # the transcript, the event's own file, or ours
    sentences: tuple[int, ...] = ()  # indices into the transcript, for what was said
    speaker: str = ""


LABEL, GIVEN = Cite("label"), Cite("event")


class Fill(NamedTuple):
    """A rectangle of one colour ("gradient" is the brand's), round at its corners."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    radius: float = 0.0
    whole: bool = True  # not to be cut apart; a band's ground may be


class Type(NamedTuple):
    """A text as it was set."""

    x: float
    y: float
    setting: Setting
    colour: str
    text: str
    cite: Cite

    @property
    def width(self) -> float:
        return self.setting.width

    @property
    def height(self) -> float:
        return self.setting.height + _TAILS * self.setting.size


class Art(NamedTuple):
    """A picture by its name, filling its rectangle."""

    x: float
    y: float
    width: float
    height: float
    name: str
    radius: float = 0.0


Mark = Fill | Type | Art


class Laid(NamedTuple):
    """A block at its width: how high it is, and its marks, those in front last."""

    width: float
    height: float
    marks: tuple[Mark, ...] = ()

    def at(self, x: float, y: float) -> tuple[Mark, ...]:
        """The marks with the block's upper left corner at x, y."""
        return tuple(mark._replace(x=mark.x + x, y=mark.y + y) for mark in self.marks)


def taken(laid: Laid) -> list[tuple[float, float]]:
    """The stretches from top to bottom that must not be cut through, joined where they overlap, in order."""
    spans = sorted(
        (mark.y, mark.y + mark.height) for mark in laid.marks if not (isinstance(mark, Fill) and not mark.whole)
    )
    joined: list[tuple[float, float]] = []
    for top, bottom in spans:
        if joined and top <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], bottom)
        else:
            joined.append((top, bottom))
    return joined


def cuts(laid: Laid, most: float) -> list[int]:
    """Where to part a long picture: rows that no text, card or picture reaches, in pieces of at most `most` pixels.

    Of the places that leave a piece of at least half of that, the widest gap. A piece is higher than `most` only where
    nothing lower may be cut off.
    """
    gaps = [(above[1], below[0]) for above, below in pairwise(taken(laid)) if below[0] - above[1] >= 2]
    places: list[int] = []
    last = 0.0
    while laid.height - last > most:
        free = [(round((top + bottom) / 2), bottom - top) for top, bottom in gaps if (top + bottom) / 2 > last + 1]
        inside = [each for each in free if last + most / 2 <= each[0] <= last + most]
        nearer = [each for each in free if each[0] <= last + most]
        if not free:
            break
        best = max(inside, key=lambda each: (round(each[1] / 8), each[0])) if inside else (nearer[-1:] or free[:1])[0]
        places.append(best[0])
        last = best[0]
    return places
