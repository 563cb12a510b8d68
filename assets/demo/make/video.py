"""The picture: slides, cross-fades and the people, as frames for ffmpeg."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from .portraits import sprites
from .slides import draw_slides
from .sound import RATE, Timeline
from .talk import NAMES, View

WIDTH, HEIGHT = 1920, 1080
BEAT = 12.5  # pictures a second that are drawn; the video repeats each once for 25
FADE = 5  # beats of a cross-fade
Rgb = NDArray[np.uint8]
Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
Box = tuple[int, int, int, int]
SIZES = {"tile": (384, 300), "full": (500, 600), "two": (824, 640)}
T = TypeVar("T")
RING = np.array([255, 106, 61], np.float32)


def boxes(view: View, speaker: str) -> dict[str, Box]:
    """Where each person on screen stands: left, top, width, height."""
    width, height = SIZES[view.kind]
    if view.kind == "full":
        return {who: (112 + 598 * n, 220, width, height) for n, who in enumerate(NAMES)}
    if view.kind == "two":
        return {who: (112 + 872 * n, 340, width, height) for n, who in enumerate(view.people)}
    return {speaker: (1488, 732, width, height)}


def to_planes(image: NDArray[np.floating] | Rgb) -> Planes:
    """BT.709 limited range 4:2:0 of an RGB picture with even sides."""
    rgb = image.astype(np.float32) / 255
    y = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    small = rgb.reshape(rgb.shape[0] // 2, 2, rgb.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    level = small @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    u, v = (small[..., 2] - level) / 1.8556, (small[..., 0] - level) / 1.5748
    return (16 + 219 * y + 0.5).astype(np.uint8), (128.5 + 224 * u).astype(np.uint8), (128.5 + 224 * v).astype(np.uint8)


@lru_cache
def _corners(width: int, height: int, radius: int = 20) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of each pixel is inside the rounded box, and how much of it is the ring at its edge."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    dx = np.maximum(np.abs(x - width / 2) - (width / 2 - radius), 0)
    dy = np.maximum(np.abs(y - height / 2) - (height / 2 - radius), 0)
    reach = np.hypot(dx, dy)
    edge = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    depth = np.where((dx > 0) & (dy > 0), radius - reach, edge)
    inside = np.clip(radius - reach + 0.5, 0, 1)[..., None]
    return inside, np.clip(6.5 - depth, 0, 1)[..., None]


def _copy(planes: Planes) -> Planes:
    return planes[0].copy(), planes[1].copy(), planes[2].copy()


def _blend(old: Planes, new: Planes, share: float) -> Planes:
    """`share` of the new picture over the old one."""

    def mix(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> NDArray[np.uint8]:
        both: NDArray[np.uint8] = (one.astype(np.float32) * (1 - share) + two.astype(np.float32) * share + 0.5).astype(
            np.uint8
        )
        return both

    return mix(old[0], new[0]), mix(old[1], new[1]), mix(old[2], new[2])


class Stage:
    """Draws the beat asked for; remembers what it has drawn."""

    def __init__(self, line: Timeline, keep: Path) -> None:
        self.line = line
        names = list(dict.fromkeys(name for _, name in line.pictures))
        self.slides = draw_slides(names, keep)
        self.people = {
            (kind, who): sprites(who, *SIZES[kind], keep, "" if kind == "full" else name)
            for kind in SIZES
            for who, name in NAMES.items()
        }
        self.grounds: dict[str, Planes] = {}
        self.patches: dict[tuple[object, ...], Planes] = {}
        self.life = Life(line)

    def ground(self, name: str) -> Planes:
        """The slide as planes."""
        if name not in self.grounds:
            self.grounds[name] = to_planes(self.slides[name])
        return self.grounds[name]

    def patch(self, name: str, kind: str, who: str, box: Box, state: tuple[int, bool, int], ring: bool) -> Planes:
        """One person over this slide as planes."""
        key = (name, kind, who, box, state, ring)
        if key not in self.patches:
            x, y, w, h = box
            inside, edge = _corners(w, h)
            under = self.slides[name][y : y + h, x : x + w].astype(np.float32)
            face = self.people[kind, who][state].astype(np.float32)
            if ring:
                face = face * (1 - edge) + RING * edge
            self.patches[key] = to_planes(face * inside + under * (1 - inside))
        return self.patches[key]

    def beats(self, first: int, last: int) -> Iterator[bytes]:
        """The frames of beats first..last - 1 as yuv420p bytes."""
        before: Planes | None = None
        start = self.ground(self.line.pictures[0][1])
        fading, shown = FADE, ""
        for beat in range(first, last):
            at = beat / BEAT
            name = _last(self.line.pictures, at)
            view = _last(self.line.views, at)
            if shown and name != shown and before is not None:
                fading = 0
                start = _copy(before)
            shown = name
            frame = _copy(self.ground(name))
            speaker = self.life.speaker[beat]
            for who, box in boxes(view, speaker).items():
                speaks = who == speaker and view.kind != "tile"
                patch = self.patch(name, view.kind, who, box, self.life.state(who, beat), speaks)
                x, y, w, h = box
                frame[0][y : y + h, x : x + w] = patch[0]
                for plane, part in zip(frame[1:], patch[1:], strict=True):
                    plane[y // 2 : (y + h) // 2, x // 2 : (x + w) // 2] = part
            if fading < FADE:
                fading += 1
                frame = _blend(start, frame, fading / (FADE + 1))
            before = frame
            yield b"".join(plane.tobytes() for plane in frame)
        self.patches.clear()


class Life:
    """Mouths, eyes and heads for every beat."""

    def __init__(self, line: Timeline) -> None:
        rng = np.random.default_rng(7)
        count = int(line.seconds * BEAT) + 2
        hop = int(RATE / BEAT)
        padded = np.pad(line.sound, (0, count * hop - len(line.sound) if count * hop > len(line.sound) else 0))
        loud = np.sqrt(np.mean(padded[: count * hop].reshape(count, hop) ** 2, axis=1))
        self.level = np.digitize(loud, (0.022, 0.06, 0.105))
        self.speaker = ["林"] * count
        self.speaks = np.zeros(count, bool)
        for start, end, said in line.lines:
            for beat in range(int(start * BEAT), min(count, int(end * BEAT) + 1)):
                self.speaker[beat], self.speaks[beat] = said.who, True
        for beat in range(1, count):
            if not self.speaks[beat]:
                self.speaker[beat] = self.speaker[beat - 1]
        self.shut = {who: _blinks(count, rng) for who in NAMES}
        self.pose = {who: _poses(count, rng) for who in NAMES}

    def state(self, who: str, beat: int) -> tuple[int, bool, int]:
        """Mouth, eyes shut, pose of one person."""
        mouth = int(self.level[beat]) if self.speaks[beat] and self.speaker[beat] == who else 0
        return mouth, bool(self.shut[who][beat]), int(self.pose[who][beat])


def _blinks(count: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    shut = np.zeros(count, bool)
    at = 0
    while (at := at + int(rng.uniform(2.2, 6.0) * BEAT)) < count:
        shut[at : at + 2] = True
    return shut


def _poses(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    pose = np.zeros(count, np.int64)
    at, now = 0, 0
    while at < count:
        until = at + int(rng.uniform(2.5, 7.0) * BEAT)
        pose[at:until] = now
        now = int(rng.choice([0, 0, 1, 2])) if now else int(rng.choice([1, 2]))
        at = until
    return pose


def _last(times: Sequence[tuple[float, T]], at: float) -> T:
    found = times[0][1]
    for when, value in times:
        if when > at + 1e-6:
            break
        found = value
    return found


def encode(stage: Stage, first: int, last: int, target: Path, crf: int, preset: str) -> None:
    """Beats first..last - 1 as H.264 at a constant 25 frames a second: B-frames, closed groups of at most 20 s."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-framerate", "25/2",
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-i", "pipe:0",
        "-r", "25", "-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-tune", "animation", "-bf", "3",
        "-g", "500", "-keyint_min", "50", "-flags", "+cgop", "-x264-params", "open-gop=0:scenecut=30",
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-video_track_timescale", "12800", str(target),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for frame in stage.beats(first, last):
            process.stdin.write(frame)
        process.stdin.close()
        if process.wait():
            raise RuntimeError(f"ffmpeg ended with {process.returncode} on {target.name}")
