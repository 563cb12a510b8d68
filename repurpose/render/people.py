"""The faces of many looks joined into the people they are of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from repurpose.models import Box, Face, Look, Ms
from repurpose.render.crops import Aim

_LOST: Ms = 4000  # out of sight for longer, and it is someone else
_STRAY = 0.9  # of a face's size, from one look to the next
_PRESENT = 0.4  # share of the looks someone must be seen at to be there
_FRAMED = 0.8  # share of the looks at which the face must be in its frame: else the frame is something behind it
_LIVELY = 0.012  # of a face's height: a picture of a face on a page strays less


@dataclass(frozen=True)
class Person:
    """Someone, through the looks of a stretch."""

    aims: tuple[Aim, ...]  # where the face was, in order of time
    frame: Box | None  # the webcam picture it is in; None when it is in the recording's own
    usual: tuple[Aim, ...] = ()  # every face seen in that frame in the whole take: one panel suits them all

    @property
    def height(self) -> float:
        """How high the face is, in the recording's pixels: as high as it mostly is at most."""
        return float(np.percentile([aim.face.height for aim in self.usual or self.aims], 75))

    @property
    def middle(self) -> float:
        """How far from the left the face mostly is."""
        return float(np.median([aim.face.x + aim.face.width / 2 for aim in self.aims]))

    @property
    def lively(self) -> float:
        """How much the face strays, as a share of its height."""
        rows = np.array([(aim.face.x, aim.face.y, aim.face.width, aim.face.height) for aim in self.aims])
        return float(rows.std(axis=0).max() / self.height)

    @property
    def moves(self) -> bool:
        """Is it someone before a camera, and not their portrait?"""
        return self.lively >= _LIVELY

    def inside(self, start: Ms, end: Ms) -> Person | None:
        """The same person from `start` to `end`; None where they are not seen."""
        aims = tuple(aim for aim in self.aims if start <= aim.at < end)
        return replace(self, aims=aims) if aims else None


def people_in(looks: Sequence[Look]) -> list[Person]:
    """Everyone who is seen at these looks, those seen most often first."""
    open_: list[list[tuple[Ms, Face]]] = []
    for look in looks:
        free = [track for track in open_ if look.at - track[-1][0] <= _LOST]
        for face in look.faces:
            near = [(_apart(track[-1][1], face), track) for track in free]
            nearest = min(near, key=lambda found: found[0], default=None)
            if nearest is not None and nearest[0] <= _STRAY:
                nearest[1].append((look.at, face))
                free = [track for track in free if track is not nearest[1]]
            else:
                open_.append([(look.at, face)])
    return [_person(track) for track in sorted(open_, key=lambda track: (-len(track), track[0][0]))]


def present(people: Sequence[Person], looks: Sequence[Look]) -> dict[int, Person]:
    """Those who are there for a good part of these looks, by their place among the people, with what is seen of them."""
    if not looks:
        return {}
    start, end = looks[0].at, looks[-1].at + 1
    inside = {index: found for index, person in enumerate(people) if (found := person.inside(start, end))}
    return {index: person for index, person in inside.items() if len(person.aims) >= _PRESENT * len(looks)}


def together(people: Sequence[Person]) -> Person:
    """Several people as one, who is as wide as all of them."""
    at = sorted({aim.at for person in people for aim in person.aims})
    faces: dict[Ms, list[Box]] = {moment: [] for moment in at}
    for person in people:
        for aim in person.aims:
            faces[aim.at].append(aim.face)
    return Person(tuple(Aim(moment, around(boxes)) for moment, boxes in faces.items()), None)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around these."""
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(x=x, y=y, width=right - x, height=bottom - y)


def _apart(before: Face, after: Face) -> float:
    """How far apart two faces are, in sizes of a face; far where one is much larger."""
    size: float = max(before.box.height, after.box.height)
    if size > 1.8 * min(before.box.height, after.box.height):
        return 9.0
    dx = before.box.x + before.box.width / 2 - after.box.x - after.box.width / 2
    dy = before.box.y + before.box.height / 2 - after.box.y - after.box.height / 2
    return float(np.hypot(dx, dy)) / size


def _person(track: Sequence[tuple[Ms, Face]]) -> Person:
    frame, count = Counter(face.frame for _, face in track).most_common(1)[0]
    return Person(tuple(Aim(at, face.box) for at, face in track), frame if count >= _FRAMED * len(track) else None)
