"""Exact frames out of a recording, by number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Any

import av

from repurpose.errors import BadMedia
from repurpose.media.index import Index, Places
from repurpose.media.open import open_media, seen_in


class Reader:
    """Decoded frames of one recording. Asked for in rising order, nothing is decoded twice."""

    def __init__(self, index: Index, threads: int = 1) -> None:
        self._index = index
        self._packets = Packets(index)
        self.source = self._packets.source
        self.source.thread_count = threads
        self.source.thread_type = "FRAME" if threads > 1 else "SLICE"
        self._frames: Iterator[tuple[int, Any]] = iter(())
        self._held: tuple[int, Any] | None = None
        self._wanted, self._next = 0, -1

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._packets.close()

    def between(self, first: int, end: int) -> Iterator[Any]:
        """Exactly the frames first <= n < end; one that does not decode is shown as its neighbour.

        Raises BadMedia when none of them, nor any after them, decodes.
        """
        due, last = first, None
        for number, frame in self._from(first):
            while due < min(number, end):
                yield _copy(frame if last is None else last)
                due += 1
            if number >= end:
                self._held = (number, frame)
                break
            yield frame
            due, last = number + 1, frame
            if due == end:
                break
        if due < end and last is None:
            raise BadMedia(
                f"{self._index.path.name}: frames {first} to {end} do not decode. Export the recording again."
            )
        for _ in range(due, end):
            yield _copy(last)

    def _from(self, first: int) -> Iterator[tuple[int, Any]]:
        start = _start_for(self._index, first)
        if not max(0, start) <= self._next <= first:
            self._seek(start)
        self._wanted = first
        if self._held is not None:
            held, self._held = self._held, None
            if held[0] >= first:
                yield held
        for number, frame in self._frames:
            self._next = number + 1
            if number >= first:
                yield number, frame

    def _seek(self, start: int) -> None:
        self._held, self._next = None, start
        self.source.flush_buffers()
        self._frames = self._decoded(self._packets.since(start))

    def _decoded(self, packets: Iterator[Any]) -> Iterator[tuple[int, Any]]:
        index = self._index
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.FFmpegError):
                return
            at = index.frame_of(packet.pts)
            if at is not None and at < self._wanted and index.spare[at]:
                continue  # nothing refers to it and nobody will see it
            try:
                frames = self.source.decode(packet)
            except av.error.FFmpegError:
                continue
            for frame in frames:
                at = index.frame_of(frame.pts)
                if at is not None:
                    yield at, frame


def _copy(frame: Any) -> Any:
    """A frame of its own, so that whoever numbers it does not renumber the first."""
    return av.VideoFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name)


class Packets:
    """The picture's packets, from any key frame on.

    Read straight from the file where its index says where they lie: a demuxer holds an index of its own, of every sample of
    every track, and a cut of a long recording has several readers at once.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        with ExitStack() as stack:
            container = stack.enter_context(open_media(index.path))
            self._stream = seen_in(container)
            self.source: Any = self._stream.codec_context
            if index.places is None:
                self._container = container
                stack.pop_all()
            else:
                self._file = index.path.open("rb", 1 << 18)

    def close(self) -> None:
        """Close the file; packets handed out stay whole."""
        if self._index.places is None:
            self._container.close()
        else:
            self._file.close()

    def __enter__(self) -> Packets:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def since(self, start: int) -> Iterator[Any]:
        """From key frame `start` on, or from before it where the container cannot do better; after the last one, one that is
        empty. With -1, from the beginning of the file: its first packets may be ones that are not shown."""
        return self._sought(start) if self._index.places is None else self._placed(self._index.places, start)

    def _placed(self, places: Places, start: int) -> Iterator[Any]:
        for at in range(places.of_key[start] if start >= 0 else 0, len(places.pos)):
            self._file.seek(int(places.pos[at]))
            packet = av.Packet(self._file.read(int(places.size[at])))
            packet.pts, packet.dts, packet.time_base = int(places.pts[at]), int(places.dts[at]), self._index.tick
            packet.is_keyframe = bool(places.key[at])
            yield packet
        yield av.Packet()

    def _sought(self, start: int) -> Iterator[Any]:
        index = self._index
        goal = int(index.pts[start]) if start >= 0 else index.begin[0]
        keys = reversed(index.keys[: bisect_right(index.keys, start)])
        marks = (mark for key in keys for mark in (int(index.pts[key]), index.dts[key]))
        for mark in chain(marks, index.begin, [-(1 << 62)]):
            self._container.seek(mark, stream=self._stream)
            packets = self._container.demux(self._stream)
            head = next(packets, None)
            if head is not None and head.pts is not None and head.pts <= goal:
                return chain([head], packets)
        return iter(())


def _start_for(index: Index, first: int) -> int:
    """The key frame to decode from. Where key frames may lean on what was before them, the one before it."""
    if index.joins and index.joins[0] <= first:
        return index.joins[bisect_right(index.joins, first) - 1]
    at = bisect_right(index.keys, first) - 2
    return index.keys[at] if at >= 0 else -1
