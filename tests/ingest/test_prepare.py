"""Several files on one clock, and sound without a picture."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from repurpose.errors import BadMedia
from repurpose.ingest.prepare import prepare
from repurpose.media import ffmpeg
from repurpose.media.audio import pcm
from repurpose.media.frames import between
from repurpose.media.probe import probe
from repurpose.models import Recording, Source, Span, TitleCard
from tests.ingest.sources import context, make, skews
from tests.matrix import quick_first
from tests.media.clock import make_clock, read_clock, sweeps


def joined(paths: list[Path], folder: Path, card: TitleCard | None = None) -> tuple[Recording, Path]:
    ctx = context(folder)
    files = tuple(ctx.store.put_file(path) for path in paths)
    recording = prepare(Source(files=files, names=tuple(path.name for path in paths), card=card), ctx)
    return recording, ctx.store.path(recording.media)


def test_parts_of_one_recorder_are_joined_without_loss(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    parts = [make_clock(tmp_path / f"part{n}.mp4", count, rate, bframes=2) for n, count in enumerate((100, 77, 60))]
    recording, made = joined(parts, tmp_path)
    assert read_clock(made) == [*range(100), *range(77), *range(60)]
    assert [round((span.end - span.start) * rate / 1000) for span in recording.parts] == [100, 77, 60]
    assert all(before.end == after.start for before, after in pairwise(recording.parts))
    assert recording.video.smart_cut
    packets = sum(len(bytes(packet)) for packet in _packets(made))
    assert packets == sum(len(bytes(packet)) for part in parts for packet in _packets(part))
    heard = np.concatenate(list(pcm(made, 48_000)))[:, 0]
    for span, count in zip(recording.parts, (100, 77, 60), strict=True):
        seconds = float(count / rate)
        wanted = sweeps(seconds)[4800:24_000]
        field = heard[span.start * 48 : span.start * 48 + 48_000]
        assert abs(int(np.argmax(np.correlate(field, wanted, "valid"))) - 4800) < 48


@pytest.mark.slow
def test_parts_that_differ_are_encoded_alike(tmp_path: Path) -> None:
    one = make(tmp_path / "one.mp4")
    two = make(tmp_path / "two.mkv", size="320x180", rate="30", hz=44_100, seconds=4)
    recording, made = joined([one, two], tmp_path)
    video = probe(made).video
    assert video is not None
    assert (video.width, video.height, video.rate, video.vfr) == (160, 90, Fraction(25), False)
    assert recording.parts == (Span(start=0, end=6000), Span(start=6000, end=10_000))
    assert len(skews(recording, context(tmp_path))) == 8
    assert max(map(abs, skews(recording, context(tmp_path)))) <= 25
    assert "two.mkv: parts differ in picture" in recording.prepared


def test_a_part_without_sound_is_silent(tmp_path: Path) -> None:
    parts = [
        make_clock(tmp_path / "a.mp4", 50),
        make_clock(tmp_path / "b.mp4", 50, sound=False),
        make_clock(tmp_path / "c.mp4", 50),
    ]
    recording, made = joined(parts, tmp_path)
    assert recording.has_audio
    heard = np.concatenate(list(pcm(made, 48_000)))[:, 0]
    assert np.abs(heard[100_800:187_200]).max() < 1e-3
    assert np.abs(heard[200_000:]).max() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("suffix", quick_first([".mp3", ".wav", ".m4a", ".flac", ".ogg", ".wma"]))
def test_sound_alone_gets_a_card(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"talk{suffix}"
    ffmpeg.run(
        "-f",
        "lavfi",
        "-i",
        "sine=f=500:d=23.456",
        "-af",
        "adelay=1000",
        *(("-c:a", "libvorbis") if suffix == ".ogg" else ()),
        path,
    )
    recording, made = joined([path], tmp_path, TitleCard(title="一场对话 One talk", lines=("2026-11-21",)))
    assert recording.title_card
    assert (recording.video.width, recording.video.height, recording.video.smart_cut) == (1920, 1080, True)
    facts = probe(made)
    assert facts.video is not None
    assert facts.audio is not None
    assert 0 <= recording.duration - probe(path).duration <= 100
    assert len(recording.keyframes) == 3
    frames = list(between(made, Span(start=0, end=recording.duration), width=96))
    assert len(frames) == facts.video.frames == round(recording.duration / 100)
    assert np.abs(frames[0].image.astype(int) - frames[-1].image).max() < 12
    assert frames[0].image.std() > 5
    heard = np.concatenate(list(pcm(made, 16_000)))[:, 0]
    straight = np.concatenate(list(pcm(path, 16_000)))[:, 0]
    begins, wanted = (int(np.argmax(np.abs(sound) > 0.05)) for sound in (heard, straight))
    assert abs(begins - wanted) <= 16


@pytest.mark.slow
def test_a_lost_end_is_said(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mkv"
    ffmpeg.run("-f", "lavfi", "-i", "testsrc=d=120:s=160x96:r=25", "-c:v", "libx264", "-g", "50", whole)
    (tmp_path / "short.mkv").write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.99)])
    recording, _ = joined([tmp_path / "short.mkv"], tmp_path)
    assert any(note.startswith("short.mkv: ") and "could not be read" in note for note in recording.prepared)


def test_the_bad_part_is_named(tmp_path: Path) -> None:
    good = make_clock(tmp_path / "good.mp4", 50)
    (tmp_path / "bad.mp4").write_bytes(good.read_bytes()[:3000])
    with pytest.raises(BadMedia, match=r"^bad\.mp4: "):
        joined([good, tmp_path / "bad.mp4"], tmp_path)


def _packets(path: Path) -> list[object]:
    import av

    with av.open(str(path)) as container:
        return [packet for packet in container.demux(video=0) if packet.size]
