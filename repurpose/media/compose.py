"""Decoded frames composed into drawn pictures, ready to be fed to an encoder."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from av.video.reformatter import VideoReformatter

from repurpose.errors import BadMedia
from repurpose.media.board import Board, Picture
from repurpose.media.colours import planes_in
from repurpose.media.index import Index
from repurpose.media.open import begins, frames_of, open_media, picture_of
from repurpose.media.plan import Run, time_of
from repurpose.media.reader import Reader
from repurpose.models import Box, Layout, Panel, Scene, View

_BEAT = 8  # frames between two looks at cancel
_EARLY = Fraction(1, 10)  # of a frame: timestamps are rounded


def composed(
    index: Index, runs: Sequence[Run], layout: Layout, check: Callable[[], None], threads: int = 1
) -> Iterator[Picture]:
    """Every frame of the runs, in order, drawn as the layout's scene of its time says: I420 under BT.709, limited range.

    It is one buffer, drawn over for the next frame: copy what you keep. `check` is asked every few frames and may raise.
    Each frame is decoded once, by `threads` threads.
    """
    board, reformatter = Board(layout.width, layout.height), VideoReformatter()
    starts = [scene.start for scene in layout.scenes]
    with Reader(index, threads) as reader:
        for run in runs:
            for number, frame in enumerate(reader.between(run.first, run.end), run.first):
                if number % _BEAT == 0:
                    check()
                at = time_of(number, index.rate)
                scene = layout.scenes[max(0, bisect_right(starts, at) - 1)]
                planes, colouring = planes_in(frame, reformatter)
                board.draw(scene, planes, colouring, at)
                yield board.picture


def pictures_of(path: Path, width: int, height: int, rate: Fraction, count: int = 0) -> Iterator[Picture]:
    """The moving picture of a file at `rate`, scaled to `width` x `height`: I420 under BT.709, limited range.

    Exactly `count` of them where it is given: the last one stands, or the rest is left out. It is one buffer, drawn over
    for the next. Raises BadMedia when there is no picture.
    """
    board, reformatter = Board(width, height), VideoReformatter()
    with open_media(path) as container:
        stream = picture_of(container)
        made, zero, end = 0, None, Fraction(0)
        scene: Scene | None = None
        for frame in frames_of(container, stream) if stream is not None else ():
            zero = begins(container, stream, frame) if zero is None else zero
            at = (frame.pts * frame.time_base if frame.pts is not None else end + zero) - zero
            due = math.ceil(at * rate - _EARLY)
            while scene is not None and made < (min(due, count) if count else due):
                yield board.picture
                made += 1
            scene = scene or _whole(frame.width, frame.height, width, height)
            planes, colouring = planes_in(frame, reformatter)
            board.draw(scene, planes, colouring, 0)
            end = at + 1 / (stream.average_rate or rate) if stream is not None else at
            if count and made >= count:
                return
        if scene is None:
            raise BadMedia(f"{path.name}: has no moving picture.")
        for _ in range(made, count or max(1, math.ceil(end * rate - _EARLY))):
            yield board.picture


def _whole(wide: int, high: int, width: int, height: int) -> Scene:
    """A scene that shows a whole `wide` x `high` picture on all of the board."""
    everything = View(at=0, box=Box(x=0, y=0, width=wide, height=high))
    panel = Panel(shows="whole", x=0, y=0, width=width, height=height, views=(everything,))
    captions = Box(x=0, y=0, width=width, height=height)
    return Scene(start=0, end=1, panels=(panel,), ground="#000000", captions=captions)
