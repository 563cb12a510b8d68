"""Windows and clips: every moment once, cut in pauses, times found back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from repurpose.media.flac import write_flac
from repurpose.models import Span
from repurpose.transcribe.backend import CLIP, RATE
from repurpose.transcribe.clips import Clip, pack
from repurpose.transcribe.windows import windows_of


def test_windows_are_the_track_cut_in_pauses(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    track = (rng.integers(-9000, 9000, RATE * 10) / 32768).astype(np.float32)
    write_flac([track[:, None]], tmp_path / "speech.flac", RATE, 1)
    pauses = [Span(start=1500, end=1700), Span(start=3000, end=3600), Span(start=3800, end=3920)]
    windows = list(windows_of(tmp_path / "speech.flac", pauses, 4000))
    assert [window.start for window in windows] == [0, 3300, 7300]  # no pause before 7300: cut at the longest length
    joined = np.concatenate([window.samples for window in windows])
    assert joined.shape == track.shape
    assert np.abs(joined - track).max() < 1e-3


def test_clips_hold_thirty_seconds_and_leave_silence_out() -> None:
    speech = [Span(start=0, end=12_000), Span(start=15_000, end=28_000), Span(start=28_000, end=50_000)]
    clips = pack(speech)
    assert [clip.length for clip in clips] == [25_000, 22_000]
    assert all(clip.length <= CLIP for clip in clips)
    assert pack([]) == []


def test_stretches_that_touch_are_one_piece() -> None:
    assert pack([Span(start=0, end=1000), Span(start=1000, end=2000)])[0].pieces == (Span(start=0, end=2000),)


def test_times_in_a_clip_are_found_back() -> None:
    clip = Clip((Span(start=1000, end=3000), Span(start=10_000, end=12_000)))
    assert clip.in_window(Span(start=0, end=500)) == (1000, 1500)
    assert clip.in_window(Span(start=1500, end=2050)) == (2500, 3000)  # said in the first piece, running over
    assert clip.in_window(Span(start=1800, end=2600)) == (10_000, 10_600)  # ends in the second: said there
    assert clip.in_window(Span(start=3900, end=4200)) == (11_900, 12_000)
    window = np.arange(16 * 13_000, dtype=np.float32)
    assert len(clip.samples(window)) == 16 * 4000
