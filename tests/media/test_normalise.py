"""Decisions about a source, and what comes of them: picture and sound stay together through every one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from repurpose.ingest.prepare import prepare
from repurpose.media import ffmpeg
from repurpose.media.frames import still
from repurpose.media.probe import probe
from repurpose.models import Recording, Source
from tests.ingest.sources import context, make, skews
from tests.matrix import quick_first
from tests.media.clock import make_clock, read_clock

FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "50")
SOURCES: dict[str, tuple[str, dict[str, Any], str]] = {  # name -> (suffix, how it is made, what is said of it)
    "plain": (".mp4", {}, ""),
    "quicktime": (".mov", {}, ""),
    "matroska": (".mkv", {}, "matroska container"),
    "stream": (".ts", {}, "mpegts container"),
    "flash": (".flv", {"video": FAST}, "flv container"),
    "avi": (".avi", {"audio": ("-c:a", "pcm_s16le")}, "avi container"),
    "webm": (
        ".webm",
        {"video": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"), "audio": ("-c:a", "libopus")},
        "vp9 picture",
    ),
    "wmv": (".wmv", {"video": ("-c:v", "wmv2"), "audio": ("-c:a", "wmav2")}, "wmv2 picture"),
    "variable": (
        ".mp4",
        {"filters": "select='mod(n+4,7)'", "video": ("-fps_mode", "vfr", *FAST)},
        "variable frame rate",
    ),
    "odd": (".mp4", {"size": "161x91", "video": (*FAST, "-pix_fmt", "yuv444p")}, "odd size 161x91"),
    "hevc": (
        ".mp4",
        {"size": "320x180", "video": ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none")},
        "hevc picture",
    ),
    "ten bits": (".mp4", {"video": (*FAST, "-pix_fmt", "yuv420p10le")}, "10 bits a sample"),
    "interlaced": (
        ".mp4",
        {"rate": "50", "size": "160x96", "filters": "interlace", "video": (*FAST, "-flags", "+ilme+ildct")},
        "interlaced",
    ),
    "wide pixels": (".mp4", {"filters": "setsar=4/3"}, "pixels 4:3"),
    "120 a second": (".mp4", {"rate": "120"}, "120 frames a second"),
    "sound gap": (".mkv", {"sound_filters": "aselect='not(between(t,2.3,2.8))'"}, "gaps in the sound"),
    "six channels": (".mp4", {"sound_filters": "pan=5.1|FC=c0|FL=0*c0|FR=0*c0|LFE=0*c0|BL=0*c0|BR=0*c0"}, ""),
    "quiet": (".mp4", {"sound_filters": "volume=-30dB"}, ""),
}


def prepared(path: Path, folder: Path) -> Recording:
    ctx = context(folder)
    return prepare(Source(files=(ctx.store.put_file(path),), names=(path.name,)), ctx)


@pytest.mark.parametrize("kind", quick_first(SOURCES))
def test_every_source_becomes_exact(kind: str, tmp_path: Path) -> None:
    suffix, how, said = SOURCES[kind]
    path = make(tmp_path / f"source{suffix}", **how)
    recording = prepared(path, tmp_path)
    assert said in " ".join(recording.prepared)
    assert (recording.prepared == ()) == (said == "")
    assert abs(recording.duration - 6000) <= 50
    assert recording.video.smart_cut, recording.video.why_not
    made = context(tmp_path).store.path(recording.media)
    facts = probe(made).video
    assert facts is not None
    assert (facts.codec, facts.pix_fmt, facts.vfr, facts.rotation, facts.interlaced) == (
        "h264",
        "yuv420p",
        False,
        0,
        False,
    )
    assert facts.width % 2 == facts.height % 2 == 0
    assert facts.start_s == 0
    found = skews(recording, context(tmp_path))
    assert len(found) == 5
    assert max(map(abs, found)) <= 25, found  # beginning, middle and end


def test_a_fine_source_is_not_touched(tmp_path: Path) -> None:
    path = make_clock(tmp_path / "fine.mp4", 100, bframes=2)
    recording = prepared(path, tmp_path)
    assert recording.prepared == ()
    assert context(tmp_path).store.path(recording.media).read_bytes() == path.read_bytes()
    assert [span.end for span in recording.parts] == [recording.duration] == [4000]


@pytest.mark.parametrize("suffix", quick_first([".ts", ".mkv", ".flv"]))
@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_new_wrapping_keeps_every_frame(tmp_path: Path, suffix: str, rate: Fraction) -> None:
    path = make_clock(tmp_path / f"clock{suffix}", 150, rate, bframes=2)
    recording = prepared(path, tmp_path)
    made = context(tmp_path).store.path(recording.media)
    assert read_clock(made) == list(range(150))
    facts = probe(made).video
    assert facts is not None
    assert (facts.rate, facts.frames, facts.vfr) == (rate, 150, False)


def test_a_turned_picture_is_put_upright(tmp_path: Path) -> None:
    upright = tmp_path / "upright.mp4"
    ffmpeg.run(
        "-f", "lavfi", "-i", "color=red:s=160x96:d=2,drawbox=c=blue:w=160:h=48:t=fill", "-c:v", "libx264", upright
    )
    ffmpeg.run("-display_rotation", "-90", "-i", upright, "-c", "copy", tmp_path / "turned.mp4")
    recording = prepared(tmp_path / "turned.mp4", tmp_path)
    assert (recording.video.width, recording.video.height) == (96, 160)
    picture = still(context(tmp_path).store.path(recording.media), 500).image
    assert picture[80, 10, 2] > 200  # turned clockwise, the red bottom comes to lie at the left
    assert picture[80, 86, 0] > 200


@pytest.mark.slow
def test_a_picture_shorter_than_its_sound_stands_still(tmp_path: Path) -> None:
    clock = make_clock(tmp_path / "clock.mp4", 50, gop=25)
    ffmpeg.run("-f", "lavfi", "-i", "sine=d=10", tmp_path / "tone.wav")
    ffmpeg.run(
        "-i", clock, "-i", tmp_path / "tone.wav", "-map", "0:v", "-map", "1:a", "-c:v", "copy", tmp_path / "short.mp4"
    )
    recording = prepared(tmp_path / "short.mp4", tmp_path)
    assert abs(recording.duration - 10_000) <= 50
    assert "picture ends 8.0 s before the sound" in recording.prepared[0]
