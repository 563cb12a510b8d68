"""The sound of a drawn file, heard by another meter: at level, below its peak, without clicks, to the sample."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray

from repurpose import presets
from repurpose.media.audio import pcm
from repurpose.media.flac import write_flac
from repurpose.media.soundcut import Stretch, keep, taken
from repurpose.models import Span
from repurpose.presets import RenderPreset
from repurpose.render.bed import looped, stung
from repurpose.render.mix import BREATH, OPEN, RAMP, UNDER_SPEECH, Mixed, mix
from tests.matrix import quick_first
from tests.media import RATE, SHARED, context, sweeps
from tests.media.test_soundcut import peak_db, speech

Samples = NDArray[np.float32]
RENDER = RenderPreset(name="x")
INTRO, OUTRO = 57_600, 120_000  # 1.2 s and 2.5 s
STING = presets.shipped() / "brands" / "repurpose.flac"


def music(path: Path, seconds: float = 5.0, channels: int = 1, loud: float = 0.5) -> Path:
    """Chords over a beat with sharp beginnings, silence at both ends."""
    at = np.arange(round(seconds * RATE)) / RATE
    beat = np.exp(-((at * 2) % 1) * 9)
    chord = sum(np.sin(2 * np.pi * hertz * at + hertz) for hertz in (110.0, 220.5, 277.2, 329.6)) / 4
    noise = np.random.default_rng(5).standard_normal(len(at)) * beat * 0.3
    sound = np.concatenate([np.zeros(9600), loud * (0.7 * chord + noise), np.zeros(14_400)])
    sound = np.clip(sound, -1, 1).astype(np.float32)
    write_flac([np.repeat(sound[:, None], channels, axis=1)], path, RATE, channels)
    return path


def made(tmp_path: Path, voice: Samples, spoken: list[Span] | None = None, **given: object) -> tuple[Samples, Mixed]:
    """The mix as samples [n, channels], and what was said of it."""
    ctx = context(tmp_path)
    voice.astype(np.float32).tofile(tmp_path / "voice.f32")
    wanted = {"intro": INTRO, "outro": OUTRO, "music": None, "sting": None, "render": RENDER} | given
    whole = Span(start=1200, end=1200 + len(voice) * 1000 // RATE)
    found = mix(
        tmp_path / "voice.f32",
        voice.shape[1],
        tmp_path / "mix.wav",
        speech=[whole] if spoken is None else spoken,
        ctx=ctx,
        **wanted,  # type: ignore[arg-type]
    )
    assert list(ctx.scratch.iterdir()) == []  # nothing is left lying about
    with wave.open(str(found.path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 3, voice.shape[1])
        raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 3)
    whole_numbers = np.zeros((len(raw), 4), np.uint8)
    whole_numbers[:, 1:] = raw
    return (whole_numbers.view("<i4")[:, 0] / 2**31).astype(np.float32).reshape(-1, voice.shape[1]), found


def as_heard(samples: Samples, tmp_path: Path, coder: str = "fast") -> Samples:
    """The samples after AAC, as a player has them."""
    channels = samples.shape[1]
    with av.open(str(tmp_path / "sound.m4a"), "w", "mp4") as output:
        stream = output.add_stream("aac", rate=RATE, layout="mono" if channels == 1 else "stereo")
        stream.bit_rate = {1: 96_000, 2: 160_000}[channels]
        stream.options = {"aac_coder": coder}
        for at in range(0, len(samples), RATE):
            block = np.ascontiguousarray(samples[at : at + RATE].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono" if channels == 1 else "stereo")
            frame.sample_rate, frame.pts = RATE, at
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    with av.open(str(tmp_path / "sound.m4a")) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])


def lufs(samples: Samples) -> float:
    return float(pyloudnorm.Meter(RATE).integrated_loudness(samples.astype(np.float64)))


def level_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


@pytest.mark.parametrize("level", quick_first([0.08, 0.9, 0.2]), ids=["very-quiet", "loud", "quiet"])
@pytest.mark.parametrize("with_music", quick_first([True, False]), ids=["with-music", "alone"])
@pytest.mark.parametrize("channels", quick_first([1, 2]))
def test_as_loud_as_asked_and_never_above_its_peak(
    level: float, with_music: bool, channels: int, tmp_path: Path
) -> None:
    voice = np.repeat(speech(12, seed=3)[:, None] * level, channels, axis=1)
    bed = music(tmp_path / "bed.flac", channels=channels) if with_music else None
    sound, found = made(tmp_path, voice, music=bed, sting=STING if with_music else None)
    assert len(sound) == INTRO + len(voice) + OUTRO
    assert lufs(sound) == pytest.approx(-16, abs=1)
    assert found.loudness == pytest.approx(lufs(sound), abs=0.5)
    heard = as_heard(sound, tmp_path)
    assert lufs(heard) == pytest.approx(-16, abs=1)
    assert peak_db(heard) <= -1.5


@pytest.mark.slow
def test_the_render_says_how_loud(tmp_path: Path) -> None:
    render = RenderPreset(name="x", loudness=-20, true_peak=-3)
    sound, _ = made(tmp_path, speech(8, seed=4)[:, None] * 0.4, render=render)
    assert lufs(sound) == pytest.approx(-20, abs=1)
    assert peak_db(as_heard(sound, tmp_path)) <= -3


def test_without_music_and_sting_the_bumpers_are_silent_and_the_voice_is_where_it_was(tmp_path: Path) -> None:
    voice = sweeps(6)[:, None] * 0.1
    sound, found = made(tmp_path, voice)
    assert np.abs(sound[:INTRO]).max() == 0
    assert np.abs(sound[-OUTRO:]).max() == 0
    body = sound[INTRO:-OUTRO]
    np.testing.assert_allclose(body, voice * 10 ** (found.gain_db / 20), atol=1e-4)


@pytest.mark.slow
def test_the_music_steps_back_for_the_voice_and_comes_up_between(tmp_path: Path) -> None:
    """Only the music is left to hear where the voice is silent though someone is said to speak there."""
    voice = np.zeros((20 * RATE, 1), np.float32)
    for start, end in ((1.2, 6), (9.9, 12.2), (16.2, 18.2)):
        voice[round(start * RATE) - INTRO : round(end * RATE) - INTRO, 0] = 0.1
    voice[:, 0] *= sweeps(20)
    spoken = [Span(start=1200, end=9200), Span(start=9900, end=12_200), Span(start=16_200, end=18_200)]
    sound, _ = made(tmp_path, voice, spoken, music=music(tmp_path / "bed.flac"))

    def at(start: float, end: float) -> float:
        return level_db(sound[round(start * RATE) : round(end * RATE)])

    down, gap, short = at(6, 9), at(13, 15.5), at(9.2, 9.9)
    assert gap - down == pytest.approx(UNDER_SPEECH - OPEN, abs=1.5)
    assert short - down == pytest.approx(0, abs=2.5)  # too short a breath to come up in
    assert at(20.5, 22) - down == pytest.approx(UNDER_SPEECH - OPEN, abs=1.5)  # the outro
    assert at(23.65, 23.7) < gap - 20  # gone at the end
    assert lufs(sound[2 * RATE : 5 * RATE]) - lufs(sound[6 * RATE : 9 * RATE]) == pytest.approx(UNDER_SPEECH, abs=2)
    assert BREATH > 2 * RAMP


@pytest.mark.slow
def test_ramps_are_smooth_and_joints_do_not_click(tmp_path: Path) -> None:
    """A steady low tone as music: any step or kink faster than a ramp shows in its second difference."""
    at = np.arange(3 * RATE) / RATE
    write_flac([(0.3 * np.sin(2 * np.pi * 100 * at)).astype(np.float32)[:, None]], tmp_path / "tone.flac", RATE, 1)
    voice = np.zeros((8 * RATE, 1), np.float32)
    voice[RATE] = 1e-6  # not a voice: silent for the meter
    spoken = [Span(start=2500, end=4000), Span(start=6500, end=8000)]
    sound, _ = made(tmp_path, voice, spoken, music=tmp_path / "tone.flac", sting=None)
    bend = np.abs(np.diff(sound[:, 0], 2))
    steady = (2 * np.pi * 100 / RATE) ** 2 * np.abs(sound).max()
    assert bend.max() < 3 * steady
    assert np.abs(sound[:2]).max() < 1e-4
    assert np.abs(sound[-2:]).max() < 1e-4


def test_the_loop_has_no_seam_and_the_silence_at_its_ends_is_gone(tmp_path: Path) -> None:
    path = music(tmp_path / "bed.flac", seconds=6)
    loop = looped(path, 1)
    assert len(loop) / RATE == pytest.approx(6 - 1.5, abs=0.1)
    twice = np.concatenate([loop, loop])[:, 0]
    seam = np.abs(np.diff(twice))[len(loop) - 50 : len(loop) + 50].max()
    assert seam <= np.abs(np.diff(loop[:, 0])).max()
    levels = [level_db(part) for part in np.array_split(twice[: len(twice) // RATE * RATE], len(twice) // RATE)]
    assert max(levels) - min(levels) < 6
    whole = np.concatenate(list(pcm(path, RATE, 1)))
    assert np.abs(loop).max() == pytest.approx(np.abs(whole).max(), rel=0.3)


def test_a_sting_is_cut_to_its_bumper_and_gone_by_then() -> None:
    for room in (RATE, INTRO, OUTRO):
        sound = stung(STING, 2, room)
        assert sound.shape[1] == 2
        assert len(sound) <= room
        assert np.abs(sound[-5:]).max() < 0.005
        assert np.abs(sound).max() > 0.1


@pytest.mark.slow
def test_the_sting_sounds_at_both_ends_below_the_voice(tmp_path: Path) -> None:
    voice = sweeps(6)[:, None] * 0.3
    sound, _ = made(tmp_path, voice, sting=STING)
    spoken = lufs(sound[INTRO:-OUTRO])
    assert spoken - 10 < lufs(sound[:INTRO]) < spoken - 3
    assert spoken - 10 < lufs(sound[-OUTRO:]) < spoken - 3
    short, _ = made(tmp_path, voice, sting=STING, intro=4800, outro=0)
    assert np.abs(short[:4800]).max() == 0


def test_silence_stays_silence(tmp_path: Path) -> None:
    sound, found = made(tmp_path, np.zeros((3 * RATE, 2), np.float32))
    assert found.loudness is None
    assert "silent" in found.note
    assert np.abs(sound).max() == 0


def test_music_alone_is_at_level_too(tmp_path: Path) -> None:
    sound, _ = made(tmp_path, np.zeros((6 * RATE, 1), np.float32), [], music=music(tmp_path / "bed.flac"))
    assert lufs(sound) == pytest.approx(-16, abs=1)


REAL = {
    "en": ("en_jfk_11s.flac", (0, 10)),
    "zh": ("zh_azure_continuous_53s.wav", (5, 25)),
    "two": ("en_azure_katiesteve_2spk_30s.wav", (0, 25)),
    "call": ("ibm_earnings_call_qa_en_640.mp4", (10, 35)),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("with_music", [False, True], ids=["alone", "with-music"])
def test_real_voices(name: str, with_music: bool, tmp_path: Path) -> None:
    file, (start, end) = REAL[name]
    path = SHARED / "media" / file
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    middle = (start + end) // 2
    wanted = [Stretch(low * RATE, (high - low) * RATE) for low, high in pairwise((start, middle, end))]
    kept = tmp_path / "kept.f32"
    keep(taken(pcm(path, RATE, 2), wanted, 2, 576), kept, 1.0, lambda: None)
    voice = np.fromfile(kept, np.float32).reshape(-1, 2)
    bed = music(tmp_path / "bed.flac", channels=2) if with_music else None
    sound, found = made(tmp_path, voice, music=bed, sting=STING)
    heard = as_heard(sound, tmp_path)
    assert len(sound) == INTRO + (end - start) * RATE + OUTRO
    assert lufs(heard) == pytest.approx(-16, abs=1), found
    assert peak_db(heard) <= -1.5
