"""A cut proves itself: each frame says its number, each moment has its own sound."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.errors import Cancelled, NothingFits
from repurpose.media import ffmpeg, nal, plan
from repurpose.media.smartcut import Cut, smart_cut
from repurpose.models import EditDecisionList, Span
from repurpose.presets import RenderPreset
from tests.media import (
    RATE,
    context,
    decode_sound,
    luma,
    make_clock,
    offsets_ms,
    read,
    read_clock,
    recording_of,
    sweeps,
)

LANDSCAPE = RenderPreset(name="landscape")
Clocks = Callable[[Fraction, int, int, int], Path]
NTSC, DOUBLE_NTSC = Fraction(30000, 1001), Fraction(60000, 1001)


def edl_of(spans: Sequence[tuple[int, int]]) -> EditDecisionList:
    return EditDecisionList(cut="test", spans=tuple(Span(start=a, end=b) for a, b in spans))


def random_spans(length_ms: int, count: int, seed: int) -> list[tuple[int, int]]:
    """`count` spans, apart by 1 ms and more, each long enough to hold a frame."""
    dice = random.Random(seed)
    free = length_ms - count * 60
    cuts = sorted(dice.sample(range(free), 2 * count))
    return [(cuts[2 * k] + 60 * k, cuts[2 * k + 1] + 60 * k + 50) for k in range(count)]


def asked(edl: EditDecisionList, rate: Fraction, frames: int) -> list[int]:
    """The frames an EDL asks for, worked out the long way round: those whose millisecond lies in a span."""
    shown = [round(1000 * n / rate) for n in range(frames)]
    return [n for span in edl.spans for n in range(frames) if span.start <= shown[n] < span.end]


def meant_sound(numbers: Sequence[int], rate: Fraction, seconds: float) -> NDArray[np.float32]:
    """The sound that belongs to the frames, frame by frame."""
    voice = np.concatenate([sweeps(seconds), np.zeros(RATE, np.float32)])
    parts = []
    for k, number in enumerate(numbers):
        count = round((k + 1) * RATE / rate) - round(k * RATE / rate)
        first = round(number * RATE / rate)
        parts.append(voice[first : first + count])
    return np.concatenate(parts)


def cut_file(tmp_path: Path, source: Path, spans: Sequence[tuple[int, int]], **more: object) -> tuple[Path, Cut]:
    ctx = context(tmp_path)
    recording = recording_of(source, ctx, smart_cut=bool(more.pop("smart_cut", True)))
    render = RenderPreset(name="landscape", **more)  # type: ignore[arg-type]
    target = tmp_path / "cut.mp4"
    return target, smart_cut(recording, edl_of(spans), target, gain_db=0.0, render=render, ctx=ctx)


def check(path: Path, cut: Cut, spans: Sequence[tuple[int, int]], rate: Fraction, frames: int) -> None:
    wanted = asked(edl_of(spans), rate, frames)
    assert read_clock(path) == wanted
    assert cut.frames == len(wanted)
    assert ffmpeg.run("-xerror", "-i", path, "-f", "null", "-") == ""
    with av.open(str(path)) as container:
        times = [Fraction(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    assert times[0] == 0
    assert all(abs(at - k / rate) < Fraction(1, 5000) for k, at in enumerate(times))
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return
    heard = decode_sound(path)
    assert abs(len(heard) / RATE - len(wanted) / float(rate)) <= 0.1
    if len(wanted) / rate > 0.7:
        late = list(offsets_ms(heard, meant_sound(wanted, rate, frames / rate), (0, 0.5, 1)))
        assert max(abs(one) for one in late) <= 10, late


KINDS = {
    "25-gop12": (Fraction(25), 12, 0),
    "25-gop250-b": (Fraction(25), 250, 3),
    "29.97-gop48-b": (NTSC, 48, 2),
    "59.94-gop500-b": (DOUBLE_NTSC, 500, 3),
}


@pytest.fixture(scope="module")
def clocks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Fraction, int, int, int], Path]:
    """Recordings that tell the time, each made once."""
    folder = tmp_path_factory.mktemp("clocks")

    def made(rate: Fraction, gop: int, bframes: int, frames: int) -> Path:
        path = folder / f"{rate.numerator}-{gop}-{bframes}-{frames}.mp4"
        if not path.exists():
            make_clock(path, frames, rate, gop=gop, bframes=bframes, x264="b-pyramid=normal")
        return path

    return made


@pytest.mark.parametrize("count", [1, 2, 10, 100])
@pytest.mark.parametrize("kind", KINDS)
def test_frames_shown_are_frames_asked(tmp_path: Path, clocks: Clocks, kind: str, count: int) -> None:
    rate, gop, bframes = KINDS[kind]
    frames = round(16 * rate)
    spans = random_spans(int(1000 * frames / rate), count, seed=count + gop)
    path, cut = cut_file(tmp_path, clocks(rate, gop, bframes, frames), spans)
    assert "encoded in full" not in cut.note or "too far apart" in cut.note
    check(path, cut, spans, rate, frames)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("count", [1, 2, 10, 100])
@pytest.mark.parametrize("bframes", [0, 3])
@pytest.mark.parametrize("gop", [12, 48, 250, 500])
@pytest.mark.parametrize("rate", [Fraction(25), NTSC, Fraction(60)], ids=["25", "29.97", "60"])
def test_every_kind_of_recording(
    tmp_path: Path, clocks: Clocks, rate: Fraction, gop: int, bframes: int, count: int, seed: int
) -> None:
    frames = round(40 * rate)
    spans = random_spans(40_000, count, seed=seed)
    path, cut = cut_file(tmp_path, clocks(rate, gop, bframes, frames), spans)
    check(path, cut, spans, rate, frames)


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 40)],
        [(0, 40), (40, 80), (80, 120)],
        [(1000, 1001), (1040, 1080), (1120, 1160)],
        [(3000, 3040), (9960, 12_000)],
        [(0, 12_000)],
        [(1920, 3840)],
        [(1960, 3800)],
        [(0, 1920), (1920, 3840), (3840, 3880)],
    ],
    ids=["first-frame", "touching", "single-frames", "past-the-end", "whole", "one-group", "inside-a-group", "seams"],
)
def test_awkward_spans(tmp_path: Path, clocks: Clocks, spans: list[tuple[int, int]]) -> None:
    path, cut = cut_file(tmp_path, clocks(Fraction(25), 48, 2, 250), spans)
    check(path, cut, spans, Fraction(25), 250)


def test_spans_without_a_frame_are_refused(tmp_path: Path, clocks: Clocks) -> None:
    source = clocks(Fraction(25), 48, 2, 250)
    with pytest.raises(NothingFits):
        cut_file(tmp_path, source, [(50_000, 60_000)])


def test_what_is_copied_is_bit_identical(tmp_path: Path, clocks: Clocks) -> None:
    source = clocks(Fraction(25), 48, 2, 250)
    spans = [(500, 4500), (6000, 9500)]
    path, cut = cut_file(tmp_path, source, spans)
    wanted = asked(edl_of(spans), Fraction(25), 250)
    before = dict(packets(source, Fraction(25)))
    same = sum(before[wanted[shown]] == data for shown, data in packets(path, Fraction(25)))
    assert same == round(cut.copied * cut.frames) > 0.5 * cut.frames


@pytest.mark.parametrize("suffix", ["mkv", "ts", "flv", "mov"])
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


@pytest.mark.parametrize(("bframes", "gop"), [(2, 24), (3, 48)])
def test_open_groups_are_copied_only_from_where_they_close(tmp_path: Path, bframes: int, gop: int) -> None:
    source = make_clock(tmp_path / "in.mp4", 400, gop=gop, bframes=bframes, x264="open-gop=1")
    spans = random_spans(16_000, 4, seed=9)
    path, cut = cut_file(tmp_path, source, spans)
    check(path, cut, spans, Fraction(25), 400)


def test_a_span_from_the_start_of_an_open_recording_is_copied_across_its_groups(tmp_path: Path) -> None:
    source = make_clock(tmp_path / "in.mp4", 300, gop=24, bframes=2, x264="open-gop=1")
    path, cut = cut_file(tmp_path, source, [(0, 9000)])
    assert cut.copied > 0.95
    check(path, cut, [(0, 9000)], Fraction(25), 300)


@pytest.mark.parametrize(
    ("codec", "pixels", "options", "why"),
    [
        ("mpeg4", "yuv420p", {}, "not h264"),
        ("libx264", "yuv422p", {}, "not 8-bit 4:2:0"),
        ("libx264", "yuv420p10le", {}, "not 8-bit 4:2:0"),
        ("libx264", "yuv420p", {"flags": "+ildct"}, "interlaced"),
    ],
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


def test_the_record_tells_the_truth_about_both_sets(tmp_path: Path, clocks: Clocks) -> None:
    path, _ = cut_file(tmp_path, clocks(Fraction(25), 48, 2, 250), [(500, 4500)])
    with av.open(str(path)) as container:
        record = bytes(container.streams.video[0].codec_context.extradata or b"")
        assert container.streams.video[0].codec_context.codec_tag == "avc1"
        packets_ = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    sps, pps, length = nal.sets_of(record)
    facts = [nal.read_sps(unit) for unit in sps]
    assert length == 4
    assert len({fact.number for fact in facts}) == len(sps) == len(pps) == 2
    assert {(fact.profile, fact.level, fact.width, fact.height) for fact in facts} == {(77, facts[0].level, 160, 96)}
    assert record[1:4] == sps[0][1:4]
    kinds = {unit[0] & 31 for data in packets_ for unit in nal.prefixed_units(data)}
    assert not kinds & {nal.SPS, nal.PPS, nal.AUD}


def test_without_sound_there_is_only_a_picture(tmp_path: Path) -> None:
    source = make_clock(tmp_path / "in.mp4", 150, gop=25, sound=False)
    path, cut = cut_file(tmp_path, source, [(500, 5500)])
    assert "no sound" in cut.note
    check(path, cut, [(500, 5500)], Fraction(25), 150)


def test_another_size_is_encoded_with_its_shape_kept(tmp_path: Path, clocks: Clocks) -> None:
    path, cut = cut_file(tmp_path, clocks(Fraction(25), 48, 2, 250), [(500, 4500)], width=320, height=320)
    assert "changes size" in cut.note
    with av.open(str(path)) as container:
        frames = [luma(frame) for frame in container.decode(video=0)]
    assert {frame.shape for frame in frames} == {(320, 320)}
    assert [read(frame[64:256]) for frame in frames] == asked(edl_of([(500, 4500)]), Fraction(25), 250)
    assert max(int(frame[:56].max()) for frame in frames) < 30  # bars are black


def test_stopping_leaves_no_thread_behind(tmp_path: Path, clocks: Clocks) -> None:
    source = clocks(Fraction(25), 250, 3, 400)
    ctx = context(tmp_path)
    calls = 0

    def stop() -> None:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise Cancelled

    ctx = Context(ctx.scratch, ctx.store, check=stop)
    before = threading.active_count()
    with pytest.raises(Cancelled):
        smart_cut(
            recording_of(source, ctx), edl_of([(100, 15_000)]), tmp_path / "x.mp4", gain_db=0, render=LANDSCAPE, ctx=ctx
        )
    assert threading.active_count() == before


def test_the_edl_comes_back_on_frames_and_stays_there() -> None:
    spans = edl_of(random_spans(60_000, 20, seed=5))
    runs = plan.align(spans.spans, NTSC, 1798)
    aligned = plan.shown(spans, runs, NTSC)
    assert plan.align(aligned.spans, NTSC, 1798) == runs


def packets(path: Path, rate: Fraction) -> Iterator[tuple[int, bytes]]:
    """Each picture packet with its number in the order of showing."""
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                yield round(packet.pts * packet.time_base * rate), bytes(packet)
