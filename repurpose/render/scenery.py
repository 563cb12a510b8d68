"""What stands where on a bumper: a ground and layers that arrive one after the other. Drawn, not yet moving."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from repurpose.models import Box, Brand, Event
from repurpose.presets import RenderPreset
from repurpose.render.card import CODE, code_plate, plate_pad
from repurpose.render.ground import gradient, logo_of
from repurpose.render.lettering import edge_of, fitted, lettered, lines_of, stacked, step_of, trimmed
from repurpose.text.fill import wide
from repurpose.text.fonts import font_of

MARGIN = 84  # in a picture 1080 wide, like all sizes here
BAR = (10, 104)
TITLE_SIZES = (112, 100, 88, 76, 68, 60)
CTA_SIZES = (84, 76, 68, 60, 52)
LINE_SIZE = 44  # nothing smaller can be read in a video
RISE = 44
STAGGER_S = 0.05
_LOW = 1400  # a picture less high than this at 1080 wide has a smaller code


@dataclass(frozen=True)
class Layer:
    """A picture on the ground, where it comes to rest; it rises by `rise` pixels, `after_s` seconds after the start."""

    image: Image.Image
    x: int
    y: int
    after_s: float = 0.0
    rise: int = 0
    fades: bool = True


@dataclass(frozen=True)
class Scenery:
    """A bumper as it is drawn; `code` is where the code of each file will be laid."""

    ground: Image.Image
    layers: tuple[Layer, ...]
    code: Box | None = None

    def at_rest(self) -> Image.Image:
        """The picture once every layer has arrived, without the code."""
        image = self.ground.convert("RGBA")
        for layer in self.layers:
            image.alpha_composite(layer.image, (layer.x, layer.y))
        return image.convert("RGB")


@dataclass(frozen=True)
class _Field:
    """The part of a picture that nothing covers."""

    left: int
    right: int
    top: int
    bottom: int
    scale: float  # how much larger everything is than at 1080

    @property
    def room(self) -> int:
        return self.right - self.left

    def px(self, size: float) -> int:
        """A size at 1080 in this picture's pixels."""
        return round(size * self.scale)


def _field(render: RenderPreset) -> _Field:
    scale = min(render.width, render.height) / 1080
    margin = round(MARGIN * scale)
    side, top, bottom = (max(margin, safe) for safe in (render.safe_side, render.safe_top, render.safe_bottom))
    return _Field(side, render.width - side, top, render.height - bottom, scale)


def intro_of(brand: Brand, event: Event, render: RenderPreset, own: Path | None, logo: Path | None) -> Scenery:
    """The logo on top; then a bar, the title, when it was and who spoke, all from the left."""
    field = _field(render)
    px = field.px
    layers: list[Layer] = []
    top = field.top
    if logo is not None:
        sign = logo_of(logo, px(72), brand.ground[0], brand, field.room)
        layers.append(Layer(sign, field.left, field.top, fades=False))
        top += sign.height + px(48)
    title, font = fitted(event.title or event.name, own, 800, [px(size) for size in TITLE_SIZES], field.room, 4)
    below = _about(event)
    small = font_of(own, px(LINE_SIZE), 400)
    below = [lines_of(text, small, field.room, 1)[0] for text in below]
    step, small_step = step_of(title, font), step_of(below, small, text=True)
    bar = Image.new("RGBA", (px(BAR[0]), px(BAR[1])), brand.signal)
    tall = bar.height + px(52) + len(title) * step + (px(36) + len(below) * small_step if below else 0)
    y = max(top, field.top + (field.bottom - field.top - tall) // 2)
    layers.append(Layer(bar, field.left, y, fades=False))
    y += bar.height + px(52)
    for number, line in enumerate(title):
        image = lettered([line], font, brand.on_dark, step)
        layers.append(Layer(image, field.left - edge_of(font), y - edge_of(font), STAGGER_S * number, px(RISE)))
        y += step
    if below:
        image = lettered(below, small, brand.quiet, small_step)
        x, after = field.left - edge_of(small), STAGGER_S * (len(title) + 1)
        layers.append(Layer(image, x, y + px(36) - edge_of(small), after, px(RISE / 2)))
    return Scenery(gradient(brand, render.width, render.height), tuple(layers))


def outro_of(brand: Brand, event: Event, render: RenderPreset, own: Path | None, logo: Path | None) -> Scenery:
    """What to do, the white card of the code, the event's name, the logo; all on the middle axis."""
    field = _field(render)
    px = field.px
    size = code_size(render) if brand.link else 0
    title = event.title or event.name
    words, card, name, sign = [], [], [], []
    if brand.cta:
        lines, font = fitted(brand.cta, own, 800, [px(size) for size in CTA_SIZES], field.room, 2)
        words.append(trimmed(lettered(lines, font, brand.on_dark, step_of(lines, font), "centre")))
    if size:
        card.append(code_plate(size))
    if size or words:
        small = font_of(own, px(LINE_SIZE), 400)
        lines = lines_of(title, small, field.room, 2)
        name.append(trimmed(lettered(lines, small, brand.quiet, step_of(lines, small, text=True), "centre")))
    else:  # nothing is asked for: the event's name closes it
        lines, font = fitted(title, own, 800, [px(size) for size in CTA_SIZES], field.room, 4)
        name.append(trimmed(lettered(lines, font, brand.on_dark, step_of(lines, font), "centre")))
    if logo is not None:
        sign.append(logo_of(logo, px(64), brand.ground[1], brand, field.room))
    room, gap = field.bottom - field.top, px(60)
    parts = words + card + name + sign
    if stacked(parts, gap) > room:  # a low picture
        gap = px(28)
    if stacked(parts, gap) > room and (words or card):
        parts = words + card + sign
    if stacked(parts, gap) > room:
        parts = words + card or name
    y = field.top + (room - stacked(parts, gap)) // 2
    layers: list[Layer] = []
    code: Box | None = None
    for part in parts:
        x = (render.width - part.width) // 2
        moves = part in words or part in name
        after = STAGGER_S * sum(layer.fades for layer in layers)
        layers.append(Layer(part, x, y, after, px(RISE), fades=True) if moves else Layer(part, x, y, fades=False))
        if part in card:
            code = Box(x=x + plate_pad(size), y=y + plate_pad(size), width=size, height=size)
        y += part.height + gap
    return Scenery(gradient(brand, render.width, render.height), tuple(layers), code)


def code_size(render: RenderPreset) -> int:
    """Pixels of the code's box on the outro of this render."""
    low = render.height * 1080 < _LOW * render.width
    return round((CODE - 60 if low else CODE) * min(render.width, render.height) / 1080)


def _about(event: Event) -> list[str]:
    """When it was, and who spoke; a line each."""
    guests = [one.name for one in event.speakers if one.role == "guest"] or [one.name for one in event.speakers]
    date = event.date.isoformat() if event.date else ""
    names = ("、" if any(map(wide, guests)) else ", ").join(guests[:4])
    return [text for text in (date, names) if text]
