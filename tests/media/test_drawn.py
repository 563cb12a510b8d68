"""Drawn files: every picture once, words and pngs in their time, sound to the end, and what the file says of itself."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from repurpose.context import Context
from repurpose.errors import Cancelled
from repurpose.media.board import planes_of
from repurpose.media.colours import yuv_of
from repurpose.media.drawn import Drawn, Overlay
from repurpose.media.gate import gate
from repurpose.media.tags import described
from repurpose.presets import RenderPreset
from tests.media.clock import context, decode_sound, offsets_ms, read_clock, sweeps
from tests.media.drawing import RATE, clock, draw, facts, noise, pictures, still, wav

STYLE = """[Script Info]
PlayResX: 160
PlayResY: 96

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Sans,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
BLOCK = "Dialogue: 0,0:00:00.40,0:00:00.80,Default,,0,0,0,,{\\pos(0,0)\\p1}m 0 0 l 40 0 40 96 0 96\n"


@pytest.mark.parametrize("rate", [RATE, Fraction(30000, 1001)])
def test_every_picture_is_there_once_and_the_sound_ends_with_it(tmp_path: Path, rate: Fraction) -> None:
    count, target = 90, tmp_path / "drawn.mp4"
    sound = wav(tmp_path / "sound.wav", sweeps(5))  # longer than the picture
    made = draw(target, lambda: clock(count), count, context(tmp_path), rate=rate, sound=sound)
    assert made == Drawn(target.stat().st_size, 1, "libx264", "")
    assert read_clock(target) == list(range(count))
    gate(target, duration=round(1000 * count / rate), video=True, audio=True)
    heard, meant = decode_sound(target), sweeps(float(count / rate))
    assert abs(len(heard) - len(meant)) <= 1024
    assert max(map(abs, offsets_ms(heard, meant, (0.1, 0.5, 0.9)))) <= 1
    with av.open(str(target)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.average_rate, video.frames) == (rate, count)
        assert (audio.codec_context.layout.nb_channels, audio.codec_context.sample_rate) == (1, 48_000)
        context_ = video.codec_context
        assert (context_.colorspace, context_.color_primaries, context_.color_trc, context_.color_range) == (1, 1, 1, 1)
        frame = next(container.decode(video=0))
        assert (frame.pts, frame.format.name) == (0, "yuv420p")
    assert list(tmp_path.glob("drawn-*")) == []


def test_a_sound_that_is_too_short_is_filled_with_silence(tmp_path: Path) -> None:
    sound = wav(tmp_path / "sound.wav", sweeps(0.5), channels=2)
    draw(tmp_path / "drawn.mp4", lambda: clock(50), 50, context(tmp_path), sound=sound)
    gate(tmp_path / "drawn.mp4", duration=2000, video=True, audio=True)
    heard = decode_sound(tmp_path / "drawn.mp4")
    assert np.abs(heard[: 24_000 - 2048]).max() > 0.1
    assert np.abs(heard[24_000 + 2048 :]).max() < 0.01
    with av.open(str(tmp_path / "drawn.mp4")) as container:
        assert container.streams.audio[0].codec_context.layout.nb_channels == 2


