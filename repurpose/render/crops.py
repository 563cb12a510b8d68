"""How a crop is framed around a face and how it follows it: still while the face stays, then one slow glide. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from repurpose.models import Box, Ms, View, view_at

HEAD_ROOM = 0.12  # share of the crop above the hair (VISUAL.md)
EYES = 0.38  # share of the crop above the eyes
HAIR = 0.25  # of a found face's height, above it
EYE_LINE = 0.4  # of a found face's height, below its top
CLOSE = 2.5  # a crop is at least this many faces high: with it head room and eyes are both as they should be
MARGIN = 0.04  # share of the crop that a face keeps from each of its edges
PUNCH = 1.04  # the closer view of every other span

_SLACKS = (0.06, 0.09, 0.13, 0.18)  # shares of the crop's size that a face may stray while the crop holds still
_HOLD: Ms = 2400  # from the middle of one glide to the middle of the next: more than a second at rest
_GLIDE: Ms = 1200
_FASTEST = 0.6  # of the crop's width in a second, on the average of a glide
_EASE = ((0.0, 0.0), (0.25, 0.15625), (0.5, 0.5), (0.75, 0.84375), (1.0, 1.0))  # 3x^2 - 2x^3


@dataclass(frozen=True)
class Aim:
    """Where a face was at one moment."""

    at: Ms
    face: Box


@dataclass(frozen=True)
class Frame:
    """The size of a crop and how high in it the eyes are, as a share of its height."""

    width: float
    height: float
    eyes: float

    def around(self, face: Box, limit: Box) -> Box:
        """The crop for a face, pushed back into `limit` where it would leave it."""
        x = face.x + face.width / 2 - self.width / 2
        y = face.y + EYE_LINE * face.height - self.eyes * self.height
        return Box(
            x=min(max(x, limit.x), limit.x + limit.width - self.width),
            y=min(max(y, limit.y), limit.y + limit.height - self.height),
            width=self.width,
            height=self.height,
        )


def framing(face_height: float, aspect: float, limit: Box | None, *, least: float = 0.0, clear: float = 1.0) -> Frame:
    """How a face of this height is framed in a crop of this shape (width / height) that lies within `limit`.

    The crop is no less than `least` pixels high where there is room. Captions begin at `clear`, a share of its height:
    the face ends above them where that can be had.
    """
    room = clear - HEAD_ROOM - 0.02
    wanted = max(CLOSE * face_height, least, (1 + HAIR) * face_height / room if room > 0 else 0.0)
    height = wanted if limit is None else min(wanted, limit.height, limit.width / aspect)
    share = face_height / height
    lowest = clear - 0.02 - (1 - EYE_LINE) * share if clear < 1 else 1.0
    highest = HEAD_ROOM + (HAIR + EYE_LINE) * share
    eyes = min(max(EYES, highest), max(lowest, highest))
    # A face that nearly fills the crop has no head room to give: it is held inside before all else.
    edge = 1.5 * MARGIN
    if share > 1 - 2 * edge:
        eyes = 0.5 + (EYE_LINE - 0.5) * share
    else:
        eyes = min(max(eyes, edge + EYE_LINE * share), 1 - edge - (1 - EYE_LINE) * share)
    return Frame(width=height * aspect, height=height, eyes=eyes)


def follow(aims: Sequence[Aim], frame: Frame, limit: Box) -> tuple[View, ...]:
    """Views of crops that keep every face inside with margin, or () when this frame cannot.

    The crop rests for seconds and glides between rests: what strays less than a slack is not followed. Where the rests
    would be too short, more straying is let be.
    """
    spots = [frame.around(aim.face, limit) for aim in aims]
    for slack in _SLACKS:
        rests = _rests(aims, spots, slack * frame.width, slack * frame.height)
        if rests is None:
            continue
        for rest in (_usual, _middle):
            views = _views(aims, [rest(spots[first : last + 1]) for first, last in rests], rests)
            if views and all(holds(view_at(views, aim.at), aim.face, limit) for aim in aims):
                return views
    return ()


def holds(crop: Box, face: Box, limit: Box | None = None) -> bool:
    """Is the face inside the crop, MARGIN away from its edges? Where the crop ends with `limit` there is no more to show."""
    dx, dy = MARGIN * crop.width, MARGIN * crop.height
    right, bottom = crop.x + crop.width, crop.y + crop.height
    return (
        (crop.x + dx <= face.x or (limit is not None and crop.x <= limit.x + 0.5))
        and (crop.y + dy <= face.y or (limit is not None and crop.y <= limit.y + 0.5))
        and (face.x + face.width <= right - dx or (limit is not None and right >= limit.x + limit.width - 0.5))
        and (face.y + face.height <= bottom - dy or (limit is not None and bottom >= limit.y + limit.height - 0.5))
    )


def between(views: Sequence[View], start: Ms, end: Ms) -> tuple[View, ...]:
    """The same movement from `start` to `end`; one view where there is none."""
    inner = [view for view in views if start < view.at < end]
    ends = [View(at=start, box=view_at(views, start)), View(at=end, box=view_at(views, end))]
    kept = [ends[0], *inner, ends[1]]
    if all(view.box == kept[0].box for view in kept):
        return (kept[0],)
    while len(kept) > 2 and kept[-1].box == kept[-2].box:
        kept.pop()
    while len(kept) > 2 and kept[1].box == kept[0].box and kept[2].box == kept[0].box:
        kept.pop(1)
    return tuple(kept)


def closer(crop: Box, eyes: float) -> Box:
    """The crop a little nearer, the eyes as high in it as before."""
    width, height = crop.width / PUNCH, crop.height / PUNCH
    return Box(
        x=crop.x + (crop.width - width) / 2, y=crop.y + (crop.height - height) * eyes, width=width, height=height
    )


def _rests(aims: Sequence[Aim], spots: Sequence[Box], dx: float, dy: float) -> list[tuple[int, int]] | None:
    """The aims in the fewest stretches (first, last), each long enough, in which no spot strays beyond the slack."""
    count = len(aims)
    if not count:
        return None
    xs, ys = [spot.x for spot in spots], [spot.y for spot in spots]
    # cheapest[k]: (stretches, how far their spots stray, where the last begins) for the first k aims
    cheapest: list[tuple[int, float, int] | None] = [(0, 0.0, 0), *[None] * count]
    for end in range(1, count + 1):
        x0 = x1 = xs[end - 1]
        y0 = y1 = ys[end - 1]
        for start in range(end - 1, -1, -1):
            x0, x1 = min(x0, xs[start]), max(x1, xs[start])
            y0, y1 = min(y0, ys[start]), max(y1, ys[start])
            if x1 - x0 > 2 * dx or y1 - y0 > 2 * dy:
                break
            before = cheapest[start]
            long = aims[end - 1].at - aims[start].at >= _HOLD or (start == 0 and end == count)
            if before is None or not long:
                continue
            cost = (before[0] + 1, before[1] + (x1 - x0) + (y1 - y0), start)
            best = cheapest[end]
            if best is None or cost < best:
                cheapest[end] = cost
    found: list[tuple[int, int]] = []
    end = count
    while end:
        best = cheapest[end]
        if best is None:
            return None
        found.append((best[2], end - 1))
        end = best[2]
    return found[::-1]


def _views(aims: Sequence[Aim], places: Sequence[Box], rests: Sequence[tuple[int, int]]) -> tuple[View, ...]:
    """A rest at each place, and an eased glide to the next; () where a glide would be hasty."""
    views = [View(at=aims[0].at, box=places[0])]
    for (here, there), (before, after) in zip(pairwise(rests), pairwise(places), strict=True):
        if np.hypot(after.x - before.x, after.y - before.y) > _FASTEST * before.width * _GLIDE / 1000:
            return ()
        start = (aims[here[1]].at + aims[there[0]].at - _GLIDE) // 2
        views += [View(at=start + round(share * _GLIDE), box=before.towards(after, eased)) for share, eased in _EASE]
    return tuple(views)


def _usual(spots: Sequence[Box]) -> Box:
    """Where it mostly is."""
    x, y = (float(np.median([getattr(spot, side) for spot in spots])) for side in ("x", "y"))
    return spots[0].model_copy(update={"x": x, "y": y})


def _middle(spots: Sequence[Box]) -> Box:
    """In the middle of where it strays."""
    xs, ys = [spot.x for spot in spots], [spot.y for spot in spots]
    return spots[0].model_copy(update={"x": (min(xs) + max(xs)) / 2, "y": (min(ys) + max(ys)) / 2})
