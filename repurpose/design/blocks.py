"""The blocks a poster is composed of, one small function each: what stands in its box, at the size that fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from repurpose.design.canvas import Canvas, Rectangle, ramp
from repurpose.design.colours import colour_of, contrast
from repurpose.design.faces import Face, font_of
from repurpose.design.material import Material
from repurpose.design.typeset import Setting, fitted, one_line
from repurpose.errors import NothingFits
from repurpose.media.masks import disc, round_corners
from repurpose.media.qr import code_pixels, side_of
from repurpose.presets import PosterBlock
from repurpose.text.signs import CJK

CODE = 176  # pixels of the code in a picture 1080 on its shorter side
CAPTION = {"zh": "扫码看这一刻", "en": "Watch this moment"}
_QUOTE, _NAME, _TITLE, _EVENT = (104, 88, 76, 68, 60, 52, 46, 40), (40, 36, 32), (28, 26, 24), (26, 24)
_dot = re.compile(rf"(?<=[{CJK}])\s*·\s*(?=[{CJK}])")  # it takes a full square in a Chinese font: air enough
_SEEN = 1.8  # contrast from which a logo counts as seen


def draw_block(block: PosterBlock, canvas: Canvas, material: Material) -> None:
    """Draw one block. Raises NothingFits when its text is too long for its box, UserError for a sign no font has."""
    _DRAW[block.kind](block, canvas, material, canvas.box(block.box))


def _quote(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    setting = fitted(
        material.text, box[2] - box[0], box[3] - box[1], canvas.sizes(block.sizes or _QUOTE), block.weight,
        material.language, keep=material.keep, serif=block.serif, font=_font(block, material), align=block.align,
        leading=1.5 if block.serif and material.language == "zh" else 0.0,
    )  # fmt: skip
    canvas.write(setting, box[0], _down(setting.height, block, box), block.tone)


def _person(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """The name, and under it title and company."""
    wide = box[2] - box[0]
    sizes = block.sizes or _NAME
    name = one_line(
        material.quote.speaker,
        wide,
        canvas.sizes(sizes),
        600,
        serif=block.serif,
        font=_font(block, material),
        align=block.align,
    )
    title: Setting | None = None
    if material.quote.title:
        small = tuple(round(size * 0.7) for size in sizes)
        text = _dot.sub("·", material.quote.title)
        title = one_line(
            text, wide, canvas.sizes(small, 22), 400, serif=block.serif, font=_font(block, material), align=block.align
        )
    gap = canvas.px(14)
    high = name.height + (gap + title.height if title else 0)
    y = _down(high, block, box)
    canvas.write(name, box[0], y, block.tone)
    if title:
        canvas.write(title, box[0], y + name.height + gap, block.second or block.tone)


def _portrait(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    if material.portrait is None:
        return
    wide, high = box[2] - box[0], box[3] - box[1]
    if block.round:
        side = min(wide, high)
        face = material.portrait.cut(side, side, 0.52, 0.44)
        canvas.image.paste(face, (box[0] + (wide - side) // 2, box[1] + (high - side) // 2), disc(side))
        return
    picture = material.portrait.cut(wide, high, 0.42, 0.36)
    if not block.fade:
        canvas.image.paste(picture, (box[0], box[1]))
        return
    canvas.image.paste(picture, (box[0], box[1]), _faded(wide, high, block.fade))


@lru_cache(maxsize=16)
def _faded(wide: int, high: int, fade: str) -> Image.Image:
    """A mask that is whole but for the last part towards one side."""
    mask = Image.new("L", (wide, high), 255)
    part = 0.45
    if fade in ("left", "right"):
        size = round(wide * part)
        mask.paste(ramp(size, high, fade, 1.0), (0 if fade == "left" else wide - size, 0))
    else:
        size = round(high * part)
        mask.paste(ramp(wide, size, fade, 1.0), (0, 0 if fade == "up" else high - size))
    return mask


def _slide(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """The page, whole, with a line around it."""
    if material.slide is None:
        return
    wide, high = box[2] - box[0], box[3] - box[1]
    scale = min(wide / material.slide.width, high / material.slide.height)
    size = max(1, round(material.slide.width * scale)), max(1, round(material.slide.height * scale))
    picture = material.slide.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    x = box[0] + {"left": 0, "centre": (wide - size[0]) // 2, "right": wide - size[0]}[block.align]
    y = box[1] + {"top": 0, "middle": (high - size[1]) // 2, "bottom": high - size[1]}[block.stand]
    canvas.frame((x, y, x + size[0], y + size[1]), block.tone, max(2, canvas.px(2)))
    canvas.image.paste(picture, (x, y))


def _event(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """What it was, and when."""
    event, wide = material.event, box[2] - box[0]
    sizes = canvas.sizes(block.sizes or _EVENT)
    date = _date(material) if event.date else ""
    high = box[3] - box[1]
    name: Setting | None = None
    room = high - (sizes[-1] * 1.5 if date else 0)
    try:
        name = fitted(
            event.title or event.name, wide, room, sizes, 400, leading=1.4, most=2, align=block.align,
            keep=material.keep, font=material.font,
        )  # fmt: skip
    except NothingFits:
        name = one_line(event.title or event.name, wide, sizes, 400, font=material.font, align=block.align)
    when = one_line(date, wide, (name.size,), 400, font=material.font, align=block.align) if date else None
    gap = name.size * 0.4
    y = _down(name.height + (gap + when.height if when else 0), block, box)
    canvas.write(name, box[0], y, block.tone)
    if when:
        canvas.write(when, box[0], y + name.height + gap, block.tone)


def _date(material: Material) -> str:
    date = material.event.date
    assert date is not None
    return f"{date.year} 年 {date.month} 月 {date.day} 日" if material.language == "zh" else f"{date.day} {date:%B %Y}"


def _code(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """The code on white, as large as whole modules make it, in the lower right of its box; one line under it."""
    if not material.link:
        return
    side = side_of(material.link, canvas.px(CODE))
    room = max(side + canvas.px(60), box[2] - box[0], round(0.3 * canvas.image.width))
    caption = one_line(CAPTION[material.language], room, canvas.sizes((24,)), 400, font=material.font)
    wide = max(side, round(caption.width))
    x, y = box[2] - side, box[3] - side - caption.size - canvas.px(12)
    code = Image.fromarray(code_pixels(material.link, side))
    canvas.image.paste(code, (x, y), round_corners(side, side, canvas.px(12)))
    canvas.write(caption, box[2] - wide + (wide - caption.width) / 2 if wide > side else x + (side - caption.width) / 2,
                 box[3] - caption.size, block.tone)  # fmt: skip


def _logo(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """The logo, on a plate where it would not be seen."""
    if material.logo is None:
        return
    wide, high = box[2] - box[0], box[3] - box[1]
    behind = canvas.image.crop(box)
    flat = Image.new("RGB", material.logo.size, "#000000")
    flat.paste(material.logo, (0, 0))
    mean = flat.resize((1, 1), Image.Resampling.BOX, material.logo.getbbox()).getpixel((0, 0))
    assert isinstance(mean, tuple)
    shown = "#{:02x}{:02x}{:02x}".format(*mean[:3])
    plate = contrast(shown, behind) < _SEEN
    if plate:
        box = box[0], box[1] - high // 5, box[2], box[3] + high // 5
        high = box[3] - box[1]
    pad = round(high * 0.2) if plate else 0
    scale = min((wide - 2 * pad) / material.logo.width, (high - 2 * pad) / material.logo.height)
    size = max(1, round(material.logo.width * scale)), max(1, round(material.logo.height * scale))
    logo = material.logo.resize(size, Image.Resampling.LANCZOS)
    y = box[1] + (high - size[1]) // 2
    if plate:
        whole = size[0] + 2 * pad, high
        light = contrast(shown, Image.new("RGB", (4, 4), material.brand.paper))
        dark = contrast(shown, Image.new("RGB", (4, 4), material.brand.ink))
        tone = material.brand.paper if light >= dark else material.brand.ink
        canvas.image.paste(tone, (box[0], box[1]), round_corners(*whole, round(high * 0.2)))
    canvas.place(logo, box[0] + pad, y)


def _mark(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """A huge opening mark, its ink filling the height of the box."""
    mask = _mark_of(box[3] - box[1], block.serif)
    faint = mask.point(lambda value: round(value * block.opacity))
    canvas.image.paste(colour_of(block.tone, canvas.brand), (box[0], box[1]), faint)


@lru_cache(maxsize=16)
def _mark_of(high: int, serif: bool) -> Image.Image:
    size = 400
    font = font_of(Face(400 if serif else 900, serif), size)
    left, top, right, bottom = font.getbbox("“", features=["pwid"])
    mask = Image.new("L", (round(right - left), round(bottom - top)), 0)
    ImageDraw.Draw(mask).text((-left, -top), "“", 255, font, features=["pwid"])
    return mask.resize((max(1, round(mask.width * high / mask.height)), high), Image.Resampling.LANCZOS)


def _panel(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    canvas.fill(box, block.tone, block.opacity)


def _rule(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    canvas.fill((box[0], box[1], box[2], box[1] + max(2, canvas.px(2))), block.tone, block.opacity)


def _bar(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """A thin upright bar, as high as its box."""
    canvas.fill((box[0], box[1], box[0] + max(4, canvas.px(8)), box[3]), block.tone, block.opacity)


def _shade(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    canvas.shade(box, block.tone, block.opacity, block.fade or "up")


def _glow(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    canvas.glow(box, block.tone, block.opacity)


def _number(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """The number, its unit smaller and lighter beside it on the same baseline."""
    if material.figure is None:
        return
    number, unit = material.figure
    wide = box[2] - box[0]
    for size in canvas.sizes(block.sizes or (300, 260, 220, 180, 150, 120)):
        big = one_line(number, wide * 4, (size,), block.weight, font=material.font)
        close = unit in "%％"
        small = one_line(unit, wide, (round(size * 0.55),), 400, font=material.font) if unit else None
        gap = size * (0.03 if close else 0.08)
        if size <= box[3] - box[1] and big.width + (gap + small.width if small else 0) <= wide:
            y = _down(big.height, block, box)
            canvas.write(big, box[0], y, block.tone)
            if small:
                foot = big.lines[0].baseline - small.lines[0].baseline
                canvas.write(small, box[0] + big.width + gap, y + foot, block.second or block.tone)
            return
    raise NothingFits(f"{number} {unit} does not fit into {wide} pixels.")


def _wave(block: PosterBlock, canvas: Canvas, material: Material, box: Rectangle) -> None:
    """The voice as bars around the middle of the box, round at their ends; `tone` where there is no `second`."""
    if not material.wave:
        return
    mask = wave_mask(material.wave, box[2] - box[0], box[3] - box[1])
    faint = mask.point(lambda value: round(value * block.opacity))
    canvas.image.paste(colour_of(block.tone, canvas.brand), (box[0], box[1]), faint)


def wave_mask(wave: Sequence[float], wide: int, high: int) -> Image.Image:
    """The bars of a wave as a mask: as many as there are values, a bar a little wider than a gap."""
    fine = 4
    mask = Image.new("L", (wide * fine, high * fine), 0)
    draw = ImageDraw.Draw(mask)
    step = wide * fine / len(wave)
    bar = step * 0.56
    for number, loud in enumerate(wave):
        left, tall = number * step, max(bar, loud * high * fine)
        top = (high * fine - tall) / 2
        draw.rounded_rectangle((left, top, left + bar - 1, top + tall - 1), bar / 2, 255)
    return mask.resize((wide, high), Image.Resampling.BOX)


def _font(block: PosterBlock, material: Material) -> Path | None:
    return None if block.serif else material.font


def _down(high: float, block: PosterBlock, box: Rectangle) -> float:
    """Where something of this height begins in the box."""
    spare = box[3] - box[1] - high
    return box[1] + {"top": 0.0, "middle": spare / 2, "bottom": spare}[block.stand]


_DRAW: dict[str, Callable[[PosterBlock, Canvas, Material, Rectangle], None]] = {
    "quote": _quote, "person": _person, "portrait": _portrait, "slide": _slide, "event": _event, "code": _code,
    "logo": _logo, "mark": _mark, "bar": _bar, "rule": _rule, "panel": _panel, "shade": _shade, "glow": _glow,
    "number": _number, "wave": _wave,
}  # fmt: skip