@pytest.mark.parametrize("folder", ["plain", "it's a [test], 100%: a=b;c\\d #中文"])
def test_the_script_is_drawn_in_its_time(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir()
    (place / "fonts").mkdir()
    script = place / "words, and 'more'.ass"
    script.write_text(STYLE + BLOCK, "utf-8")
    target = place / "drawn.mp4"
    draw(target, lambda: still(30), 30, context(place), script=script, fonts=place / "fonts")
    shown = [int(np.median(planes_of(one)[0][:, 4:36])) for one in pictures(target)]
    assert [abs(level - (235 if 10 <= n < 20 else 100)) <= 2 for n, level in enumerate(shown)] == [True] * 30
    assert all(abs(int(np.median(planes_of(one)[0][:, 48:])) - 100) <= 2 for one in pictures(target))


def card(path: Path, colour: tuple[int, int, int], alpha: int = 255, size: tuple[int, int] = (40, 24)) -> Path:
    """A png of one colour (red, green, blue), the left half of it see-through."""
    width, height = size
    image = np.zeros((height, width, 4), np.uint8)
    image[:, :, :3] = colour[::-1]
    image[:, width // 2 :, 3] = alpha
    cv2.imwrite(str(path), image)
    return path


def test_overlays_are_shown_in_their_time_only(tmp_path: Path) -> None:
    red = card(tmp_path / "it's 100% red, 1:1.png", (200, 40, 60))
    overlays = [
        Overlay(red, 20, 10, 200, 600),
        Overlay(red, 20, 10, 1000, 1400),  # the same file again, as long
        Overlay(red, 100, 60, 1600, 9000),  # longer than the film
        Overlay(red, 100, 10, 5000, 9000),  # never
    ]
    target = tmp_path / "drawn.mp4"
    draw(target, lambda: still(50), 50, context(tmp_path), overlays=overlays)
    frames = pictures(target)
    assert len(frames) == 50
    wanted = yuv_of("#c8283c")
    for number, frame in enumerate(frames):
        planes = planes_of(frame)
        first, second = 5 <= number < 15 or 25 <= number < 35, number >= 40
        for shown, x, y in ((first, 20, 10), (second, 100, 60), (False, 100, 10)):
            inside = [int(planes[0][y + 12, x + 30]), *(int(one[(y + 12) // 2, (x + 30) // 2]) for one in planes[1:])]
            assert np.abs(np.subtract(inside, wanted if shown else (100, 128, 128))).max() <= 4, (number, x)
            assert abs(int(planes[0][y + 12, x + 8]) - 100) <= 4  # the see-through half


def test_an_overlay_fades_in_and_out(tmp_path: Path) -> None:
    white = card(tmp_path / "white.png", (255, 255, 255))
    target = tmp_path / "drawn.mp4"
    draw(target, lambda: still(50), 50, context(tmp_path), overlays=[Overlay(white, 20, 10, 400, 1600, fade=400)])
    levels = [int(planes_of(one)[0][22, 50]) for one in pictures(target)]
    assert set(levels[:10]) == set(levels[40:]) == {100}
    assert min(levels[20:30]) >= 233
    assert all(one <= two + 1 for one, two in pairwise(levels[10:21]))
    assert all(one + 1 >= two for one, two in pairwise(levels[29:40]))
    assert 140 < levels[15] < 195


def test_a_file_says_what_it_is(tmp_path: Path) -> None:
    tags = {"title": "a=b; #1 \\ 标题\nline two", "comment": "AI 合成"}
    chapters = [(0, "开场"), (800, "x=y;z"), (1500, "end"), (9000, "past the end")]
    target = tmp_path / "drawn.mp4"
    draw(target, lambda: clock(50), 50, context(tmp_path), metadata=tags, chapters=chapters)
    said, there = facts(target)
    assert {name: said[name] for name in tags} == tags
    assert there == [(0, 800, "开场"), (800, 1500, "x=y;z"), (1500, 2000, "end")]
    gate(target, duration=2000, video=True, audio=False)
    draw(target, lambda: clock(50), 50, context(tmp_path), metadata={**tags, "AIGC": '{"Label":"1"}'})
    said, there = facts(target)
    assert said["AIGC"] == '{"Label":"1"}'
    assert {name: said[name] for name in tags} == tags
    assert there == []


def test_metadata_is_escaped() -> None:
    assert described({"a": "b=c"}, [], 1000) == ";FFMETADATA1\na=b\\=c\n"


@pytest.mark.parametrize("announced", [40, 60])
def test_another_number_of_pictures_than_announced_is_a_fault(tmp_path: Path, announced: int) -> None:
    with pytest.raises(ValueError, match=f"50 pictures were drawn where {announced}"):
        draw(tmp_path / "x.mp4", lambda: clock(50), announced, context(tmp_path))
    assert not (tmp_path / "x.mp4").exists()


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    asked = iter(range(3))

    def check() -> None:
        if next(asked, None) is None:
            raise Cancelled

    plain = context(tmp_path)
    ctx = Context(plain.scratch, plain.store, check=check)
    with pytest.raises(Cancelled):
        draw(tmp_path / "x.mp4", lambda: still(1 << 20), 1 << 20, ctx)
    assert not (tmp_path / "x.mp4").exists()
    assert list(tmp_path.glob("drawn-*")) == []


@pytest.mark.slow
def test_progress_rises_to_one(tmp_path: Path) -> None:
    seen: list[float] = []
    plain = context(tmp_path)
    ctx = Context(plain.scratch, plain.store, seen.append)
    draw(tmp_path / "x.mp4", lambda: noise(60, 3, 320, 192), 60, ctx,
         render=RenderPreset(name="t", width=320, height=192, at_most_bytes=100_000))  # fmt: skip
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
