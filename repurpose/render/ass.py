"""The script libass draws, as text: header, styles, events; and the shapes it can draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from repurpose.models import Ms
from repurpose.render.fonts import BACKSLASH

_CURVE = 0.5523  # how far the handles of a quarter circle's Bezier curve lie from its ends, in radii


@dataclass(frozen=True)
class Event:
    """Something drawn from `start` until `end`. Higher layers lie over lower ones."""

    start: Ms
    end: Ms
    layer: int
    style: str
    text: str  # with override tags; what people wrote has gone through `literal`

    def line(self) -> str:
        """The event as a line of the script."""
        return f"Dialogue: {self.layer},{_clock(self.start)},{_clock(self.end)},{self.style},,0,0,0,,{self.text}"


@dataclass(frozen=True)
class Style:
    """A named look: a font, its size, its colours. `outline` in pixels."""

    name: str
    face: str
    size: float
    colour: str
    outline: float = 0
    edge: str = "#000000"

    def line(self) -> str:
        """The style as a line of the script."""
        main, edge = colour(self.colour), colour(self.edge)
        return (
            f"Style: {self.name},{self.face},{self.size:g},&H00{main},&H00{main},&H00{edge},&H00{edge},"
            f"0,0,0,0,100,100,0,0,1,{self.outline:g},0,7,0,0,0,1"
        )


def script(width: int, height: int, styles: Sequence[Style], events: Iterable[Event]) -> str:
    """The whole script, its events in order of time."""
    ordered = sorted(events, key=lambda event: (event.start, event.layer, event.end))
    return "\n".join(
        [
            "[Script Info]",
            "ScriptType: v4.00+",
            f"PlayResX: {width}",
            f"PlayResY: {height}",
            "WrapStyle: 2",
            "ScaledBorderAndShadow: yes",
            "Kerning: yes",
            "YCbCr Matrix: None",
            "",
            "[V4+ Styles]",
            "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic,"
            " Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL,"
            " MarginR, MarginV, Encoding",
            *(style.line() for style in styles),
            "",
            "[Events]",
            "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
            *(event.line() for event in ordered if _centi(event.end) > _centi(event.start)),
            "",
        ]
    )


def literal(text: str) -> str:
    """What someone wrote, so that libass draws it as it is: no tag, no line break."""
    drawn = text.replace("\\", BACKSLASH).replace("\r", " ").replace("\n", " ")
    return drawn.replace("{", "\\{").replace("}", "\\}")


def colour(named: str) -> str:
    """`#rrggbb` -> `BBGGRR`, as the script writes it."""
    return (named[5:7] + named[3:5] + named[1:3]).upper()


def rounded(width: float, height: float, radius: float) -> str:
    """The drawing commands of a rectangle with round corners, from 0, 0."""
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _CURVE)
    w, h = width, height
    if r <= 0:
        return f"m 0 0 l {w:g} 0 {w:g} {h:g} 0 {h:g}"
    points = (
        ("m", (r, 0)),
        ("l", (w - r, 0)),
        ("b", (w - k, 0, w, k, w, r)),
        ("l", (w, h - r)),
        ("b", (w, h - k, w - k, h, w - r, h)),
        ("l", (r, h)),
        ("b", (k, h, 0, h - k, 0, h - r)),
        ("l", (0, r)),
        ("b", (0, k, k, 0, r, 0)),
    )
    return " ".join(f"{command} {' '.join(f'{round(at, 2):g}' for at in places)}" for command, places in points)


def filled(tags: str, shape: str, fill: str, opaque: float) -> str:
    """A drawing as an event's text: `shape` in one colour, `opaque` of it covering what lies behind."""
    return rf"{{\an7\bord0\shad0\1c&H{colour(fill)}&\1a&H{round(255 * (1 - opaque)):02X}&{tags}\p1}}{shape}"


def _centi(at: Ms) -> int:
    # Rounded down: an edge on a frame never falls behind that frame, and one event ends where the next begins.
    return max(0, at) // 10


def _clock(at: Ms) -> str:
    seconds, centi = divmod(_centi(at), 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{centi:02d}"
