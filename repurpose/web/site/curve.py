"""The curve of an event: how much each part of the recording is worth, drawn once and shown at every size. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.models import Highlight, Ms, Span

BARS = 150
PITCH, BAR = 10, 6  # of a bar in the drawing; the drawing is BARS * PITCH wide
WIDTH, HEIGHT = BARS * PITCH, 100
STEEP = 1.6  # worth is spread narrowly: the power makes what stands out stand out
LOWEST = 6  # a bar that is worth nothing is still seen


def heights(items: Sequence[Highlight], duration: Ms) -> list[int]:
    """The height of each bar, LOWEST..HEIGHT: the mean worth of what is said in its time, the best bar the full height."""
    sums = [0.0] * BARS
    for item in items:
        if item.kind in ("greeting", "housekeeping"):
            continue
        first = min(BARS - 1, item.start * BARS // max(1, duration))
        last = min(BARS - 1, (item.end - 1) * BARS // max(1, duration))
        for bar in range(first, last + 1):
            part = Span(start=bar * duration // BARS, end=max(bar * duration // BARS + 1, (bar + 1) * duration // BARS))
            sums[bar] += item.score * item.overlap(part) / part.length
    best = max(sums)
    return [max(LOWEST, round(HEIGHT * (each / best) ** STEEP)) if best else LOWEST for each in sums]


def path(tall: Sequence[int]) -> str:
    """The bars as the path of one SVG shape, standing on the ground line."""
    return "".join(f"M{k * PITCH} {HEIGHT}v-{each}h{BAR}v{each}z" for k, each in enumerate(tall))


def stretches(spans: Sequence[Span], duration: Ms) -> list[tuple[float, float]]:
    """(x, width) of each span in the drawing; spans that would touch are joined, none is too thin to see."""
    drawn: list[list[float]] = []
    for span in spans:
        left, right = WIDTH * span.start / max(1, duration), WIDTH * span.end / max(1, duration)
        if drawn and left - drawn[-1][1] < 4:
            drawn[-1][1] = right
        else:
            drawn.append([left, max(right, left + PITCH)])
    return [(round(left, 1), round(right - left, 1)) for left, right in drawn]
