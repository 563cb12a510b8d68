"""A dynamic poster: the guest's own voice, each word as it is said, a film players take, and nothing that stops a package."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from repurpose import presets
from repurpose.context import Context
from repurpose.design.motion import draw_motion, moving_of
from repurpose.design.scene import Said, Scene
from repurpose.design.voice import heard_from, moments, wave_of
from repurpose.errors import GateError
from repurpose.media.audio import pcm
from repurpose.media.clip import i420_of, write_clip
from repurpose.media.loudness import Meter, integrated
from repurpose.models import Event, Quote, Quotes, Recording, Sentence, Speaker, Transcript, VideoFacts, Word
from repurpose.models.designed import Motion, Portraits
from repurpose.presets import MotionPreset, PosterSize
from repurpose.store import FolderStore
from tests.design.test_posters import EVENT, brand, code_in

PRESET = presets.load().motion.model_copy(update={"rate": 10, "moving_rate": 4})
TEXT = "慢就是最快，快就是最慢。"
AT, STEP = 8_000, 500  # when the quote begins, and how long each sign of it takes
LATE = 16_400


def sentence(text: str = TEXT, at: int = AT, step: int = STEP) -> Sentence:
    words = tuple(
        Word(start=at + k * step, end=at + (k + 1) * step, text=text[2 * k : 2 * k + 2]) for k in range(len(text) // 2)
    )
    return Sentence(start=at, end=words[-1].end, text=text, words=words, speaker="许知然")


def quote(said: Sentence, index: int = 0) -> Quote:
    return Quote(start=said.start, end=said.end, sentences=(index,), text=said.text, speaker="许知然", title="青屿云")


def sound(loud: float = 0.1) -> NDArray[np.float32]:
    """Twenty seconds that sound different everywhere, the way speech comes and goes."""
    noise = np.convolve(np.random.default_rng(7).standard_normal(20 * 48_000), np.full(24, 0.2), "same")
    swell = 0.3 + 0.7 * np.abs(np.sin(np.arange(len(noise)) * 2 * np.pi / 48_000 * 2.1))
    return (loud * noise * swell)[:, None].astype(np.float32)


def recorded(folder: Path, store: FolderStore, samples: NDArray[np.float32] | None) -> Recording:
    pictures = [np.full((90, 160, 3), 200, np.uint8)] * 20
    write_clip(pictures, folder / "talk.mp4", Fraction(1), crf=30, threads=1, sound=samples)
    facts = VideoFacts(codec="h264", width=160, height=90, rate_num=1, rate_den=1, smart_cut=True)
    media = store.take_file(folder / "talk.mp4")
    return Recording(media=media, duration=20_000, video=facts, has_audio=samples is not None)


Maker = Callable[..., tuple[Motion, FolderStore, Recording]]


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    def made(
        *said: Sentence, samples: NDArray[np.float32] | None, preset: MotionPreset = PRESET
    ) -> tuple[Motion, FolderStore, Recording]:
        store = FolderStore(tmp_path / "store")
        recording = recorded(tmp_path, store, samples)
        spoken = Transcript(language="zh", sentences=said)
        quotes = Quotes(quotes=tuple(quote(one, k) for k, one in enumerate(said)))
        ctx = Context(tmp_path, store)
        return draw_motion(EVENT, brand(), Portraits(), recording, spoken, quotes, preset, ctx), store, recording

    return made


@pytest.mark.slow
def test_a_film_with_the_guests_own_voice(make: Maker) -> None:
    motion, store, recording = make(sentence(), samples=sound())
    (one,) = motion.items
    assert motion.skipped == () and 6000 <= one.duration <= 12_000
    path = store.path(one.film)
    with av.open(str(path)) as film:
        picture, voice = film.streams.video[0].codec_context, film.streams.audio[0].codec_context
        assert (picture.name, picture.pix_fmt, voice.name) == ("h264", "yuv420p", "aac")
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == one.duration // 100
    # what is heard is what was said then, and nothing else
    heard = np.concatenate(list(pcm(path, 48_000)))[:, 0]
    whole = np.concatenate(list(pcm(store.path(recording.media), 48_000)))[:, 0]
    count = (one.end - one.start) * 48
    taken = whole[one.start * 48 : one.end * 48]
    assert np.corrcoef(taken, heard[:count])[0, 1] > 0.98
    assert np.abs(heard[count + 4800 :]).max() < 0.001
    meter = Meter(1)
    meter.push(heard[:, None])
    assert integrated(meter.finish()) == pytest.approx(PRESET.loudness, abs=1.0)
    # the words come one after the other, each when it is said
    still = np.asarray(Image.open(store.path(one.still)).convert("RGB")).astype(int)
    changed = np.abs(still - frames[0].astype(int)).max(axis=2) > 60
    rows = np.flatnonzero(changed[: 1440 * 2 // 3].any(axis=1))  # the quote, not the wave under it
    ink = [int((np.abs(frame.astype(int) - frames[0])[rows[0] : rows[-1]].max(axis=2) > 60).sum()) for frame in frames]
    assert ink[0] == 0 and max(before - after for before, after in pairwise(ink)) < 0.01 * ink[-1]
    for k, word in enumerate(sentence().words[:-1]):
        before = (word.start - one.start) // 100
        assert ink[before + 3] > 1.05 * ink[before], k
    assert np.abs(still - frames[-1]).mean() < 3
    # and at the end it is a poster
    assert code_in(store.path(one.still).read_bytes()) == one.link and "t=8" in one.link
    assert one.moving is not None and one.moving.size <= 2_000_000
    with Image.open(store.path(one.moving)) as moving:
        assert (moving.format, moving.size) == ("WEBP", (one.moving_width, one.moving_height))
        assert getattr(moving, "n_frames", 1) > 8


@pytest.mark.slow
def test_an_upright_film_is_composed_anew(make: Maker) -> None:
    tall = PRESET.model_copy(update={"sizes": (PosterSize(name="1080x1920", width=1080, height=1920),)})
    motion, store, _ = make(sentence(), samples=sound(), preset=tall)
    assert (motion.items[0].width, motion.items[0].height) == (1080, 1920)
    assert code_in(store.path(motion.items[0].still).read_bytes()) == motion.items[0].link


@pytest.mark.slow
def test_a_quote_that_takes_too_long_gives_way_to_the_next(make: Maker) -> None:
    slow = sentence(at=1_000, step=2_000)
    motion, _, _ = make(slow, sentence(at=LATE), samples=sound())
    assert motion.items[0].sentences == (1,)
    assert "quote-1: said in" in motion.skipped[0]


@pytest.mark.parametrize("samples", [None, np.zeros((20 * 48_000, 1), np.float32)], ids=["no sound", "silence"])
def test_without_a_voice_there_is_none_and_it_is_said_why(samples: NDArray[np.float32] | None, make: Maker) -> None:
    motion, _, _ = make(sentence(), samples=samples)
    assert motion.items == () and len(motion.skipped) == 1
    assert "sound" in motion.skipped[0] or "heard" in motion.skipped[0]


@pytest.mark.slow
def test_a_sign_no_font_has_is_named_and_stops_nothing(make: Maker) -> None:
    motion, _, _ = make(sentence("慢就是最快\U0001f9ff，快就是慢。"), samples=sound())
    assert motion.items == () and "\U0001f9ff" in motion.skipped[0]


def test_no_quotes_no_film(make: Maker) -> None:
    assert make(samples=sound())[0] == Motion()


@pytest.mark.slow
def test_sound_alone_will_do(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    card = recorded(tmp_path, store, sound()).model_copy(update={"title_card": True})
    event = Event(name="talk", speakers=(Speaker(name="许知然"),))
    spoken = Transcript(language="zh", sentences=(sentence(),))
    quotes = Quotes(quotes=(quote(sentence()),))
    plain = PRESET.model_copy(update={"moving_width": 0})
    made = draw_motion(event, brand(), Portraits(), card, spoken, quotes, plain, Context(tmp_path, store))
    assert made.items[0].moving is None and made.skipped == ()


def test_signs_come_with_their_words() -> None:
    said = sentence("慢就是最快。")
    assert moments("慢就是最快", [said], AT) == [0, 0, 500, 500, 1000]
    assert moments("“慢就”是最快。", [said], AT) == [0, 0, 0, 0, 500, 500, 1000, 1000]
    bare = Sentence(start=AT, end=AT + 1000, text="Slow is fast.", speaker="A")
    assert moments("Slow is fast.", [bare], AT) == sorted(moments("Slow is fast.", [bare], AT))
    assert len(moments("Slow is fast.", [bare], AT)) == 11 and moments("Slow", [], AT) == [0, 0, 0, 0]


def test_nothing_of_what_others_say_is_heard() -> None:
    others = [
        Sentence(start=0, end=AT - 100, text="前。", speaker="A"),
        Sentence(start=11_000, end=12_000, text="后。"),
    ]
    spoken = Transcript(language="zh", sentences=(others[0], sentence(), others[1]))
    start, end = heard_from(quote(sentence(), 1), spoken, 20_000)
    assert AT - 100 < start <= AT and 11_000 >= end == sentence().end  # the next one begins at once
    alone = Transcript(language="zh", sentences=(sentence(),))
    assert heard_from(quote(sentence()), alone, 20_000) == (AT - 160, sentence().end + 320)


def test_the_wave_follows_the_voice() -> None:
    quiet, loud = np.full((4800, 1), 0.01, np.float32), np.full((4800, 1), 0.5, np.float32)
    wave = wave_of(np.concatenate([quiet, loud]), 10)
    assert max(wave) == 1.0 and max(wave[:5]) < 0.2 and min(wave[5:]) == 1.0


def test_rgb_and_planes_are_drawn_alike() -> None:
    ground, last = np.full((120, 80, 3), 20, np.uint8), np.full((120, 80, 3), 20, np.uint8)
    last[10:30, 10:40], last[60:80, 4:76] = 240, (255, 100, 60)
    scene = Scene(ground, last, (Said((10, 10, 40, 30), 400),), (4, 60, 76, 80), voice=1000, appears=200)
    for convert in (np.copy, i420_of):
        at = scene.moving(convert)
        assert np.array_equal(at(0), convert(ground))
        half = at(500).copy()
        assert not np.array_equal(half, convert(ground)) and not np.array_equal(half, convert(last))
        assert np.array_equal(at(1000), convert(last))


@pytest.mark.slow
def test_a_moving_picture_that_stays_too_large_is_refused() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (1440, 1080, 3), np.uint8)
    scene = Scene(noise, noise[::-1].copy(), (Said((0, 0, 1080, 1440), 0),), None, voice=1000, appears=900)
    small = PRESET.model_copy(update={"moving_bytes": 20_000})
    with pytest.raises(GateError, match="takes"):
        moving_of(scene, 2000, small)
    data, size = moving_of(scene, 2000, PRESET)
    assert len(data) <= 2_000_000 and Image.open(io.BytesIO(data)).size == size
