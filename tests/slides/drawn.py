"""Slide videos that are drawn for a test: pages of text, fades, build-ups, a camera in the corner or in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.models import Recording, VideoFacts
from repurpose.store import FolderStore

RATE = 10
SIZE = (640, 360)
Image = NDArray[np.uint8]
Draw = Callable[[int], Image]  # frame number -> picture


def page(title: str, *lines: str) -> Image:
    """A white page: a blue bar with its title, and lines under it."""
    image = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    cv2.rectangle(image, (0, 0), (SIZE[0], 56), (130, 80, 40), -1)
    cv2.putText(image, title, (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (255, 255, 255), 2, cv2.LINE_AA)
    for number, line in enumerate(lines):
        place = (40, 110 + 46 * number)
        cv2.putText(image, line, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30, 30, 30), 2, cv2.LINE_AA)
    return image


def camera(number: int, width: int, height: int) -> Image:
    """A filmed speaker: grain, falling light, and a head and shoulders that never keep still."""
    image = np.roll(_room(width, height), (number * 37, number * 61), axis=(0, 1)) // 24 + _light(width, height)
    middle = (int(width * (0.5 + 0.07 * np.sin(number / 3.1))), int(height * (0.4 + 0.05 * np.cos(number / 2.3))))
    cv2.ellipse(image, (middle[0], height), (int(width * 0.36), int(height * 0.45)), 0, 0, 360, (60, 40, 30), -1)
    cv2.circle(image, middle, int(height * 0.24), (120, 150, 200), -1)
    cv2.circle(image, (middle[0], middle[1] + int(height * 0.1)), 3 + number % 5, (50, 50, 120), -1)
    return image


@cache
def _room(width: int, height: int) -> Image:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


@cache
def _light(width: int, height: int) -> Image:
    down, across = np.mgrid[0:height, 0:width]
    light = 90 + 80 * across / width + 30 * np.sin(down / height * 5)
    return np.stack([light * 0.8, light * 0.9, light], axis=2).astype(np.uint8)


def show(parts: Sequence[tuple[float, Image]], fade_s: float = 0.0) -> Draw:
    """Pages one after another, each for its seconds; each melts into the next during the first `fade_s` of the next."""
    ends = np.cumsum([round(seconds * RATE) for seconds, _ in parts])

    def draw(number: int) -> Image:
        index = min(int(np.searchsorted(ends, number, side="right")), len(parts) - 1)
        image = parts[index][1]
        into = number - (ends[index - 1] if index else 0)
        if index and into < fade_s * RATE:
            share = (into + 1) / (fade_s * RATE + 1)
            image = cv2.addWeighted(image, share, parts[index - 1][1], 1 - share, 0)
        return np.asarray(image, np.uint8)

    return draw


def with_camera(draw: Draw) -> Draw:
    """The same with a speaker's moving picture in the lower right corner."""

    def both(number: int) -> Image:
        image = draw(number).copy()
        image[-96:-6, -136:-6] = camera(number, 130, 90)
        return image

    return both


def film(path: Path, draw: Draw, seconds: float, gop: int = 100, b_frames: int = 2) -> Path:
    """The drawing as H.264 at ten frames a second, with key frames only every `gop` frames."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.codec_context.gop_size = gop
        options = {"preset": "ultrafast", "crf": "25", "sc_threshold": "0", "bf": str(b_frames), "threads": "1"}
        stream.codec_context.options = options
        for number in range(round(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(draw(number), format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def taken_in(path: Path, seconds: float, folder: Path) -> tuple[Recording, Context]:
    """The video as a prepared recording in a store of its own."""
    store = FolderStore(folder / "store")
    facts = VideoFacts(codec="h264", width=SIZE[0], height=SIZE[1], rate_num=RATE, rate_den=1, smart_cut=True)
    recording = Recording(media=store.put_file(path), duration=round(seconds * 1000), video=facts, has_audio=False)
    return recording, Context(scratch=folder, store=store)
