"""What is heard: a speech track at a sane level, loudness, pauses."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose.ingest.pauses import pauses_of
from repurpose.ingest.prepare import prepare
from repurpose.ingest.sound import listen
from repurpose.media.audio import pcm
from repurpose.media.probe import probe
from repurpose.models import Recording, Sound, Source, Span
from tests.ingest.sources import context
from tests.matrix import quick_first
from tests.media.clock import RATE, SHARED, make_clock


def heard(path: Path, folder: Path) -> tuple[Recording, Sound]:
    ctx = context(folder)
    recording = prepare(Source(files=(ctx.store.put_file(path),), names=(path.name,)), ctx)
    return recording, listen(recording, ctx)


def spoken(seconds: int, quiet: list[tuple[float, float]], level: float = 0.1) -> NDArray[np.float32]:
    """Noise that swells like speech, over a faint room, with nothing said in `quiet`."""
    dice = np.random.default_rng(3)
    at = np.arange(seconds * RATE) / RATE
    voice = dice.standard_normal(len(at)) * level * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))
    for start, end in quiet:
        voice[round(start * RATE) : round(end * RATE)] = 0
    return (voice + dice.standard_normal(len(at)) * level / 300).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("level", quick_first([0.005, 0.2, 0.1]), ids=["-46 dB", "loud", "usual"])
def test_pauses_are_found_at_any_level(tmp_path: Path, level: float) -> None:
    quiet = [(3.0, 3.5), (7.25, 7.5), (12.0, 14.0)]
    clock = make_clock(tmp_path / "clock.mp4", 500, sound_of=spoken(20, quiet, level))
    _, sound = heard(clock, tmp_path)
    assert len(sound.pauses) == 3
    for pause, (start, end) in zip(sound.pauses, quiet, strict=True):
        assert abs(pause.start - start * 1000) <= 30
        assert abs(pause.end - end * 1000) <= 30


@pytest.mark.slow
def test_a_quiet_source_is_made_loud_enough_to_understand(tmp_path: Path) -> None:
    clock = make_clock(tmp_path / "clock.mp4", 500, sound_of=spoken(20, [(3, 4)], 0.004))
    _, sound = heard(clock, tmp_path)
    assert sound.speech is not None
    assert sound.integrated is not None
    assert sound.integrated < -40
    track = np.concatenate(list(pcm(context(tmp_path).store.path(sound.speech), 16_000)))[:, 0]
    assert abs(len(track) - 320_000) <= 1600
    assert 0.03 < float(np.sqrt(np.mean(track[:32_000] ** 2))) < 0.2


def test_a_usual_source_keeps_its_level(tmp_path: Path) -> None:
    _, sound = heard(make_clock(tmp_path / "clock.mp4", 250), tmp_path)
    assert sound.speech is not None
    track = np.concatenate(list(pcm(context(tmp_path).store.path(sound.speech), 16_000)))[:, 0]
    assert float(np.sqrt(np.mean(track**2))) == pytest.approx(0.2 / 2**0.5, rel=0.05)
    assert len(sound.loudness) == pytest.approx(100, abs=1)


def test_digital_silence(tmp_path: Path) -> None:
    _, sound = heard(make_clock(tmp_path / "clock.mp4", 100, loudness=0.0), tmp_path)
    assert sound.speech is None
    assert sound.integrated is None
    assert sound.pauses == (Span(start=0, end=4000),)
    assert set(sound.loudness) == {-70.0}


def test_no_sound_track(tmp_path: Path) -> None:
    recording, sound = heard(make_clock(tmp_path / "mute.mp4", 100, sound=False), tmp_path)
    assert not recording.has_audio
    assert sound == Sound(speech=None)


def test_what_comes_after_the_sound_is_a_pause() -> None:
    levels = np.full(500, -30, np.float32)
    levels[::7] = -36
    assert pauses_of(levels, 8000) == (Span(start=5000, end=8000),)
    assert pauses_of(levels, 0) == ()
    assert pauses_of(np.zeros(0, np.float32), 1000) == (Span(start=0, end=1000),)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared recordings are not here")
def test_gaps_between_sentences_are_pauses(tmp_path: Path) -> None:
    """Each gap of 0.4 s that was put between two sentences of the English talk."""
    path = SHARED / "media" / "en_talk_19min.mp4"
    _, sound = heard(path, tmp_path)
    said = json.loads(path.with_suffix(".segments.json").read_text("utf-8"))
    gaps = [Span(start=round(a["end"] * 1000), end=round(b["start"] * 1000)) for a, b in pairwise(said)]
    found = sum(any(pause.overlap(gap) >= 0.8 * gap.length for pause in sound.pauses) for gap in gaps)
    assert found >= 0.95 * len(gaps)
    assert probe(path).duration - 200 <= len(sound.loudness) * 100 <= probe(path).duration + 200


@pytest.mark.slow
def test_a_quiet_beginning_does_not_spoil_the_rest(tmp_path: Path) -> None:
    """A minute of murmur, then usual speech: the track is brought to the level of the whole."""
    voice = np.concatenate([spoken(65, [], 0.002), spoken(60, [], 0.1)])
    _, sound = heard(make_clock(tmp_path / "clock.mp4", 3125, sound_of=voice), tmp_path)
    assert sound.speech is not None
    track = np.concatenate(list(pcm(context(tmp_path).store.path(sound.speech), 16_000)))[:, 0]
    late = float(np.sqrt(np.mean(track[-320_000:] ** 2)))
    assert 0.02 < late < 0.2
