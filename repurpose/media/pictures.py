"""The pictures of a cut as packets ready to be written: pieced together from copied and encoded ones, or encoded in full.

Frame k of the cut is shown at k / rate. A packet is decoded one frame after the one before it, the first one `delay`
frames before the first is shown: that keeps decoding times rising over every seam.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import dropwhile, islice
from typing import Any

import av

from repurpose.context import Context
from repurpose.errors import BadMedia, Cancelled
from repurpose.media import nal
from repurpose.media.ahead import Ahead
from repurpose.media.encoder import preset_of
from repurpose.media.filters import Fit, size_for
from repurpose.media.index import Index
from repurpose.media.open import open_media, seen_in
from repurpose.media.pieces import Coded, Maker, aspect, look_like
from repurpose.media.plan import Piece, Run, batches
from repurpose.media.reader import Packets, Reader
from repurpose.presets import RenderPreset

Pictures = Iterator[Any]  # av.Packet
_BATCHES_AHEAD = 4
_FRAMES_AHEAD = 8
_STRIPPED = frozenset({nal.SPS, nal.PPS, nal.AUD, nal.FILLER})


@contextmanager
def pieced(
    output: Any, index: Index, pieces: Sequence[Piece], render: RenderPreset, ctx: Context, stop: threading.Event
) -> Iterator[Pictures]:
    """Copied and encoded pieces, in order, for a stream of `output` that is made here."""
    assert index.sets is not None
    with ExitStack() as stack:
        bench = stack.enter_context(_Bench(index, render, stop, max(1, min(2, ctx.threads))))
        sps, pps = bench.parameter_sets()
        with open_media(index.path) as container:
            stream = output.add_stream_from_template(seen_in(container))
        stream.codec_context.extradata = nal.avcc([*index.sets.sps, *sps], [*index.sets.pps, *pps])
        stream.time_base = stream.codec_context.time_base = 1 / index.rate
        packets = stack.enter_context(Packets(index))
        yield _numbered(stream, index, _pieces(packets, index, pieces, bench))


@contextmanager
def encoded(
    output: Any, index: Index, runs: Sequence[Run], render: RenderPreset, ctx: Context, stop: threading.Event
) -> Iterator[Pictures]:
    """Every frame of the runs encoded in one go, scaled where the render asks for it."""
    with ExitStack() as stack:
        reader = stack.enter_context(Reader(index, ctx.threads))
        source = reader.source
        width, height = size_for(render, source.width, source.height)
        stream = output.add_stream("libx264", rate=index.rate)
        encoder = stream.codec_context
        look_like(encoder, source, index.rate)
        scaled = (width, height) != (source.width, source.height)
        encoder.width, encoder.height = width, height
        encoder.pix_fmt = "yuvj420p" if source.pix_fmt == "yuvj420p" else "yuv420p"
        encoder.thread_count = ctx.threads
        shape = "sar=1/1" if scaled else aspect(source)
        encoder.options = {**preset_of(render.speed), "crf": str(render.crf), "x264-params": shape}
        stream.time_base = 1 / index.rate
        frames = stack.enter_context(
            Ahead(_frames(reader, index, runs, stop, (width, height) if scaled else None), _FRAMES_AHEAD)
        )
        yield _encoded(stream, frames)


class _Bench:
    """Workers that encode batches of pieces, a few ahead of whoever takes them.

    Each holds a decoder and an encoder of full pictures, so a bench opened beside another has one worker: that keeps the
    processors busy too.
    """

    _open = 0
    _opening = threading.Lock()

    def __init__(self, index: Index, render: RenderPreset, stop: threading.Event, workers: int) -> None:
        self._index, self._render, self._stop = index, render, stop
        self._local = threading.local()
        self._makers: list[Maker] = []
        with _Bench._opening:
            self._pool = ThreadPoolExecutor(1 if _Bench._open else workers, "encode")
            _Bench._open += 1

    def __enter__(self) -> _Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)
        for maker in self._makers:
            maker.close()
        with _Bench._opening:
            _Bench._open -= 1

    def parameter_sets(self) -> tuple[list[bytes], list[bytes]]:
        return self._pool.submit(lambda: self._maker().parameter_sets()).result()

    def made(self, pieces: Sequence[Piece]) -> Iterator[list[Coded]]:
        """The encoded pieces among `pieces`, in order."""
        waiting: deque[Future[list[list[Coded]]]] = deque()
        for batch in batches(pieces):
            waiting.append(self._pool.submit(self._make, batch))
            if len(waiting) > _BATCHES_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()

    def _make(self, batch: list[Piece]) -> list[list[Coded]]:
        return self._maker().make(batch)

    def _maker(self) -> Maker:
        if not hasattr(self._local, "maker"):
            self._local.maker = Maker(self._index, self._render, self._stop)
            self._makers.append(self._local.maker)
        return self._local.maker  # type: ignore[no-any-return]


def _pieces(
    packets: Packets, index: Index, pieces: Sequence[Piece], bench: _Bench
) -> Iterator[tuple[Piece, Iterator[tuple[Any, int, bool]]]]:
    """Each piece with its packets: what to write, which frame of the piece it is, is it a key frame."""
    made = bench.made(pieces)
    for piece in pieces:
        if piece.copied:
            yield piece, _copied(packets, index, piece)
        else:
            yield piece, iter([(av.Packet(one.data), one.frame, one.key) for one in next(made)])


def _copied(packets: Packets, index: Index, piece: Piece) -> Iterator[tuple[Any, int, bool]]:
    assert index.sets is not None
    start = int(index.pts[piece.first])
    there = (packet for packet in packets.since(piece.first) if packet.size)
    count = 0
    for packet in islice(dropwhile(lambda packet: packet.pts != start, there), piece.length):
        shown = index.frame_of(packet.pts)
        frame = -1 if shown is None else shown - piece.first
        if not 0 <= frame < piece.length:
            break
        count += 1
        key = packet.is_keyframe
        if index.sets.length == 0:
            units = [unit for unit in nal.annexb_units(packet) if unit[0] & 31 not in _STRIPPED]
            packet = av.Packet(nal.prefixed(units))
        yield packet, frame, key
    if count != piece.length:
        raise BadMedia(f"{index.path.name}: reads differently the second time. Copy it to a local disk and run again.")


def _numbered(stream: Any, index: Index, pieces: Iterator[tuple[Piece, Iterator[tuple[Any, int, bool]]]]) -> Pictures:
    """Put every packet on the cut's clock."""
    tick, shown, order = 1 / index.rate, 0, -index.delay
    for piece, packets in pieces:
        for packet, frame, key in packets:
            packet.pts, packet.dts, packet.duration, packet.time_base = shown + frame, order, 1, tick
            packet.is_keyframe, packet.stream = key, stream
            order += 1
            yield packet
        shown += piece.length


def _frames(
    reader: Reader, index: Index, runs: Sequence[Run], stop: threading.Event, size: tuple[int, int] | None
) -> Iterator[Any]:
    fit, at, tick = None, 0, 1 / index.rate
    for run in runs:
        for frame in reader.between(run.first, run.end):
            if stop.is_set():
                raise Cancelled
            frame.pts, frame.time_base, frame.pict_type = at, tick, 0
            if size is not None:
                fit = fit or Fit(frame, index.rate, *size)
                frame = fit(frame)
            at += 1
            yield frame


def _encoded(stream: Any, frames: Iterator[Any]) -> Pictures:
    for frame in frames:
        yield from stream.encode(frame)
    yield from stream.encode(None)
