"""The stage `faces`: who is seen, in which frame, from when on. On painted recordings and on real ones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose.media.detector import Detector
from repurpose.media.eyes import UNKNOWN, openness
from repurpose.media.tiles import frame_around
from repurpose.models import Box, EditDecisionList, Faces, Recording, Shot, Shots, Span
from repurpose.presets import TakePreset
from repurpose.render.faces import EVERY, find_faces
from tests.media import SHARED, context, recording_of

Image = NDArray[np.uint8]
ROOT = Path(__file__).parents[2]
TAKE = TakePreset(name="15s", cut="15s", take=1, renders=("vertical",))
ASTRONAUT = SHARED / "media" / "face_nasa_astronaut.png"


def portrait(name: str, size: int) -> Image:
    image = cv2.imdecode(np.fromfile(ROOT / f"assets/demo/portraits/{name}.png", np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def page(width: int = 1280, height: int = 720, seed: int = 1) -> Image:
    image = np.full((height, width, 3), 244, np.uint8)
    dice = np.random.default_rng(seed)
    for row in range(80, height - 120, 44):
        image[row : row + 16, 90 : int(dice.uniform(500, 900)) : 3] = 40
    return image


def film(path: Path, pictures: Iterator[Image]) -> Path:
    with av.open(str(path), "w") as output:
        video: Any = output.add_stream("libx264", rate=Fraction(25))
        video.width, video.height, video.pix_fmt = 1280, 720, "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "20"}
        for picture in pictures:
            output.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        output.mux(video.encode(None))
    return path


def found(path: Path, tmp_path: Path, *spans: tuple[int, int], shots: tuple[Shot, ...] = ()) -> tuple[Recording, Faces]:
    ctx = context(tmp_path)
    recording = recording_of(path, ctx)
    edl = EditDecisionList(cut="15s", spans=tuple(Span(start=a, end=b) for a, b in spans))
    faces = find_faces(recording, Shots(spans=shots), edl, TAKE, ctx)
    times = [look.at for look in faces.looks]
    assert times == sorted(set(times))
    assert all(any(a <= at < b for a, b in spans) for at in times)
    return recording, faces


def test_a_webcam_in_the_corner_is_found_with_its_frame(tmp_path: Path) -> None:
    tile = (960, 470, 280, 220)  # x, y, width, height

    def pictures() -> Iterator[Image]:
        image, person = page(), portrait("lin-xi", 280)
        for number in range(75):
            shift = round(4 * np.sin(number / 9))
            image[470:690, 960:1240] = np.roll(person, shift, axis=1)[30:250]
            yield image

    _, faces = found(film(tmp_path / "in.mp4", pictures()), tmp_path, (0, 1400), (1600, 3000))
    assert len(faces.looks) >= 5
    for look in faces.looks:
        (face,) = look.faces
        assert face.frame is not None
        left, top = face.frame.x, face.frame.y
        assert (left, top, face.frame.width, face.frame.height) == pytest.approx(tile, abs=16)
        assert left >= tile[0]
        assert top >= tile[1]
        assert left + face.frame.width <= tile[0] + tile[2]
        assert top + face.frame.height <= tile[1] + tile[3]
        assert left < face.box.x
        assert face.box.x + face.box.width < left + face.frame.width
        assert look.moves is None or look.moves.x >= 900
    assert not faces.cuts


@pytest.mark.slow
def test_nobody_is_seen_on_a_page(tmp_path: Path) -> None:
    _, faces = found(film(tmp_path / "in.mp4", (page() for _ in range(50))), tmp_path, (0, 2000))
    assert [look.faces for look in faces.looks] == [()] * 4
    assert [look.moves for look in faces.looks] == [None] * 4


@pytest.mark.slow
def test_where_the_camera_changes_is_told_to_the_frame(tmp_path: Path) -> None:
    def pictures() -> Iterator[Image]:
        dark, light = np.full((720, 1280, 3), 30, np.uint8), np.full((720, 1280, 3), 200, np.uint8)
        dark[100:620, 100:620] = portrait("lin-xi", 520)
        light[150:670, 640:1160] = portrait("zhou-yuan", 520)
        for number in range(60):
            yield dark if number < 32 else light

    path = film(tmp_path / "in.mp4", pictures())
    camera = (Shot(start=0, end=2400, page=False),)
    _, faces = found(path, tmp_path, (0, 2400), shots=camera)
    assert faces.cuts == (1280,)
    known = (Shot(start=0, end=1280, page=False), Shot(start=1280, end=2400))
    assert not found(path, tmp_path, (0, 2400), shots=known)[1].cuts


def test_a_title_card_is_not_looked_at(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    recording = recording_of(film(tmp_path / "in.mp4", (page() for _ in range(5))), ctx)
    edl = EditDecisionList(cut="x", spans=(Span(start=0, end=200),))
    assert find_faces(recording.model_copy(update={"title_card": True}), Shots(), edl, TAKE, ctx) == Faces()


def test_a_window_as_bright_as_the_page_does_not_open_the_frame() -> None:
    image = np.full((720, 1280, 3), 246, np.uint8)
    image[430:680, 900:1200] = (222, 231, 220)
    image[430:520, 1100:1190] = 247  # touches the upper edge
    image[450:680, 935:1165] = np.where((face := portrait("xu-zhiran", 230)) > 0, face, image[450:680, 935:1165])
    small = np.asarray(cv2.resize(image, (640, 360)), np.uint8)
    (found,) = Detector().find(small)
    assert frame_around(small, found.box) == pytest.approx((450, 215, 600, 340), abs=2)


def test_a_face_that_fills_the_picture_is_in_no_frame() -> None:
    image = np.full((720, 1280, 3), 90, np.uint8)
    image[:, 280:1000] = portrait("xu-zhiran", 720)
    (face,) = Detector().find(np.asarray(cv2.resize(image, (640, 360)), np.uint8))
    sides = frame_around(np.asarray(cv2.resize(image, (640, 360)), np.uint8), face.box)
    assert sides is None or (sides[2] - sides[0]) * (sides[3] - sides[1]) > 0.4 * 640 * 360


@pytest.mark.parametrize("name", ["lin-xi", "zhou-yuan", "xu-zhiran"])
def test_drawn_eyes_are_open(name: str) -> None:
    image = portrait(name, 640)
    (face,) = Detector().find(image)
    assert openness(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8), face.right, face.left) > 0.8


@pytest.mark.shared
@pytest.mark.skipif(not ASTRONAUT.exists(), reason="needs ../shared")
def test_open_eyes_are_told_from_shut_ones() -> None:
    image = np.asarray(cv2.imdecode(np.fromfile(ASTRONAUT, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    (face,) = Detector().find(image)
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    assert openness(grey, face.right, face.left) > 0.8
    assert openness(shut(grey, face.right, face.left), face.right, face.left) < 0.3
    small = np.asarray(cv2.resize(grey, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA), np.uint8)
    right, left = ((x / 5, y / 5) for x, y in (face.right, face.left))
    assert openness(small, right, left) == UNKNOWN


def shut(grey: Image, *eyes: tuple[float, float]) -> Image:
    """The same face with skin and a line of lashes painted over its eyes."""
    grey = grey.copy()
    apart = float(np.hypot(eyes[0][0] - eyes[1][0], eyes[0][1] - eyes[1][1]))
    for x, y in eyes:
        skin = int(grey[int(y + 0.35 * apart), int(x)])
        middle = (round(x), round(y))
        cv2.ellipse(grey, middle, (round(0.32 * apart), round(0.22 * apart)), 0, 0, 360, skin, -1, cv2.LINE_AA)
        cv2.ellipse(grey, middle, (round(0.22 * apart), round(0.06 * apart)), 0, 0, 180, 40, max(1, round(0.04 * apart)), cv2.LINE_AA)  # fmt: skip
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", ["en_talk_19min.mp4", "zh_talk_35min.mp4"])
def test_the_webcam_of_a_real_talk(name: str, tmp_path: Path) -> None:
    path = SHARED / "media" / name
    if not path.exists():
        pytest.skip("needs ../shared")
    _, faces = found(path, tmp_path, (60_000, 66_000), (300_000, 305_000))
    assert len(faces.looks) >= 0.8 * 11_000 / EVERY
    seen = [look.faces[0] for look in faces.looks if look.faces]
    assert len(seen) >= 0.95 * len(faces.looks)
    frames = {face.frame for face in seen}
    assert len(frames) == 1
    (frame,) = frames
    assert frame is not None
    assert 240 <= frame.width <= 330
    assert 240 <= frame.height <= 330
    assert all(inside(face.box, frame) for face in seen)


@pytest.mark.shared
@pytest.mark.slow
def test_a_call_without_pictures_of_people(tmp_path: Path) -> None:
    path = SHARED / "media" / "ibm_earnings_call_qa_en_640.mp4"
    if not path.exists():
        pytest.skip("needs ../shared")
    _, faces = found(path, tmp_path, (10_000, 20_000))
    assert not any(look.faces for look in faces.looks)
    assert not faces.cuts


@pytest.mark.slow
def test_the_drawn_people_of_the_sample(tmp_path: Path) -> None:
    light = (1_303_000, 1_306_000)  # the window behind her is as light as the page: a third of one side cannot be seen
    _, faces = found(ROOT / "assets/demo/webinar.mp4", tmp_path, (4000, 8000), light, (1_498_000, 1_502_000))
    for look in faces.looks:
        people = 1 if look.at < light[1] else 2
        assert len(look.faces) == people
        assert all(face.frame is not None and inside(face.box, face.frame) for face in look.faces)


def inside(face: Box, frame: Box) -> bool:
    return (
        frame.x <= face.x
        and frame.y <= face.y
        and face.x + face.width <= frame.x + frame.width
        and face.y + face.height <= frame.y + frame.height
    )
