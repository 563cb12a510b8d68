"""A short mp4 of pictures that were drawn here, with or without a sound."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from repurpose.media import aac
from repurpose.media.limiter import Samples

_BT709 = 1  # H.273: primaries, transfer and matrix of HDTV


def write_clip(
    pictures: Iterable[NDArray[np.uint8]],
    target: Path,
    rate: Fraction,
    *,
    crf: int,
    threads: int,
    sound: Samples | None = None,
) -> int:
    """Write RGB pictures [height, width, 3] of one even size as H.264, 4:2:0, BT.709; how many there were.

    Pictures of two dimensions are taken for what `i420_of` makes, which spares the work of converting each. Frame k is
    shown at k / rate. `sound` [n, 1 or 2], 48 kHz, becomes AAC. Raises ValueError when there is no picture.
    """
    count, heard = 0, None
    with av.open(str(target), "w", "mp4", container_options={"movflags": "+faststart"}) as output:
        stream: Any = None
        for picture in pictures:
            if stream is None:
                stream = output.add_stream("libx264", rate=rate)
                stream.height, stream.width = picture.shape[:2]
                if picture.ndim == 2:
                    stream.height = picture.shape[0] * 2 // 3
                stream.pix_fmt, stream.time_base = "yuv420p", 1 / rate
                encoder = stream.codec_context
                encoder.time_base, encoder.thread_count = 1 / rate, threads
                encoder.color_range, encoder.colorspace = ColorRange.MPEG, _BT709
                encoder.color_primaries = encoder.color_trc = _BT709
                stream.options = {"preset": "veryfast", "crf": str(crf)}
                heard = None if sound is None else aac.add_stream(output, sound.shape[1])
            frame = _frame(picture)
            frame.pts, frame.time_base = count, 1 / rate
            output.mux(stream.encode(frame))
            count += 1
        if stream is None:
            raise ValueError("a clip needs at least one picture")
        output.mux(stream.encode(None))
        if sound is not None:
            whole = sound
            for packets in aac.encoded(
                lambda at, many: whole[at : at + many], len(sound), heard, sound.shape[1], workers=1
            ):
                output.mux(packets)
    return count


def i420_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An RGB picture as I420 under BT.709, limited range: [height * 3 / 2, width]."""
    return np.asarray(_frame(picture).to_ndarray(), np.uint8)


def _frame(picture: NDArray[np.uint8]) -> Any:
    if picture.ndim == 2:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="yuv420p")
        frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
        return frame
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
