"""Where pages begin and end, on videos whose pages are known."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from repurpose.errors import Cancelled
from repurpose.models import Shot, Shots
from repurpose.presets import SlidesPreset
from repurpose.slides.shots import find_shots
from tests.slides.drawn import Draw, camera, film, page, show, taken_in, with_camera

SLOW = partial(pytest.param, marks=pytest.mark.slow)
ONE = page("Growth", "Replays work for months", "Leads come late")
TWO = page("Costs", "Hosting is cheap", "Editing is not", "So let it be done")
THREE = page("Plan", "One recording", "Four versions")
FOUR = page("Questions", "Who watches?", "For how long?")


def shots_of(draw: Draw, seconds: float, folder: Path, gop: int = 100, b_frames: int = 2) -> Shots:
    path = film(folder / "talk.mp4", draw, seconds, gop, b_frames)
    recording, ctx = taken_in(path, seconds, folder)
    shots = find_shots(recording, SlidesPreset(), ctx)
    assert shots.spans[0].start == 0
    assert shots.spans[-1].end == recording.duration
    assert all(before.end == after.start for before, after in pairwise(shots.spans))
    return shots


def pages_of(shots: Shots) -> list[Shot]:
    return [shot for shot in shots.spans if shot.page]


def starts_of(shots: Shots) -> list[int]:
    return [shot.start for shot in pages_of(shots)]


@pytest.mark.parametrize(("gop", "b_frames"), [SLOW(5, 0), SLOW(20, 2), (100, 2), SLOW(100, 0), SLOW(10_000, 2)])
def test_boundaries_are_exact_to_the_frame(gop: int, b_frames: int, tmp_path: Path) -> None:
    draw = show([(14.3, ONE), (9.4, TWO), (17.1, THREE), (12.0, FOUR)])
    shots = shots_of(draw, 52, tmp_path, gop, b_frames)
    limit = 0 if gop < 1000 else 300  # with one key frame in all, frames are not decoded a second time
    assert len(shots.spans) == 4
    assert starts_of(shots) == pytest.approx([0, 14_300, 23_700, 40_800], abs=limit)


@pytest.mark.slow
@pytest.mark.parametrize("gop", [SLOW(20), 100])
def test_a_moving_camera_in_the_corner_is_no_change(gop: int, tmp_path: Path) -> None:
    shots = shots_of(with_camera(show([(21.3, ONE), (18.4, TWO), (20.3, THREE)])), 60, tmp_path, gop)
    assert starts_of(shots) == [0, 21_300, 39_700]
    assert len(shots.spans) == 3


@pytest.mark.slow
@pytest.mark.parametrize("gop", [SLOW(20), 100])
def test_a_fade_is_one_boundary_in_its_middle(gop: int, tmp_path: Path) -> None:
    shots = shots_of(show([(15, ONE), (15, TWO), (15, THREE)], fade_s=1.0), 45, tmp_path, gop)
    assert starts_of(shots) == pytest.approx([0, 15_500, 30_500], abs=500)
    assert len(shots.spans) == 3


@pytest.mark.slow
def test_a_page_that_is_built_up_is_one_page_pictured_when_full(tmp_path: Path) -> None:
    steps = [page("Plan", *["One recording", "Four versions", "Every second tracked"][:count]) for count in (1, 2, 3)]
    shots = shots_of(show([(12, ONE), (5, steps[0]), (6, steps[1]), (9, steps[2]), (10, TWO)]), 42, tmp_path)
    assert starts_of(shots) == [0, 12_000, 32_000]
    assert 23_000 <= pages_of(shots)[1].best < 32_000


@pytest.mark.slow
def test_a_page_that_comes_and_goes_between_two_key_frames_is_found(tmp_path: Path) -> None:
    shots = shots_of(with_camera(show([(21, ONE), (4, TWO), (26, ONE), (11, THREE)])), 62, tmp_path)
    assert starts_of(shots) == [0, 21_000, 25_000, 51_000]


@pytest.mark.slow
def test_a_page_that_returns_is_a_page_again_with_the_same_picture(tmp_path: Path) -> None:
    shots = shots_of(show([(12, ONE), (12, TWO), (12, ONE)]), 36, tmp_path)
    assert [shot.again for shot in shots.spans] == [None, None, 0]


@pytest.mark.slow
def test_a_flash_is_no_page(tmp_path: Path) -> None:
    shots = shots_of(show([(15, ONE), (0.6, TWO), (14.4, ONE), (10, THREE)]), 40, tmp_path)
    assert starts_of(shots) == [0, 30_000]


@pytest.mark.slow
@pytest.mark.parametrize("gop", [SLOW(10), SLOW(20), 100])
def test_a_camera_in_full_is_no_page(gop: int, tmp_path: Path) -> None:
    pages = show([(42, ONE), (20, TWO)])
    shots = shots_of(
        lambda number: camera(number, 640, 360) if 200 <= number < 420 else pages(number), 62, tmp_path, gop
    )
    assert [(shot.start, shot.end) for shot in pages_of(shots)] == [(0, 20_000), (42_000, 62_000)]


@pytest.mark.slow
def test_a_recording_without_pages_has_none(tmp_path: Path) -> None:
    assert pages_of(shots_of(lambda number: camera(number, 640, 360), 30, tmp_path, 20)) == []


@pytest.mark.parametrize("seconds", [0.1, 0.6, 1.9])
def test_a_very_short_recording_is_one_page(seconds: float, tmp_path: Path) -> None:
    assert starts_of(shots_of(show([(9, ONE)]), seconds, tmp_path)) == [0]


def test_a_title_card_is_no_page(tmp_path: Path) -> None:
    recording, ctx = taken_in(film(tmp_path / "card.mp4", show([(3, ONE)]), 3), 3, tmp_path)
    card = recording.model_copy(update={"title_card": True})
    assert find_shots(card, SlidesPreset(), ctx).spans == (Shot(start=0, end=3000, page=False),)


def test_it_stops_when_asked_to(tmp_path: Path) -> None:
    recording, ctx = taken_in(film(tmp_path / "talk.mp4", show([(9, ONE)]), 9), 9, tmp_path)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_shots(recording, SlidesPreset(), replace(ctx, check=stop))
