"""Sound comes on the clock: late starts, gaps, drift, any number of channels, any format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repurpose.media import ffmpeg
from repurpose.media.audio import Resampler, Samples, mix, pcm, pcm_from
from repurpose.media.flac import write_flac
from tests.matrix import quick_first
from tests.media.clock import RATE, make_clock, sweeps


def whole(path: Path, rate: int = RATE, channels: int = 1) -> Samples:
    return np.concatenate(list(pcm(path, rate, channels)))


def lag_ms(heard: Samples, wanted: Samples, at_s: float, window_s: float = 0.5) -> float:
    """How much later `wanted`'s sound around `at_s` comes in `heard`, by cross-correlation."""
    first, size, reach = round(at_s * RATE), round(window_s * RATE), RATE // 10
    piece = wanted[first : first + size]
    field = heard[max(0, first - reach) : first + size + reach]
    lag = int(np.argmax(np.correlate(field, piece, "valid"))) - min(reach, first)
    return lag * 1000 / RATE


@pytest.mark.parametrize("suffix", quick_first([".mp4", ".mkv", ".mov"]))
def test_sound_is_where_it_was_put(tmp_path: Path, suffix: str) -> None:
    heard = whole(make_clock(tmp_path / f"clock{suffix}", 250))[:, 0]
    for at in (0.2, 5, 9):
        assert abs(lag_ms(heard, sweeps(10), at)) < 1


@pytest.mark.parametrize(("video", "sound"), [(0.0, 0.7), (0.4, 0.0)], ids=["sound late", "picture late"])
def test_offsets(tmp_path: Path, video: float, sound: float) -> None:
    clock = make_clock(tmp_path / "clock.mp4", 250)
    ffmpeg.run(
        "-itsoffset", f"{video}", "-i", clock, "-itsoffset", f"{sound}", "-i", clock,
        "-map", "0:v", "-map", "1:a", "-c", "copy", tmp_path / "off.mkv",
    )  # fmt: skip
    heard = whole(tmp_path / "off.mkv")[:, 0]
    shifted = np.concatenate([np.zeros(round(sound * RATE), np.float32), sweeps(10)])[round(video * RATE) :]
    assert abs(lag_ms(heard, shifted, 5)) < 1.5
    if sound:
        assert np.abs(heard[: round((sound - 0.1) * RATE)]).max() == 0


@pytest.mark.slow
@pytest.mark.parametrize("rate", quick_first([44_100, 48_000]))
@pytest.mark.parametrize("offset", quick_first([0.4, 0.0]))
def test_entered_in_the_middle_it_is_the_same_sound(tmp_path: Path, rate: int, offset: float) -> None:
    ffmpeg.run(
        "-itsoffset", f"{offset}", "-i", make_clock(tmp_path / "clock.mp4", 800), "-c:v", "copy", "-c:a", "aac",
        "-b:a", "128k", "-aac_pns", "0", "-ar", f"{rate}", tmp_path / "in.mp4",
    )  # fmt: skip
    heard = whole(tmp_path / "in.mp4")
    for first in (0, 21 * RATE, 25 * RATE + 7, 31 * RATE):
        begin, blocks = pcm_from(tmp_path / "in.mp4", RATE, 1, first)
        rest = np.concatenate(list(blocks))
        assert (begin == 0) == (first == 0)
        assert first - RATE // 10 <= begin <= first
        assert len(rest) == len(heard) - begin
        assert np.abs(rest[first - begin :] - heard[first:]).max() < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("suffix", quick_first([".gap.mp4", ".mkv"]))
def test_sound_whose_times_jump_is_never_entered_in_the_middle(tmp_path: Path, suffix: str) -> None:
    gone = ("-af", "aselect='not(between(t,3,4.5))'", "-c:a", "aac") if "gap" in suffix else ("-c:a", "copy")
    ffmpeg.run("-i", make_clock(tmp_path / "clock.mp4", 800), "-c:v", "copy", *gone, tmp_path / f"in{suffix}")
    begin, blocks = pcm_from(tmp_path / f"in{suffix}", RATE, 1, 25 * RATE)
    assert begin == 0
    assert np.array_equal(np.concatenate(list(blocks)), whole(tmp_path / f"in{suffix}"))


@pytest.mark.slow
def test_a_gap_becomes_silence(tmp_path: Path) -> None:
    clock = make_clock(tmp_path / "clock.mp4", 250)
    ffmpeg.run(
        "-i", clock, "-c:v", "copy", "-af", "aselect='not(between(t,3,4.5))'", "-c:a", "aac", tmp_path / "gap.mkv"
    )
    heard = whole(tmp_path / "gap.mkv")[:, 0]
    assert np.abs(heard[round(3.2 * RATE) : round(4.3 * RATE)]).max() < 1e-4
    for at in (1, 6, 9):
        assert abs(lag_ms(heard, sweeps(10), at)) < 2


