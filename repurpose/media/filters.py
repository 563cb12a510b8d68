"""What is done to the picture on its way to a full encode."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import av.filter

from repurpose.presets import RenderPreset


def size_for(render: RenderPreset, width: int, height: int) -> tuple[int, int]:
    """The size of a render of a `width` x `height` recording, in even pixels; one side given keeps the shape."""
    if render.width and render.height:
        found = render.width, render.height
    elif render.width:
        found = render.width, round(height * render.width / width)
    elif render.height:
        found = round(width * render.height / height), render.height
    else:
        found = width, height
    return found[0] + found[0] % 2, found[1] + found[1] % 2


class Fit:
    """Frames of one size scaled into another with their shape kept, centred on black."""

    def __init__(self, like: Any, rate: Fraction, width: int, height: int) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(width=like.width, height=like.height, format=like.format, time_base=1 / rate)
        steps = (
            ("scale", f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"),
            ("pad", f"{width}:{height}:(ow-iw)/2:(oh-ih)/2"),
            ("setsar", "1"),
            ("buffersink", ""),
        )
        for name, arguments in steps:
            node = self._graph.add(name, arguments) if arguments else self._graph.add(name)
            source.link_to(node)
            source = node
        self._graph.configure()

    def __call__(self, frame: Any) -> Any:
        self._graph.push(frame)
        return self._graph.pull()
