"""Composed pictures: the very frames asked for, each part where the layout puts it, in the colours it had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from repurpose.errors import Cancelled
from repurpose.media import ffmpeg
from repurpose.media.board import moving, planes_of, standing
from repurpose.media.colours import yuv_of
from repurpose.media.compose import composed, pictures_of
from repurpose.media.index import index_of
from repurpose.media.plan import Run, align, time_of
from repurpose.models import Box, Layout, Panel, Scene, Span, View, view_at
from tests.media.clock import HEIGHT, WIDTH, make_clock, read

GROUND = "#123456"


def box(x: float, y: float, width: float, height: float) -> Box:
    return Box(x=x, y=y, width=width, height=height)


def panel(place: tuple[int, int, int, int], *views: tuple[int, Box]) -> Panel:
    x, y, width, height = place
    seen = tuple(View(at=at, box=shown) for at, shown in views)
    return Panel(shows="whole", x=x, y=y, width=width, height=height, views=seen)


def scene(*panels: Panel, start: int = 0, end: int = 1 << 30, ground: str = GROUND) -> Scene:
    return Scene(start=start, end=end, panels=panels, ground=ground, captions=box(0, 0, 10, 10))


def layout(*scenes: Scene, width: int = 160, height: int = 240) -> Layout:
    return Layout(width=width, height=height, scenes=scenes)


def drawn(path: Path, rate: Fraction, runs: Sequence[Run], how: Layout) -> Iterator[NDArray[np.uint8]]:
    """The composed pictures, each a copy."""
    return (picture.copy() for picture in composed(index_of(path, rate), runs, how, lambda: None))


def picture_file(path: Path, frames: Sequence[NDArray[np.uint8]], rate: int = 25, **tags: int) -> Path:
    """A nearly lossless h264 file of I420 pictures."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=rate)
        stream.width, stream.height = frames[0].shape[1], frames[0].shape[0] * 2 // 3
        stream.pix_fmt = "yuvj420p" if tags.get("color_range") == 2 else "yuv420p"
        stream.options = {"preset": "ultrafast", "qp": "1"}
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
        for number, frame in enumerate(frames):
            shown = av.VideoFrame.from_ndarray(frame, format="yuv420p")
            shown.pts, shown.time_base = number, Fraction(1, rate)
            if stream.pix_fmt == "yuvj420p":
                shown = av.VideoFrame.from_ndarray(frame, format="yuvj420p")
                shown.pts, shown.time_base = number, Fraction(1, rate)
            output.mux(stream.encode(shown))
        output.mux(stream.encode(None))
    return path


def flat(width: int, height: int, yuv: tuple[int, int, int]) -> NDArray[np.uint8]:
    picture = np.empty((height * 3 // 2, width), np.uint8)
    for plane, value in zip(planes_of(picture), yuv, strict=True):
        plane[:] = value
    return picture


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001), Fraction(15)])
@pytest.mark.parametrize("threads", [1, 2])
def test_every_frame_is_the_one_asked_for(tmp_path: Path, rate: Fraction, threads: int) -> None:
    path = make_clock(tmp_path / "clock.mp4", 200, rate, bframes=2, gop=40, sound=False)
    runs = [Run(3, 10), Run(10, 11), Run(38, 60), Run(61, 62), Run(120, 125), Run(198, 200)]
    how = layout(scene(panel((0, 96, 160, 96), (0, box(0, 0, WIDTH, HEIGHT)))))
    index = index_of(path, rate)
    shown = [read(planes_of(one)[0][96:192]) for one in composed(index, runs, how, lambda: None, threads)]
    assert shown == [n for run in runs for n in range(run.first, run.end)]


def test_runs_may_go_back(tmp_path: Path) -> None:
    path = make_clock(tmp_path / "clock.mp4", 120, sound=False)
    how = layout(scene(panel((0, 0, 160, 96), (0, box(0, 0, WIDTH, HEIGHT)))))
    shown = [read(planes_of(one)[0][:96]) for one in drawn(path, Fraction(25), [Run(90, 95), Run(2, 5)], how)]
    assert shown == [*range(90, 95), 2, 3, 4]


