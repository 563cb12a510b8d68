"""A long film as an HLS ladder: what its playlists say is what lies in its files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest

from repurpose.errors import GateError
from repurpose.media import hls
from repurpose.media.fragments import Fragment, fragments_of
from repurpose.models import Ladder
from repurpose.presets import StreamPreset
from repurpose.render.ladder import of_replay
from tests.media import context, decode_sound, luma, make_clock, offsets_ms, read, recording_of, sweeps

PRESET = StreamPreset(at_least=10_000, segment=2000, rungs=(96, 48), crf=16)
FRAMES, RATE = 780, Fraction(25)


def test_joints_lie_on_key_frames_as_near_as_can_be() -> None:
    every = hls.on_keys(range(0, 60_000, 2000), 60_000, 6000)
    assert every == list(range(6000, 60_000, 6000))[: len(every or ())] and every[-1] == 54_000
    assert hls.on_keys(range(0, 60_000, 5000), 60_000, 6000) == list(range(5000, 55_000, 5000))
    assert hls.on_keys([0, 5500, 30_000], 60_000, 6000) is None  # too far apart
    assert hls.on_keys([0], 8000, 6000) == []
    assert hls.even(31_000, 6000, Fraction(25)) == [
        6000,
        12_000,
        18_000,
        24_000,
    ]  # the last second stays with what is before it
    assert hls.even(5000, 6000, Fraction(25)) == []
    assert hls.even(15_000, 6000, Fraction(30_000, 1001)) == [6006, 12_012]


def test_pieces_come_together_at_joints() -> None:
    pieces = [Fragment(Fraction(n * 2), Fraction(2), 100 + n * 10, 10) for n in range(7)]
    found = hls.gathered(pieces, [6000, 12_001])
    assert [(one.start, one.length, one.first, one.size) for one in found] == [
        (0, 6, 100, 30),
        (6, 6, 130, 30),
        (12, 2, 160, 10),
    ]


def test_a_file_that_is_no_ladder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x08ftyp\0\0\0\x20moov")
    with pytest.raises(GateError):
        fragments_of(tmp_path / "a.mp4")


@pytest.fixture(scope="module", params=["copied", "encoded", "late"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A film that tells the time as a ladder: with its own pictures, with none of them, and with sound that begins first."""
    folder = tmp_path_factory.mktemp(request.param)
    ctx = context(folder)
    gop = 500 if request.param == "encoded" else 25
    source = make_clock(folder / "in.mp4", FRAMES, RATE, gop=gop, bframes=3, x264="b-pyramid=normal")
    if request.param == "late":
        source = begun_late(source, folder / "late.mov")
    ladder = of_replay(recording_of(source, ctx), PRESET, ctx)
    return SimpleNamespace(
        ladder=ladder, ctx=ctx, folder=folder, kind=request.param, files=laid_out(ladder, ctx, folder / "out")
    )


def begun_late(source: Path, target: Path) -> Path:
    """The same with the picture 200 ms after the sound."""
    with av.open(str(source)) as given, av.open(str(target), "w") as out:
        streams = {stream.index: out.add_stream_from_template(stream) for stream in given.streams}
        for packet in given.demux():
            if packet.dts is None:
                continue
            later = round(Fraction(1, 5) / packet.time_base) if packet.stream.type == "video" else 0
            packet.pts, packet.dts = packet.pts + later, packet.dts + later
            packet.stream = streams[packet.stream.index]
            out.mux(packet)
    return target


def laid_out(ladder: Ladder, ctx: Any, folder: Path) -> Path:
    folder.mkdir()
    for each in ladder.files:
        (folder / each.name).write_bytes(ctx.store.path(each.file).read_bytes())
    return folder


def segments(playlist: Path) -> Iterator[tuple[float, bytes]]:
    """The length a playlist gives each segment, and the bytes a player has when it begins with that one."""
    text = playlist.read_text()
    media, size, first = re.search(r'MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"', text).groups()  # type: ignore[union-attr]
    whole = (playlist.parent / media).read_bytes()
    head = whole[int(first) : int(first) + int(size)]
    for length, size, first in re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n", text):
        yield float(length), head + whole[int(first) : int(first) + int(size)]


