"""Where the page is in a picture, and the ground behind it. Pure, over painted pictures."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose.models import Box
from repurpose.render.pageview import DARK, ground_of, page_box

Image = NDArray[np.uint8]


def page(width: int = 960, height: int = 540, ground: int = 245, seed: int = 1) -> Image:
    """A page with margins and lines that look written."""
    image = np.full((height, width, 3), ground, np.uint8)
    dice = np.random.default_rng(seed)
    for row in range(height // 8, height - height // 8, 28):
        end = int(dice.uniform(0.4, 0.9) * width)
        image[row : row + 10, width // 12 : end : 2] = 30
    return image


def noisy(image: Image) -> Image:
    """As an encoder leaves it."""
    return np.clip(image + np.random.default_rng(2).normal(0, 1.5, image.shape), 0, 255).astype(np.uint8)


def sides(box: Box) -> list[int]:
    return [round(side) for side in (box.x, box.y, box.x + box.width, box.y + box.height)]


@pytest.mark.parametrize("ground", [245, 128, 12])
def test_a_page_that_fills_the_picture_is_not_touched(ground: int) -> None:
    assert sides(page_box(noisy(page(ground=ground)))) == [0, 0, 960, 540]


def test_black_bars_are_left_out() -> None:
    image = np.zeros((640, 640, 3), np.uint8)
    image[140:500] = page(640, 360)
    assert sides(page_box(noisy(image))) == [0, 140, 640, 500]


def test_a_page_with_a_coloured_head_keeps_its_margins() -> None:
    image = page()
    image[40:120, 60:900] = (140, 70, 30)  # a banner that does not reach the sides is written on the page
    assert sides(page_box(noisy(image))) == [0, 0, 960, 540]


def beside() -> tuple[Image, list[Box]]:
    """A page at the left, three speakers in a column at the right, on the dark ground of a meeting."""
    image = np.full((540, 960, 3), 26, np.uint8)
    image[60:480, 10:757] = page(747, 420)
    frames = [Box(x=770, y=60 + 140 * k, width=180, height=130) for k in range(3)]
    dice = np.random.default_rng(3)
    for frame in frames:
        y, x = int(frame.y), int(frame.x)
        image[y : y + 130, x : x + 180] = dice.integers(0, 255, (130, 180, 3), np.uint8)
    return noisy(image), frames


def test_a_page_beside_speakers_is_found_whole() -> None:
    image, frames = beside()
    assert sides(page_box(image, frames)) == [10, 60, 757, 480]


def test_a_webcam_in_the_corner_does_not_cut_the_page() -> None:
    image = page()
    image[:, 740:] = 245  # the page has nothing written above the webcam
    image[360:520, 750:940] = np.random.default_rng(4).integers(0, 255, (160, 190, 3), np.uint8)
    frame = Box(x=750, y=360, width=190, height=160)
    assert sides(page_box(noisy(image), [frame])) == [0, 0, 960, 540]


def test_the_ground_is_the_pages_colour_in_the_dark() -> None:
    blue = page()
    blue[:] = (140, 70, 30)
    hue, lightness, _ = seen(ground_of(blue, Box(x=0, y=0, width=960, height=540)))
    assert lightness == pytest.approx(0.12, abs=0.01)
    assert hue == pytest.approx(218, abs=6)
    assert ground_of(page(), Box(x=0, y=0, width=960, height=540)) == DARK


@pytest.mark.parametrize("hue", [5, 12, 18, 30])
def test_warm_pages_never_stand_in_mud(hue: int) -> None:
    """Orange and yellow, of the whole page or of an accent on a white one (`hue` as OpenCV counts it, of 180)."""
    warm = cv2.cvtColor(np.full((1, 1, 3), (hue, 220, 240), np.uint8), cv2.COLOR_HSV2BGR)[0, 0]
    accent, whole = page(), page()
    accent[100:140, 80:400] = warm
    whole[:] = warm
    for image in (accent, whole):
        hue_shown, _, saturation = seen(ground_of(image, Box(x=0, y=0, width=960, height=540)))
        assert saturation < 0.16 or 180 < hue_shown < 260


def seen(colour: str) -> tuple[float, float, float]:
    """Hue in degrees, lightness and saturation of `#rrggbb`."""
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return hue * 360, lightness, saturation


def test_a_grey_page_lends_the_hue_of_its_accent_but_not_of_a_face() -> None:
    image = page()
    image[100:140, 80:200] = cv2.cvtColor(np.full((40, 120, 3), (110, 255, 200), np.uint8), cv2.COLOR_HSV2BGR)
    image[300:520, 700:940] = (90, 140, 220)  # skin
    frame = Box(x=700, y=300, width=240, height=220)
    ground = ground_of(image, Box(x=0, y=0, width=960, height=540), [frame])
    red, _, blue = (int(ground[k : k + 2], 16) for k in (1, 3, 5))
    assert blue > red
