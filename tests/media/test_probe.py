"""The probe: what packets say, what headers say, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from repurpose.errors import BadMedia
from repurpose.media import ffmpeg
from repurpose.media.open import open_media
from repurpose.media.probe import probe
from tests.matrix import quick_first
from tests.media.clock import SHARED, make_clock


@pytest.mark.parametrize("rate", quick_first([Fraction(30000, 1001), Fraction(25), Fraction(60)]))
@pytest.mark.parametrize("bframes", [0, 2])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_facts_of_a_clock(tmp_path: Path, rate: Fraction, bframes: int, suffix: str) -> None:
    found = probe(make_clock(tmp_path / f"clock{suffix}", 100, rate, gop=24, bframes=bframes))
    video, audio = found.video, found.audio
    assert video is not None
    assert audio is not None
    assert (video.codec, video.width, video.height, video.depth, video.rotation) == ("h264", 160, 96, 8, 0)
    assert (video.rate, video.vfr, video.frames, video.closed) == (rate, False, 100, True)
    assert [round(at * rate / 1000) for at in video.keyframes] == [0, 24, 48, 72, 96]
    assert abs(video.duration - 100_000 / rate) <= 1
    assert (audio.codec, audio.channels, audio.rate, audio.drift, audio.jumps) == ("aac", 1, 48_000, 0.0, False)
    assert found.lost == 0


def test_open_groups_are_noticed(tmp_path: Path) -> None:
    video = probe(make_clock(tmp_path / "open.mp4", 100, gop=24, bframes=2, x264="open-gop=1")).video
    assert video is not None
    assert not video.closed


def test_variable_rate_is_noticed(tmp_path: Path) -> None:
    steady = make_clock(tmp_path / "steady.mp4", 100)
    ffmpeg.run("-i", steady, "-vf", "select='not(eq(n,40))'", "-fps_mode", "vfr", tmp_path / "vfr.mp4")
    video = probe(tmp_path / "vfr.mp4").video
    assert video is not None
    assert (video.vfr, video.rate, video.frames) == (True, Fraction(25), 99)


def test_rotation_is_read(tmp_path: Path) -> None:
    upright = make_clock(tmp_path / "upright.mp4", 10)
    ffmpeg.run("-display_rotation", "90", "-i", upright, "-c", "copy", tmp_path / "turned.mp4")
    video = probe(tmp_path / "turned.mp4").video
    assert video is not None
    assert video.rotation == 270


def test_a_cover_is_no_picture(tmp_path: Path) -> None:
    ffmpeg.run("-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-frames:v", "1", tmp_path / "cover.png")
    ffmpeg.run(
        "-f", "lavfi", "-i", "sine=d=2", "-i", tmp_path / "cover.png", "-map", "0", "-map", "1",
        "-c:v", "copy", "-disposition:v", "attached_pic", tmp_path / "song.m4a",
    )  # fmt: skip
    found = probe(tmp_path / "song.m4a")
    assert found.video is None
    assert found.audio is not None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"just a few words\n" * 50, "text"),
        (b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n", "playlist"),
        (b"\xef\xbb\xbf#EXTM3U\n", "playlist"),
        (b"ffconcat version 1.0\nfile x\n", "playlist"),
        (bytes(5000), "not a recording"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41\x00\x00\x10\x00mdat" + bytes(200), "index"),
    ],
)
def test_what_is_no_recording_is_refused_by_name(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "1f2e3d.mp4"
    path.write_bytes(content)
    with pytest.raises(BadMedia) as refusal:
        probe(path, "讲座 one.mp4")
    assert str(refusal.value).startswith("讲座 one.mp4: ")
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    """Not even one that hides behind bytes that pass for a recording."""
    make_clock(tmp_path / "secret.ts", 10)
    (tmp_path / "hidden.mp4").write_bytes(b"\x01\x02 \n#EXTM3U\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(BadMedia):
        open_media(tmp_path / "hidden.mp4")


@pytest.mark.parametrize("path", [".", "absent.mp4"])
def test_no_file_no_recording(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadMedia):
        probe(tmp_path / path)


@pytest.mark.parametrize("suffix", quick_first([".wav", ".mkv", ".flv"]))
@pytest.mark.parametrize(("share", "refused"), [(0.5, True), (0.995, False)])
def test_a_truncated_file_is_found_out(tmp_path: Path, suffix: str, share: float, refused: bool) -> None:
    whole = tmp_path / f"whole{suffix}"
    if suffix == ".wav":
        ffmpeg.run("-f", "lavfi", "-i", "sine=d=120", whole)
    else:
        ffmpeg.run("-f", "lavfi", "-i", "testsrc=d=120:s=160x96:r=25", "-c:v", "libx264", "-g", "50", whole)
    data = whole.read_bytes()
    short = tmp_path / f"short{suffix}"
    short.write_bytes(data[: int(len(data) * share)])
    if refused:
        with pytest.raises(BadMedia, match=rf"short{suffix}: says it lasts 0:02:00, but only"):
            probe(short)
    else:
        found = probe(short)
        assert all("could not be read" in note for note in found.notes)
        assert 120_000 - found.duration <= max(600, found.lost)


def test_a_ten_hour_header_is_not_believed(tmp_path: Path) -> None:
    """mkv: the Duration element, a float of milliseconds, is set to ten hours over four seconds of film."""
    import struct

    whole = make_clock(tmp_path / "clock.mkv", 100)
    data = bytearray(whole.read_bytes())
    at = data.index(b"\x44\x89\x88")
    data[at + 3 : at + 11] = struct.pack(">d", 36_000_000.0)
    whole.write_bytes(bytes(data))
    with pytest.raises(BadMedia, match="says it lasts 10:00:00, but only 0:00:04"):
        probe(whole)


def test_an_mp3_without_a_length_is_measured_by_its_bytes(tmp_path: Path) -> None:
    """Ten seconds of frames of one size and no Xing tag; then the heads of forty frames are spoiled."""
    whole = tmp_path / "talk.mp3"
    with av.open(str(whole), "w", options={"write_xing": "0", "id3v2_version": "4"}) as target:
        target.metadata["title"] = "A talk" * 40
        stream = target.add_stream("mp3", rate=16_000, layout="mono", bit_rate=32_000)
        sound = np.random.default_rng(5).normal(0, 0.1, (1, 160_000)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
        frame.sample_rate = 16_000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            target.mux(packet)
    assert probe(whole).notes == ()
    data = bytearray(whole.read_bytes())
    size = 144  # bytes of a frame of 36 ms at 32 kbit/s
    first = data.index(b"\xff\xf3")
    for number in range(100, 140):
        data[first + number * size] ^= 0xFF
    whole.write_bytes(bytes(data))
    found = probe(whole)
    assert abs(found.lost - 40 * 36) <= 72
    assert found.notes == (f"talk.mp3: {found.lost / 1000:.1f} s of it could not be read",)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared recordings are not here")
def test_the_shared_recordings_are_taken() -> None:
    kinds = {".mp4", ".mov", ".mkv", ".flv", ".wav", ".wma", ".flac", ".mp3"}
    for path in sorted((SHARED / "media").iterdir()):
        if path.suffix in kinds:
            found = probe(path)
            assert found.duration > 1000, path.name
            assert found.lost == 0, path.name
