"""Crops: a face is framed as it should be, held inside with margin, and followed without a jitter. Pure."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.models import Box, View, view_at
from repurpose.render.crops import (
    EYE_LINE,
    EYES,
    HAIR,
    HEAD_ROOM,
    MARGIN,
    PUNCH,
    Aim,
    between,
    closer,
    follow,
    framing,
    holds,
)

PICTURE = Box(x=0, y=0, width=1920, height=1080)


def face(x: float, y: float, size: float = 200) -> Box:
    """A face around a middle."""
    return Box(x=x - 0.4 * size, y=y - size / 2, width=0.8 * size, height=size)


def swaying(seed: int, seconds: float, sway: float, walks: int, size: float = 200) -> list[Aim]:
    """Looks at a head that sways all the time and walks to another place now and then."""
    dice = np.random.default_rng(seed)
    times = np.arange(0, seconds * 1000, 500).astype(int)
    xs = 960 + sway * np.sin(times / 1000 * dice.uniform(0.3, 2)) + dice.normal(0, 4, len(times))
    for _ in range(walks):
        start, by = dice.uniform(0, seconds * 1000), dice.uniform(-350, 350)
        xs += by * np.clip((times - start) / 1500, 0, 1)
    ys = 450 + 0.4 * sway * np.cos(times / 1000) + dice.normal(0, 4, len(times))
    return [Aim(int(at), face(float(np.clip(x, 200, 1700)), y, size)) for at, x, y in zip(times, xs, ys, strict=True)]


def test_head_room_and_eyes_are_where_they_should_be() -> None:
    frame = framing(200, 1.0, PICTURE)
    found = face(960, 540)
    crop = frame.around(found, PICTURE)
    hair = found.y - HAIR * found.height
    eyes = found.y + EYE_LINE * found.height
    assert (hair - crop.y) / crop.height == pytest.approx(HEAD_ROOM, abs=0.005)
    assert (eyes - crop.y) / crop.height == pytest.approx(EYES, abs=0.005)


@given(st.floats(40, 500), st.sampled_from([1.0, 16 / 9, 4 / 3, 1080 / 1180, 2.0]), st.floats(0.5, 1.0))
def test_a_face_ends_above_the_captions_where_there_is_room(height: float, aspect: float, clear: float) -> None:
    frame = framing(height, aspect, None, clear=clear)
    chin = frame.eyes + (1 - EYE_LINE) * height / frame.height
    assert chin <= max(clear, 0.63)
    assert frame.eyes - (EYE_LINE + HAIR) * height / frame.height >= HEAD_ROOM - 1e-9
    assert frame.width / frame.height == pytest.approx(aspect)


@pytest.mark.slow
@given(st.integers(0, 10_000), st.floats(3, 60), st.floats(0, 60), st.integers(0, 3))
def test_following_never_jitters_and_never_loses_the_face(seed: int, seconds: float, sway: float, walks: int) -> None:
    aims = swaying(seed, seconds, sway, walks)
    views = ()
    least = 0.0
    while not views and least < 1080:  # as a layout does: wider until it can be followed
        frame = framing(200, 1.0, PICTURE, least=least)
        views = follow(aims, frame, PICTURE)
        least = frame.height * 1.15
    for aim in aims if views else ():
        assert holds(view_at(views, aim.at), aim.face, PICTURE)
    check_calm(views)


def check_calm(views: tuple[View, ...]) -> None:
    """One size, inside the picture, slow, and never back within a second of forth."""
    if not views:
        return
    size = views[0].box.width
    assert all(view.box.width == pytest.approx(size) for view in views)
    assert all(before.at < after.at for before, after in pairwise(views))
    for view in views:
        assert view.box.x >= -1e-6
        assert view.box.y >= -1e-6
        assert view.box.x + view.box.width <= PICTURE.width + 1e-6
        assert view.box.y + view.box.height <= PICTURE.height + 1e-6
    times = np.arange(views[0].at, views[-1].at + 40, 40)
    for axis in ("x", "y"):
        where = np.array([getattr(view_at(views, int(at)), axis) for at in times])
        steps = np.diff(where)
        assert np.abs(steps).max(initial=0) <= 0.05 * size  # a glide's fastest frame
        moving = np.flatnonzero(np.abs(steps) > 0.01)
        for a, b in pairwise(moving):
            if steps[a] * steps[b] < 0:
                assert times[b] - times[a] >= 1000


def test_a_still_head_gets_a_still_crop() -> None:
    aims = swaying(3, 30, 8, 0)
    assert len(follow(aims, framing(200, 1.0, PICTURE), PICTURE)) == 1


def test_a_walk_is_one_glide() -> None:
    aims = [Aim(at, face(700 if at < 6000 else 900, 500)) for at in range(0, 12_000, 500)]
    views = follow(aims, framing(200, 1.0, PICTURE), PICTURE)
    assert views[0].box.x < views[-1].box.x
    assert views[1].at > 4000
    assert views[-1].at < 7500


def test_what_cannot_be_followed_calmly_is_not_followed() -> None:
    aims = [Aim(at, face(300 if at // 500 % 2 else 1600, 500)) for at in range(0, 12_000, 500)]
    assert follow(aims, framing(200, 1.0, PICTURE), PICTURE) == ()


def test_a_face_at_the_edge_of_its_picture_is_held_as_well_as_can_be() -> None:
    cut_off = Box(x=0, y=10, width=160, height=200)
    assert follow([Aim(0, cut_off)], framing(200, 1.0, PICTURE), PICTURE)


def test_a_part_of_a_movement() -> None:
    boxes = [Box(x=x, y=0, width=100, height=100) for x in (0, 0, 60, 60)]
    views = tuple(View(at=at, box=box) for at, box in zip((0, 1000, 2000, 9000), boxes, strict=True))
    assert between(views, 0, 900) == (View(at=0, box=boxes[0]),)
    moving = between(views, 1500, 3000)
    assert [(view.at, view.box.x) for view in moving] == [(1500, 30), (2000, 60)]
    assert all(view_at(moving, at).x == pytest.approx(view_at(views, at).x) for at in range(1500, 3000, 100))
    assert between(views, 5000, 6000) == (View(at=5000, box=boxes[2]),)


def test_the_closer_view_keeps_shape_and_eyes() -> None:
    crop = Box(x=100, y=50, width=640, height=360)
    near = closer(crop, EYES)
    assert near.width / near.height == pytest.approx(640 / 360)
    assert near.width == pytest.approx(640 / PUNCH)
    assert near.y + EYES * near.height == pytest.approx(crop.y + EYES * crop.height)
    assert MARGIN < 0.1
