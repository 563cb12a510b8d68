"""A short silent mp4 of pictures that were drawn here."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

_BT709 = 1  # H.273: primaries, transfer and matrix of HDTV


def write_clip(pictures: Iterable[NDArray[np.uint8]], target: Path, rate: Fraction, *, crf: int, threads: int) -> int:
    """Write RGB pictures [height, width, 3] of one even size as H.264, 4:2:0, BT.709; how many there were.

    Frame k is shown at k / rate. Raises ValueError when there is none.
    """
    count = 0
    with av.open(str(target), "w", "mp4", container_options={"movflags": "+faststart"}) as output:
        stream: Any = None
        for picture in pictures:
            if stream is None:
                stream = output.add_stream("libx264", rate=rate)
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt, stream.time_base = "yuv420p", 1 / rate
                encoder = stream.codec_context
                encoder.time_base, encoder.thread_count = 1 / rate, threads
                encoder.color_range, encoder.colorspace = ColorRange.MPEG, _BT709
                encoder.color_primaries = encoder.color_trc = _BT709
                stream.options = {"preset": "veryfast", "crf": str(crf)}
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = count, 1 / rate
            output.mux(stream.encode(frame))
            count += 1
        if stream is None:
            raise ValueError("a clip needs at least one picture")
        output.mux(stream.encode(None))
    return count
