"""Whatever the recording is like, its cut shows what was asked for: copied where that is safe, else encoded and said so."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest

from repurpose.media import ffmpeg, nal
from repurpose.media.probe import probe
from tests.matrix import quick_first
from tests.media.clock import make_clock, read_clock
from tests.media.cutting import NTSC, Clocks, asked, check, cut_file, edl_of, random_spans


@pytest.mark.parametrize("suffix", quick_first(["ts", "mkv", "flv", "mov"]))
def test_other_containers(tmp_path: Path, suffix: str) -> None:
    rate = NTSC if suffix in ("ts", "mov") else Fraction(25)
    source = make_clock(tmp_path / f"in.{suffix}", 300, rate, gop=48, bframes=2)
    spans = random_spans(10_000, 5, seed=3)
    path, cut = cut_file(tmp_path, source, spans)
    assert not cut.note
    assert cut.copied > 0.1
    check(path, cut, spans, rate, 300)


def test_a_recording_that_begins_inside_a_group(tmp_path: Path, clocks: Clocks) -> None:
    """An edit list hides the first pictures of the file: they are decoded and not shown."""
    source = tmp_path / "trimmed.mp4"
    ffmpeg.run("-ss", "1.0", "-i", clocks(Fraction(25), 48, 2, 250), "-c", "copy", source)
    first, *_ = shown = read_clock(source)
    assert first == 25
    spans = [(0, 400), (1500, 6000)]
    path, cut = cut_file(tmp_path, source, spans)
    assert cut.copied > 0.5
    assert read_clock(path) == [shown[n] for n in asked(edl_of(spans), Fraction(25), len(shown))]


@pytest.mark.parametrize("kept_s", quick_first(["8.04", "8.00", "8.08", "8.12", "8.16", "8.20"]))
def test_a_recording_that_was_shortened_without_encoding(tmp_path: Path, clocks: Clocks, kept_s: str) -> None:
    """Its last pictures are some of those it had: it ends where the first of them is missing, and is still copied."""
    source = tmp_path / "shortened.mp4"
    ffmpeg.run("-t", kept_s, "-i", clocks(Fraction(25), 48, 2, 250), "-c", "copy", source)
    shown = read_clock(source)
    whole = next((n for n, clock in enumerate(shown) if clock != n), len(shown))
    found = probe(source).video
    assert found is not None
    assert not found.vfr
    assert found.frames == whole
    spans = [(300, 4100), (5000, 9000)]
    path, cut = cut_file(tmp_path, source, spans)
    assert cut.copied > 0.4
    assert read_clock(path) == asked(edl_of(spans), Fraction(25), whole)


@pytest.mark.slow
@pytest.mark.parametrize(("bframes", "gop"), quick_first([(2, 24), (3, 48)]))
def test_open_groups_are_copied_only_from_where_they_close(tmp_path: Path, bframes: int, gop: int) -> None:
    source = make_clock(tmp_path / "in.mp4", 400, gop=gop, bframes=bframes, x264="open-gop=1")
    spans = random_spans(16_000, 4, seed=9)
    path, cut = cut_file(tmp_path, source, spans)
    check(path, cut, spans, Fraction(25), 400)


@pytest.mark.slow
def test_a_span_from_the_start_of_an_open_recording_is_copied_across_its_groups(tmp_path: Path) -> None:
    source = make_clock(tmp_path / "in.mp4", 300, gop=24, bframes=2, x264="open-gop=1")
    path, cut = cut_file(tmp_path, source, [(0, 9000)])
    assert cut.copied > 0.95
    check(path, cut, [(0, 9000)], Fraction(25), 300)


@pytest.mark.parametrize(
    ("codec", "pixels", "options", "why"),
    quick_first(
        [
            ("mpeg4", "yuv420p", {}, "not h264"),
            ("libx264", "yuv422p", {}, "not 8-bit 4:2:0"),
            ("libx264", "yuv420p10le", {}, "not 8-bit 4:2:0"),
            ("libx264", "yuv420p", {"flags": "+ildct"}, "interlaced"),
        ]
    ),
    ids=["mpeg4", "422", "10-bit", "interlaced"],
)
def test_what_cannot_be_copied_is_encoded_and_said_so(
    tmp_path: Path, codec: str, pixels: str, options: dict[str, str], why: str
) -> None:
    source = make_clock(tmp_path / "in.mp4", 200, gop=24, codec=codec, pixels=pixels, options=options)
    spans = [(500, 1500), (3000, 3040), (5000, 7900)]
    path, cut = cut_file(tmp_path, source, spans)
    assert why in cut.note
    assert cut.copied == 0
    check(path, cut, spans, Fraction(25), 200)


def test_parameter_sets_that_change_on_the_way_are_seen(tmp_path: Path) -> None:
    one = make_clock(tmp_path / "one.mp4", 100, gop=25, bframes=2, sound=False)
    two = make_clock(tmp_path / "two.mp4", 100, gop=25, bframes=2, x264="cabac=1", sound=False)
    source = tmp_path / "in.mp4"
    with av.open(str(one)) as first, av.open(str(two)) as second, av.open(str(source), "w") as output:
        track = output.add_stream_from_template(first.streams.video[0])
        sps, pps, _ = nal.sets_of(bytes(second.streams.video[0].codec_context.extradata or b""))
        for file, late in ((first, 0), (second, 4)):
            for packet in file.demux(video=0):
                if not packet.size:
                    continue
                units = [bytes(unit) for unit in nal.prefixed_units(memoryview(packet))]
                copy = av.Packet(nal.prefixed([*sps, *pps, *units] if late and packet.is_keyframe else units))
                copy.time_base, copy.is_keyframe, copy.stream = packet.time_base, packet.is_keyframe, track
                shift = round(late / packet.time_base)
                copy.pts, copy.dts = packet.pts + shift, packet.dts + shift
                output.mux(copy)
    spans = [(500, 1500), (3500, 6000)]
    path, cut = cut_file(tmp_path, source, spans)
    assert "parameter sets change" in cut.note
    assert read_clock(path) == [n % 100 for n in asked(edl_of(spans), Fraction(25), 200)]


@pytest.mark.slow
def test_colours_and_pixel_shape_stay_the_source_s(tmp_path: Path) -> None:
    colours = "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=on:sar=4/3"
    source = make_clock(tmp_path / "in.mp4", 200, gop=50, bframes=2, pixels="yuvj420p", x264=colours)
    spans = [(300, 7000)]
    path, cut = cut_file(tmp_path, source, spans)
    assert not cut.note
    looks = []
    for file in (source, path):
        with av.open(str(file)) as container:
            frames = [next(container.decode(video=0))]
            container.seek(4_000_000)
            frames.append(next(container.decode(video=0)))
            context_ = container.streams.video[0].codec_context
            looks.append(
                [(frame.color_range, frame.colorspace, frame.color_primaries, frame.color_trc) for frame in frames]
                + [context_.sample_aspect_ratio, context_.profile]
            )
    assert looks[0] == looks[1]


def test_without_sound_there_is_only_a_picture(tmp_path: Path) -> None:
    source = make_clock(tmp_path / "in.mp4", 150, gop=25, sound=False)
    path, cut = cut_file(tmp_path, source, [(500, 5500)])
    assert "no sound" in cut.note
    check(path, cut, [(500, 5500)], Fraction(25), 150)
