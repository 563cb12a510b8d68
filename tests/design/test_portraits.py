"""A portrait is the guest's photo, or a frame of them speaking; of a camera in a frame it is the camera's picture alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from repurpose.context import Context
from repurpose.design.portraits import find, opened, spread
from repurpose.media.clip import write_clip
from repurpose.models import Event, Recording, Sentence, Span, Speaker, Transcript, VideoFacts
from repurpose.presets import assets
from repurpose.store import FolderStore

FACES = assets() / "demo" / "portraits"
FRAME = (860, 380, 380, 300)  # left, top, width, height of the camera's picture on the page
SLIDE = (225, 235, 250)


def film(folder: Path, store: FolderStore) -> Recording:
    """Ten seconds of a page with a camera's picture on it, one picture a second; only the first is a key frame."""
    page = Image.new("RGB", (1280, 720), SLIDE)
    with Image.open(FACES / "zhou-yuan.png") as face:
        page.paste(face.convert("RGB").resize((380, 380)).crop((0, 20, 380, 320)), FRAME[:2])
    pictures = [np.asarray(page)] * 10
    write_clip(pictures, folder / "talk.mp4", Fraction(1), crf=12, threads=1)
    facts = VideoFacts(codec="h264", width=1280, height=720, rate_num=1, rate_den=1, smart_cut=True)
    return Recording(media=store.take_file(folder / "talk.mp4"), duration=10_000, video=facts, has_audio=False)


def talk(*spans: tuple[int, int]) -> Transcript:
    said = tuple(Sentence(start=a, end=b, text="Said in full.", speaker="Zhou Yuan") for a, b in spans)
    return Transcript(language="en", sentences=said)


@pytest.mark.parametrize("spans", [[(0, 4000), (5000, 9000)], [(4100, 8000)]])
def test_a_guest_is_cut_from_the_recording_without_the_slide(spans: list[tuple[int, int]], tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    event = Event(name="talk", speakers=(Speaker(name="Zhou Yuan"), Speaker(name="Nobody")))
    ctx = Context(tmp_path, store)
    made = opened(find(event, film(tmp_path, store), talk(*spans), ctx), store)
    assert list(made) == ["Zhou Yuan"]  # who never speaks is nowhere to be seen
    portrait = made["Zhou Yuan"]
    assert portrait.image.width <= FRAME[2] and portrait.image.height <= FRAME[3]
    assert portrait.face.height >= 110
    tall = np.asarray(portrait.cut(600, 420, 0.42, 0.36)).astype(int)
    assert np.abs(tall[:, :8] - SLIDE).max(axis=2).mean() > 10  # nothing of the slide at its side


def test_a_photo_comes_first(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    photo = store.put_file(FACES / "lin-xi.png")
    event = Event(name="talk", speakers=(Speaker(name="Lin Xi", photo=photo),))
    facts = VideoFacts(codec="h264", width=1280, height=720, rate_num=1, rate_den=1, smart_cut=True)
    sound = Recording(media=photo, duration=9000, video=facts, has_audio=True, title_card=True)
    made = opened(find(event, sound, Transcript(language="zh"), Context(tmp_path, store)), store)
    assert made["Lin Xi"].image.size == (900, 900)


def test_moments_are_spread_over_the_talk() -> None:
    spans = [Span(start=1000 * k, end=1000 * k + 900) for k in range(100)]
    few = spread(spans, 5)
    assert (few[0], few[-1], len(few)) == (spans[0], spans[-1], 5)
    assert spread(spans[:3], 5) == spans[:3]
