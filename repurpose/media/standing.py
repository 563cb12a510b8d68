"""One picture as a stretch of video that can be repeated without encoding again."""

from __future__ import annotations

from pathlib import Path

from repurpose.context import Context
from repurpose.media import ffmpeg
from repurpose.media.normalise import Shape

REPEAT_S = 10  # one key frame this often: 35 minutes of it are a few megabytes, and an edge encodes 50 frames at most


def encode_standing(image: Path, shape: Shape, target: Path, ctx: Context) -> None:
    """Write `target` (mp4, no sound): one closed group of pictures of `REPEAT_S` seconds that shows `image`."""
    frames = round(shape.rate * REPEAT_S)
    ffmpeg.run(
        "-framerate", f"{shape.rate.numerator}/{shape.rate.denominator}", *ffmpeg.opened(image), "-vf",
        f"scale=out_range=tv:out_color_matrix=bt709,format=yuv420p,loop=loop={frames - 1}:size=1",
        "-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "18",
        "-g", str(frames), "-keyint_min", str(frames), "-sc_threshold", "0", "-bf", "0",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", target,
        ctx=ctx,
    )  # fmt: skip