def test_a_scene_begins_with_the_first_frame_of_its_time(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    path = make_clock(tmp_path / "clock.mp4", 100, rate, sound=False)
    whole = box(0, 0, WIDTH, HEIGHT)
    edge = 1337
    spans = [Span(start=500, end=edge), Span(start=edge, end=2500)]
    how = layout(
        scene(panel((0, 0, 160, 96), (0, whole)), start=500, end=edge, ground="#000000"),
        scene(panel((0, 144, 160, 96), (0, whole)), start=edge, end=2500, ground="#ffffff"),
    )
    runs = align(spans, rate, 100)
    frames = [n for run in runs for n in range(run.first, run.end)]
    for number, picture in zip(frames, drawn(path, rate, runs, how), strict=True):
        luma = planes_of(picture)[0]
        first = time_of(number, rate) < edge
        top, bottom = (luma[:96], luma[144:]) if first else (luma[144:], luma[:96])
        assert read(top) == number
        assert (bottom == (16 if first else 235)).all()


def test_panels_lie_where_they_should_and_show_what_they_should(tmp_path: Path) -> None:
    """A picture of four flat quarters; each panel shows one of them, at another size, and nothing of its neighbours."""
    quarters = np.zeros((540, 640), np.uint8)
    luma, *chroma = planes_of(quarters)
    luma[:180, :320], luma[:180, 320:], luma[180:, :320], luma[180:, 320:] = 40, 90, 150, 210
    for plane, shift in zip(chroma, (20, -20), strict=True):
        plane[:] = 128
        plane[:90, :160] += np.uint8(shift % 256)
    path = picture_file(tmp_path / "quarters.mp4", [quarters] * 3, colorspace=1, color_range=1)
    places = [(10, 20, 64, 36), (100, 20, 40, 100), (0, 130, 160, 50), (20, 190, 100, 44)]
    corners = [(0, 0), (320, 0), (0, 180), (320, 180)]
    how = layout(scene(*(panel(at, (0, box(x, y, 320, 180))) for at, (x, y) in zip(places, corners, strict=True))))
    picture = list(drawn(path, Fraction(25), [Run(0, 3)], how))[-1]
    luma, one, two = planes_of(picture)
    wanted = np.full((240, 160), yuv_of(GROUND)[0], np.uint8)
    for (x, y, width, height), level in zip(places, (40, 90, 150, 210), strict=True):
        wanted[y : y + height, x : x + width] = level
    assert np.abs(luma.astype(int) - wanted).max() <= 3
    assert abs(int(one[20, 10]) - 148) <= 2
    assert abs(int(two[20, 10]) - 108) <= 2
    assert (one[0, 0], two[0, 0]) == yuv_of(GROUND)[1:]


def test_a_glide_is_smooth_and_ends_where_it_should(tmp_path: Path) -> None:
    """A soft edge is followed while the view moves by a third of a pixel a frame: it moves back by just that."""
    ramp = np.clip((np.arange(640) - 262.5) * 12 + 125, 30, 220)
    picture = flat(640, 360, (0, 128, 128))
    planes_of(picture)[0][:] = ramp.round().astype(np.uint8)
    path = picture_file(tmp_path / "ramp.mp4", [picture] * 50, colorspace=1, color_range=1)
    views = ((0, box(200, 40, 108, 120)), (40 * 48, box(216, 40, 108, 120)))
    how = layout(scene(panel((0, 0, 160, 180), *views)), width=160, height=180)
    at = []
    for shown in drawn(path, Fraction(25), [Run(0, 50)], how):
        row = planes_of(shown)[0][90].astype(float)
        at.append(float(np.interp(125, row, np.arange(160))))  # where the ramp passes 125: source column 262.5
    scale = 160 / 108
    assert abs(at[0] - ((262.5 + 0.5 - 200) * scale - 0.5)) < 0.35
    assert abs(at[-1] - ((262.5 + 0.5 - 216) * scale - 0.5)) < 0.35
    steps = [one - two for one, two in pairwise(at)][:48]
    assert np.abs(np.array(steps) - scale / 3).max() < 0.2


@given(st.floats(0, 1800), st.floats(8, 1900), st.integers(20, 960), st.sampled_from([1920, 1280, 640]), st.booleans())
def test_a_window_holds_what_the_panel_shows(at: float, size: float, half: int, limit: int, stands: bool) -> None:
    size = min(size, limit)
    at = min(at, limit - size)
    shown = 2 * half
    window = (standing if stands else moving)(at, size, shown, limit)
    assert window.start >= 0
    assert window.start % 2 == window.length % 2 == window.made % 2 == 0
    assert window.start + window.length <= limit
    assert 0 <= window.skip <= window.made - shown
    scale = window.made / window.length  # drawn pixels per source pixel
    left = window.start + window.skip / scale
    if stands:
        assert abs(left - at) <= 2.5
        assert abs(left + shown / scale - at - size) <= 2.5
    else:  # only a view at the edge of the picture may be off, by less than a drawn pixel
        assert abs(left - at) * scale < 1
        assert abs(left + shown / scale - at - size) * scale <= 1.6


def test_views_move_evenly() -> None:
    views = [View(at=1000, box=box(0, 0, 100, 50)), View(at=2000, box=box(50, 10, 200, 100))]
    assert view_at(views, 0) == views[0].box
    assert view_at(views, 1500) == box(25, 5, 150, 75)
    assert view_at(views, 2000) == view_at(views, 9999) == views[1].box


def rgb_to_yuv(rgb: tuple[int, int, int], kr: float, kb: float, full: bool) -> tuple[int, int, int]:
    red, green, blue = (value / 255 for value in rgb)
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    u, v = (blue - luma) / (2 - 2 * kb), (red - luma) / (2 - 2 * kr)
    if full:
        return round(255 * luma), round(128 + 255 * u), round(128 + 255 * v)
    return round(16 + 219 * luma), round(128 + 224 * u), round(128 + 224 * v)


@pytest.mark.parametrize(
    ("matrix", "full", "height"),
    [(1, False, 96), (1, True, 96), (6, False, 96), (5, True, 96), (2, False, 96), (2, False, 720), (2, True, 720)],
)
@pytest.mark.parametrize("rgb", [(200, 40, 60), (30, 160, 90), (250, 250, 250), (20, 40, 200)])
def test_colours_survive(tmp_path: Path, matrix: int, full: bool, height: int, rgb: tuple[int, int, int]) -> None:
    """BT.601 and full range become BT.709 and limited range; what is not said is taken as players take it."""
    old = matrix in (5, 6) or (matrix == 2 and height < 720)
    meant = rgb_to_yuv(rgb, *((0.299, 0.114) if old else (0.2126, 0.0722)), full)
    tags = {"colorspace": matrix, "color_range": 2 if full else 1}
    path = picture_file(tmp_path / "flat.mp4", [flat(160, height, meant)] * 2, **tags)
    how = layout(scene(panel((0, 0, 100, 60), (0, box(0, 0, 160, 96)))), width=100, height=60)
    planes = planes_of(next(drawn(path, Fraction(25), [Run(0, 1)], how)))
    wanted = rgb_to_yuv(rgb, 0.2126, 0.0722, full=False)
    assert [abs(int(np.median(plane)) - level) for plane, level in zip(planes, wanted, strict=True)] <= [2, 2, 2]
    assert all(int(plane.max()) - int(plane.min()) <= 2 for plane in planes)


def test_a_ground_has_its_colour() -> None:
    for rgb in [(18, 52, 86), (255, 0, 0), (0, 0, 0), (255, 255, 255)]:
        assert yuv_of("#{:02x}{:02x}{:02x}".format(*rgb)) == rgb_to_yuv(rgb, 0.2126, 0.0722, full=False)


def test_what_stands_still_is_left_standing_and_what_moves_is_not(tmp_path: Path) -> None:
    """Overlapping panels: the lower one changes, the upper one does not and still lies on top."""
    frames = []
    for number in range(6):
        picture = flat(320, 180, (60, 128, 128))
        planes_of(picture)[0][:90] = 60 + number * 20
        planes_of(picture)[0][90:] = 200
        frames.append(picture)
    path = picture_file(tmp_path / "half.mp4", frames)
    below, above = panel((0, 0, 160, 240), (0, box(0, 0, 320, 90))), panel((40, 40, 60, 60), (0, box(0, 100, 320, 80)))
    for number, picture in enumerate(drawn(path, Fraction(25), [Run(0, 6)], layout(scene(below, above)))):
        luma = planes_of(picture)[0]
        assert abs(int(luma[20, 20]) - (60 + number * 20)) <= 2
        assert abs(int(luma[70, 70]) - 200) <= 2


def test_cancel_is_asked_on_the_way(tmp_path: Path) -> None:
    path = make_clock(tmp_path / "clock.mp4", 60, sound=False)

    def stop() -> None:
        raise Cancelled

    how = layout(scene(panel((0, 0, 160, 96), (0, box(0, 0, WIDTH, HEIGHT)))))
    with pytest.raises(Cancelled):
        list(composed(index_of(path, Fraction(25)), [Run(0, 60)], how, stop))


def test_a_bumper_is_shown_at_another_rate(tmp_path: Path) -> None:
    path = make_clock(tmp_path / "clock.mp4", 30, Fraction(30), sound=False)
    shown = [read(planes_of(one)[0]) for one in pictures_of(path, 160, 96, Fraction(30))]
    assert shown == list(range(30))
    slower = [read(planes_of(one)[0]) for one in pictures_of(path, 160, 96, Fraction(15))]
    assert slower == list(range(0, 30, 2))
    faster = [read(planes_of(one)[0]) for one in pictures_of(path, 160, 96, Fraction(60), 64)]
    assert faster == [*(n // 2 for n in range(60)), 29, 29, 29, 29]
    assert len(list(pictures_of(path, 320, 192, Fraction(30), 7))) == 7


def test_a_bumper_that_says_its_colours_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "red.mp4"
    ffmpeg.run(
        *("-f", "lavfi", "-i", "color=0xC8283C:s=320x180:d=0.2:r=25,format=gbrp"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=colorspace=bt709:range=tv"),
        *("-c:v", "libx264", "-qp", "1", path),
    )
    planes = planes_of(next(pictures_of(path, 160, 90, Fraction(25))))
    for plane, level in zip(planes, yuv_of("#C8283C"), strict=True):
        assert abs(int(np.median(plane)) - level) <= 2