def rungs(made: Any) -> dict[str, Path]:
    text = (made.files / "master.m3u8").read_text()
    return {
        re.search(r"RESOLUTION=(\S+?),", a)[1]: made.files / b
        for a, b in re.findall(r"(#EXT-X-STREAM-INF:.*)\n(.+)", text)
    }  # type: ignore[index]


@pytest.mark.slow
def test_each_segment_shows_its_own_frames_at_their_time(made: Any) -> None:
    found = rungs(made)
    assert set(found) == {"160x96", "80x48"}
    begins = []
    for playlist in found.values():
        at, seen, starts = 0.0, [], []
        for length, data in segments(playlist):
            with av.open(io.BytesIO(data)) as container:
                frames = list(container.decode(video=0))
            starts.append(at)
            assert frames[0].key_frame
            assert len(frames) == pytest.approx(length * 25, abs=0.01)
            seen += [read(luma(frame)) for frame in frames] if frames[0].width == 160 else []
            at += length
        assert not seen or seen == list(range(FRAMES))
        # libav shifts what is shown by what B-frames need: the boxes themselves say when a player shows it
        media = playlist.parent / re.search(r'URI="([^"]+)"', playlist.read_text())[1]  # type: ignore[index]
        shown = [float(piece.start) for piece in fragments_of(media)[1]]
        assert shown[0] == 0 and all(min(abs(at - start) for at in shown) < 0.001 for start in starts)
        begins.append(starts)
    assert len(begins[0]) == made.ladder.segments and begins[0] == pytest.approx(begins[1], abs=0.001)
    assert made.ladder.rungs[0].copied is (made.kind != "encoded") and not made.ladder.rungs[1].copied
    assert bool(made.ladder.note) is (made.kind == "encoded")


@pytest.mark.slow
def test_the_sound_is_where_the_picture_is(made: Any) -> None:
    file = next(made.files.glob("sound-*.mp4"))
    meant = sweeps(FRAMES / 25)[9600 if made.kind == "late" else 0 :]
    late = list(offsets_ms(decode_sound(file)[: len(meant)], meant, (0.1, 0.5, 0.9)))
    starts = [fragments_of(each)[1][0].start for each in made.files.glob("*.mp4")]
    assert late == pytest.approx([0.0] * 3, abs=2.0) and starts == [0, 0, 0]


@pytest.mark.slow
def test_the_playlists_say_what_a_player_must_know(made: Any) -> None:
    text = (made.files / "master.m3u8").read_text()
    told = re.findall(r"#EXT-X-STREAM-INF:(.*)\n(.+)", text)
    assert 'TYPE=AUDIO,GROUP-ID="sound"' in text and text.count('AUDIO="sound"') == 2
    for line, name in told:
        assert re.search(r'CODECS="avc1\.[0-9A-F]{6},mp4a\.40\.2"', line) and "FRAME-RATE=25.000" in line
        heaviest = max(len(data) * 8 / length for length, data in segments(made.files / name) if length > 0.5)
        assert int(re.search(r"BANDWIDTH=(\d+)", line)[1]) >= heaviest * 0.9  # type: ignore[index]
    for name in re.findall(r"\w+-[0-9a-f]{12}\.m3u8", text):
        longest = max(length for length, _ in segments(made.files / name))
        assert f"#EXT-X-TARGETDURATION:{-int(-longest // 1)}\n" in (made.files / name).read_text()
    names = {each.name for each in made.ladder.files}
    assert set(
        re.findall(r"[\w-]+\.(?:mp4|m3u8)", "".join((made.files / n).read_text() for n in names if n.endswith("m3u8")))
    ) == names - {"master.m3u8"}


@pytest.mark.slow
def test_a_short_film_gets_none_and_the_same_film_the_same(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    source = recording_of(make_clock(tmp_path / "in.mp4", 200, RATE, gop=25), ctx)
    assert of_replay(source, PRESET, ctx).files == ()
    again = [of_replay(source, PRESET.model_copy(update={"at_least": 5000}), ctx) for _ in range(2)]
    assert again[0] == again[1] and again[0].files
