"""Numbers -> the shapes of a chart, in the units of an SVG. Pure; the template colours them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def binned(values: Sequence[float], most: int) -> list[float]:
    """At most so many means, one for each equal part."""
    size = min(most, len(values))
    edges = [len(values) * at // size for at in range(size + 1)] if size else []
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]


def area(values: Sequence[float], width: float, height: float, top: float) -> str:
    """The path of a stepped area over a base line, `top` at full height."""
    if not values:
        return ""
    step = width / len(values)
    points = [f"M0 {height:g}"]
    for at, value in enumerate(values):
        high = height * (1 - min(value, top) / top) if top else height
        points.append(f"V{high:.1f}H{(at + 1) * step:.1f}")
    return "".join(points) + f"V{height:g}Z"


def columns(
    values: Sequence[float], width: float, height: float, gap: float = 0.25
) -> list[tuple[float, float, float, float]]:
    """A column (x, y, width, height) for each value, the tallest at full height."""
    top, step = max(values, default=0) or 1, width / max(1, len(values))
    return [
        (
            round(at * step, 2),
            round(height * (1 - value / top), 2),
            round(step * (1 - gap), 2),
            round(height * value / top, 2),
        )
        for at, value in enumerate(values)
    ]


def narrowing(counts: Sequence[int], width: float, height: float, least: float = 6) -> list[str]:
    """The bands of a funnel as polygons, one for each count: its width goes with the root, so that the last are seen too."""
    top = max(counts, default=0) or 1
    wide = [max(least, width * (count / top) ** 0.5) for count in counts]
    each = height / max(1, len(counts))
    bands = []
    for at, own in enumerate(wide):
        below = wide[at + 1] if at + 1 < len(wide) else own
        y, z = at * each, (at + 1) * each - 4
        corners = ((width - own) / 2, y), ((width + own) / 2, y), ((width + below) / 2, z), ((width - below) / 2, z)
        bands.append(" ".join(f"{x:.1f},{v:.1f}" for x, v in corners))
    return bands
