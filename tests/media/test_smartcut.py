"""A cut proves itself: each frame says its number, each moment has its own sound."""

from __future__ import annotations

import threading
from fractions import Fraction
from pathlib import Path

import av
import pytest

from repurpose.context import Context
from repurpose.errors import Cancelled, NothingFits
from repurpose.media import nal, plan
from repurpose.media.smartcut import smart_cut
from repurpose.presets import RenderPreset
from tests.matrix import quick_first
from tests.media.clock import context, luma, read, recording_of
from tests.media.cutting import NTSC, Clocks, asked, check, cut_file, edl_of, packets, random_spans

DOUBLE_NTSC = Fraction(60000, 1001)

LANDSCAPE = RenderPreset(name="landscape")
KINDS = {
    "25-gop12": (Fraction(25), 12, 0),
    "25-gop250-b": (Fraction(25), 250, 3),
    "29.97-gop48-b": (NTSC, 48, 2),
    "59.94-gop500-b": (DOUBLE_NTSC, 500, 3),
}


@pytest.mark.parametrize("count", quick_first([2, 1, 10, 100]))
@pytest.mark.parametrize("kind", quick_first(KINDS, 2))
def test_frames_shown_are_frames_asked(tmp_path: Path, clocks: Clocks, kind: str, count: int) -> None:
    rate, gop, bframes = KINDS[kind]
    frames = round(16 * rate)
    spans = random_spans(int(1000 * frames / rate), count, seed=count + gop)
    path, cut = cut_file(tmp_path, clocks(rate, gop, bframes, frames), spans)
    assert "encoded in full" not in cut.note or "too far apart" in cut.note
    check(path, cut, spans, rate, frames)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 10, 100])
@pytest.mark.parametrize("bframes", [0, 3])
@pytest.mark.parametrize("gop", [12, 48, 250, 500])
@pytest.mark.parametrize("rate", [Fraction(25), NTSC, Fraction(60)], ids=["25", "29.97", "60"])
def test_every_kind_of_recording(
    tmp_path: Path, clocks: Clocks, rate: Fraction, gop: int, bframes: int, count: int
) -> None:
    frames = round(40 * rate)
    spans = random_spans(40_000, count, seed=gop + bframes + count)
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


def test_another_size_is_encoded_with_its_shape_kept(tmp_path: Path, clocks: Clocks) -> None:
    path, cut = cut_file(tmp_path, clocks(Fraction(25), 48, 2, 250), [(500, 4500)], width=320, height=320)
    assert "changes size" in cut.note
    with av.open(str(path)) as container:
        frames = [luma(frame) for frame in container.decode(video=0)]
    assert {frame.shape for frame in frames} == {(320, 320)}
    assert [read(frame[64:256]) for frame in frames] == asked(edl_of([(500, 4500)]), Fraction(25), 250)
    assert max(int(frame[:56].max()) for frame in frames) < 30  # bars are black


@pytest.mark.slow
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
