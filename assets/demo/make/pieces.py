"""Small pieces that the slides are put together from: all give HTML or SVG text."""

from __future__ import annotations

INK, PAPER, MIST, LINE = "#0E1525", "#FAF8F4", "#EEF1F6", "#D5DBE6"
SIGNAL, WARM, GREY = "#2457F5", "#FF6A3D", "#5B6579"
TITLE = "一场直播，用足六十天"


def page(body: str, ground: str = "", part: str = "", foot: bool = True) -> str:
    """A whole slide: ground is '', 'dark', 'mist' or 'blue'; part is the chapter shown above the headline."""
    head = f'<div class="part"><i></i>{part}</div>' if part else ""
    end = f'<div class="foot"><span>{TITLE}</span><span>2026.10.15</span></div>' if foot else ""
    return f'<section class="slide {ground}" lang="zh-Hans">{head}{body}{end}</section>'


def head(title: str, english: str = "") -> str:
    """A headline with a line of English under it."""
    return f"<h1>{title}</h1>" + (f'<p class="en">{english}</p>' if english else "")


def at(x: float, y: float, body: str, style: str = "") -> str:
    """A block whose top left corner stands at x, y."""
    return f'<div class="abs" style="left:{x}px;top:{y}px;{style}">{body}</div>'


def from_step(step: int, wanted: int, body: str) -> str:
    """The block, kept in its place but not shown before build `wanted`."""
    return body if step >= wanted else f'<div class="hide">{body}</div>'


def svg(x: float, y: float, width: float, height: float, body: str) -> str:
    """A drawing of this size at x, y; its own origin is its top left corner."""
    return f'<svg class="abs" style="left:{x}px;top:{y}px" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{body}</svg>'


def box(x: float, y: float, w: float, h: float, fill: str, r: float = 0, more: str = "") -> str:
    """An SVG rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{r}" fill="{fill}" {more}/>'


def word(x: float, y: float, text: str, size: int, fill: str = INK, weight: int = 400, anchor: str = "start") -> str:
    """An SVG line of text on the baseline y."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" font-weight="{weight}" text-anchor="{anchor}">{text}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str = LINE, width: float = 2, more: str = "") -> str:
    """An SVG straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}" {more}/>'