@pytest.mark.slow
def test_drift_is_followed_softly(tmp_path: Path) -> None:
    """A recorder whose 48 kHz is really 47.9 kHz: 84 ms in 40 s, taken up without a jump."""
    clock = make_clock(tmp_path / "clock.mp4", 1000)
    ffmpeg.run(
        "-i", clock, "-c:v", "copy", "-af", "asetrate=48100,aresample=48000,asettb=1/48000,asetpts=N*48100/48000",
        "-c:a", "aac", tmp_path / "drift.mp4",
    )  # fmt: skip
    heard = whole(tmp_path / "drift.mp4")[:, 0]
    for at in (1, 20, 38):
        assert abs(lag_ms(heard, sweeps(40), at, 0.1)) < 10
    steps = np.abs(np.diff(heard[RATE : 38 * RATE]))
    assert steps.max() < 0.15  # a sweep of at most 2700 Hz at 0.2 moves by 0.07 a sample; a hole would show


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le"])
@pytest.mark.parametrize("rate", [8000, 44100])
def test_formats_and_rates(tmp_path: Path, codec: str, rate: int) -> None:
    ffmpeg.run("-f", "lavfi", "-i", f"sine=d=2:r={rate}:f=440", "-c:a", codec, tmp_path / "tone.wav")
    heard = whole(tmp_path / "tone.wav", 16_000)
    assert heard.shape == (32_000, 1)
    assert heard.dtype == np.float32
    spectrum = np.abs(np.fft.rfft(heard[:16_000, 0]))
    assert int(spectrum.argmax()) == 440


def test_silence_before_unsigned_samples_is_silent(tmp_path: Path) -> None:
    clock = make_clock(tmp_path / "clock.mp4", 50, sound=False)
    ffmpeg.run("-f", "lavfi", "-i", "sine=d=1:r=8000", "-c:a", "pcm_u8", tmp_path / "tone.wav")
    ffmpeg.run(
        "-i", clock, "-itsoffset", "0.5", "-i", tmp_path / "tone.wav", "-map", "0:v", "-map", "1:a", "-c", "copy",
        tmp_path / "late.mkv",
    )  # fmt: skip
    heard = whole(tmp_path / "late.mkv", 8000)[:, 0]
    assert np.abs(heard[:3900]).max() < 0.01
    assert np.abs(heard[4100:]).max() > 0.05


def test_six_channels_mix_down_without_clipping(tmp_path: Path) -> None:
    names = ("FL", "FR", "FC", "LFE", "BL", "BR")
    loud = np.ones((100, 6), np.float32)
    assert mix(loud, names, 1).shape == (100, 1)
    assert float(mix(loud, names, 2).max()) <= 1.0
    centre = np.zeros((100, 6), np.float32)
    centre[:, 2] = 1
    left, right = mix(centre, names, 2)[0]
    assert left == right > 0.2
    rumble = np.zeros((100, 6), np.float32)
    rumble[:, 3] = 1
    assert not mix(rumble, names, 2).any()


def test_stereo_to_mono_is_the_mean() -> None:
    sides = np.array([[1.0, 0.0], [0.5, 0.5], [1.0, -1.0]], np.float32)
    assert mix(sides, ("FL", "FR"), 1)[:, 0].tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert mix(sides[:, :1], ("FC",), 2).tolist() == [[1, 1], [0.5, 0.5], [1, 1]]


def test_no_sound(tmp_path: Path) -> None:
    assert list(pcm(make_clock(tmp_path / "mute.mp4", 10, sound=False), RATE)) == []


def test_blocks_are_small(tmp_path: Path) -> None:
    ffmpeg.run("-f", "lavfi", "-i", "sine=d=60:r=8000", tmp_path / "tone.wav")
    sizes = [len(block) for block in pcm(tmp_path / "tone.wav", RATE)]
    assert sum(sizes) == 60 * RATE
    assert max(sizes) <= RATE


def test_resampler_keeps_time() -> None:
    down = Resampler(48_000, 16_000)
    tone = np.sin(np.arange(48_000 * 3) * 2 * np.pi * 300 / 48_000).astype(np.float32)[:, None]
    parts = [block for start in range(0, len(tone), 10_000) for block in down.push(tone[start : start + 10_000])]
    heard = np.concatenate([*parts, *down.flush()])[:, 0]
    assert len(heard) == 48_000
    assert np.abs(heard[100:-100] - tone[300:-300:3, 0]).max() < 0.01


def test_flac_gives_back_what_went_in(tmp_path: Path) -> None:
    sound = sweeps(2)[:, None]
    assert write_flac(iter([sound[:5000], sound[5000:]]), tmp_path / "a.flac", RATE, 1) == 2 * RATE
    assert np.abs(whole(tmp_path / "a.flac") - sound).max() < 1e-4
