"""Which H.264 encoder draws on this machine: the graphics card's where one really encodes, else x264."""

from __future__ import annotations

import functools
import os

from repurpose.errors import ToolError, UserError
from repurpose.media import ffmpeg

SOFTWARE = "libx264"
HARDWARE = ("h264_nvenc", "h264_qsv", "h264_videotoolbox")  # tried in this order
_PATIENCE_S = 20.0  # a driver that hangs is as good as none


def encoder_name() -> str:
    """The encoder to draw with. REPURPOSE_ENCODER forces one; UserError where it names none of ours or cannot encode.

    Being listed says nothing: ffmpeg lists nvenc on machines without a card. One counts when a picture comes out of it.
    """
    return _chosen(os.environ.get("REPURPOSE_ENCODER", ""), ffmpeg.program())


def quality(name: str, crf: int, speed: str) -> dict[str, str]:
    """The options that make encoder `name` look like x264 at `crf`; `speed` is x264's preset. Pure.

    Hardware needs a few steps of its own scale more for x264's size; the offsets are rules of thumb, to be set by eye.
    """
    planar = {"pix_fmt": "yuv420p"}
    match name:
        case "h264_nvenc":
            finer = {"spatial-aq": "1", "bf": "2"}
            return {**planar, "preset": "p5", "tune": "hq", "rc": "vbr", "cq": str(crf + 4), "b:v": "0", **finer}
        case "h264_qsv":  # takes only interleaved chroma
            return {"pix_fmt": "nv12", "preset": "medium", "global_quality": str(crf + 3)}
        case "h264_videotoolbox":  # 1..100, higher is better
            return {**planar, "q:v": str(max(1, min(100, 105 - 2 * crf)))}
        case _:
            return {**planar, **preset_of(speed), "crf": str(crf)}


def preset_of(speed: str) -> dict[str, str]:
    """x264's options for its preset `speed`. Pure.

    `superfast` looks ahead ten frames, which it does not by itself: that gives back most of the bytes it wastes, and is still
    faster by a fifth than `veryfast`, which looks better at the same size by 0.0001 to 0.0002 of SSIM.
    """
    ahead = {"mbtree": "1", "rc-lookahead": "10"} if speed == "superfast" else {}
    return {"preset": speed, **ahead}


@functools.lru_cache(maxsize=8)
def _chosen(forced: str, program: str) -> str:
    if forced:
        if forced not in (*HARDWARE, SOFTWARE):
            raise UserError(
                f"REPURPOSE_ENCODER={forced}: not an encoder we use. There are: {', '.join((*HARDWARE, SOFTWARE))}."
            )
        said = _fault(forced)
        if said:
            raise UserError(
                f"REPURPOSE_ENCODER={forced}: cannot encode on this machine ({said}). "
                "Unset it to use one that can, or set it to libx264."
            )
        return forced
    return next((name for name in HARDWARE if not _fault(name)), SOFTWARE)


def _fault(name: str) -> str:
    """What ffmpeg says against encoding one picture with `name`; "" when it came out."""
    try:
        ffmpeg.run(
            *("-f", "lavfi", "-i", "color=gray:size=320x240:rate=25", "-frames:v", "1"),
            *("-c:v", name, "-pix_fmt", quality(name, 23, "veryfast")["pix_fmt"], "-f", "null", "-"),
            stall_s=_PATIENCE_S,
        )
    except ToolError as error:
        lines = error.said.strip().splitlines()
        return lines[0].strip() if lines else f"ended with {error.code}"
    return ""
