"""The cover of a cut prefers open eyes when it is told who is seen."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from repurpose.models import Box, EditDecisionList, Face, Faces, Look, Span
from repurpose.render.cover import LOOKED_AT, awake, candidates, cover_of
from tests.media import make_clock
from tests.media import read as number_of

EDL = EditDecisionList(cut="x", spans=(Span(start=2000, end=5000), Span(start=9000, end=15_000)))


def look(at: int, *eyes: float) -> Look:
    return Look(at=at, faces=tuple(Face(box=Box(x=0, y=0, width=9, height=9), score=0.9, open=one) for one in eyes))


def test_looks_with_open_eyes_are_candidates() -> None:
    faces = Faces(looks=(look(2400, 0.1), look(2900, 1.0), look(3400, 1.0, 0.2), look(9500, 0.9), look(7000, 1.0)))
    assert candidates(EDL, ()) == [0, 3000]
    assert candidates(EDL, (), faces) == [0, 900, 3000]
    many = Faces(looks=tuple(look(at, 1.0) for at in range(2000, 5000, 100)))
    assert len(candidates(EDL, tuple(range(2000, 5000, 50)), many)) <= LOOKED_AT + 4


def test_candidates_lie_between_the_bumpers() -> None:
    bumped = EDL.model_copy(update={"intro": 1200, "outro": 2500})
    assert candidates(bumped, (3000,)) == [1200, 2200, 4200]


@pytest.mark.parametrize(
    ("at", "worth"), [(2000, 1.0), (3000, 0.4), (3100, 0.4), (5000, 0.88), (9000, 1.0), (None, 1.0)]
)
def test_shut_eyes_are_worth_less(at: int | None, worth: float) -> None:
    faces = Faces(looks=(look(2000, 1.0), look(3000, 1.0, 0.0), look(4950, 1.0), look(9000)))
    assert awake(at, faces) == pytest.approx(worth)
    assert awake(at, None) == 1.0


def test_the_frame_with_open_eyes_is_taken(tmp_path: Path) -> None:
    """Every frame is as sharp as the next; only the eyes tell them apart."""
    path = make_clock(tmp_path / "cut.mp4", 375, sound=False, gop=25)  # 15 s, as a cut of its own
    edl = EditDecisionList(cut="x", spans=(Span(start=0, end=15_000),))
    looks = tuple(look(at, 1.0 if at == 3080 else 0.0) for at in range(80, 15_000, 500))
    image = cv2.imdecode(np.frombuffer(cover_of(path, edl, (), Faces(looks=looks)), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert number_of(np.asarray(image, np.uint8)) == 77
