"""The code that leads to the replay, one to each asset and channel, and the end card that shows it over the last moments."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from repurpose.media.masks import plate
from repurpose.media.qr import code_pixels
from repurpose.models import Brand
from repurpose.presets import RenderPreset
from repurpose.render.ground import RADIUS, logo_of
from repurpose.render.lettering import fitted, lettered, stacked, step_of, trimmed
from repurpose.store import Store

CODE = 480  # pixels of the code's box in a picture 1080 wide; the code in it is 315 to 400
CODE_LEAST = 300  # pixels; a smaller one is hard to scan off a phone
_CARD_SIZES = (76, 68, 60, 52)
_PLATE_OPACITY = 0.94


def code_image(link: str, size: int, target: Path) -> None:
    """The link's QR code as a `size` x `size` png, black on white with its quiet zone, every module the same whole pixels."""
    drawn_code(link, size).save(target)


def drawn_code(link: str, size: int) -> Image.Image:
    """The same as a picture."""
    return Image.fromarray(code_pixels(link, size))


def code_plate(size: int) -> Image.Image:
    """The white card that a code of `size` pixels stands on, round at its corners."""
    pad = plate_pad(size)
    return plate(size + 2 * pad, size + 2 * pad, round(RADIUS * size / CODE), "#FFFFFF")


def plate_pad(size: int) -> int:
    """Pixels of the white card around the box of a code."""
    return round(size / 30)


def end_card(brand: Brand, link: str, render: RenderPreset, target: Path, store: Store) -> bool:
    """Draw the end card as a png of the render's size with transparency, to be laid over the last moments.

    A plate above the captions: what to do, the code (at least CODE_LEAST pixels), the logo. Without a link the words alone;
    without either, or where a channel punishes brands, nothing is drawn and False comes back.
    """
    if not render.branded or not (link or brand.cta):
        return False
    width, height = render.width, render.height
    scale = min(width, height) / 1080
    own = store.path(brand.font) if brand.font else None
    side = max(round(60 * scale), render.safe_side)
    top = max(round(48 * scale), render.safe_top)
    bottom = _captions_top(render) - round(24 * scale)
    pad, gap = round(64 * scale), round(44 * scale)
    room = width - 2 * side - 2 * pad
    words, code, logo = [], [], []
    if brand.cta:
        lines, font = fitted(brand.cta, own, 800, [size * scale for size in _CARD_SIZES], room, 2)
        words.append(trimmed(lettered(lines, font, brand.on_dark, step_of(lines, font), "centre")))
    if link:
        size = round(CODE * scale)
        card = code_plate(size)
        card.paste(drawn_code(link, size), (plate_pad(size), plate_pad(size)))
        code.append(card)
    if brand.logo:
        logo.append(logo_of(store.path(brand.logo), round(60 * scale), brand.ink, brand, room))
    parts = words + code + logo
    if stacked(parts, gap) + 2 * pad > bottom - top:  # a low picture: the logo goes, and the margins shrink
        parts, pad, gap = words + code, round(28 * scale), round(28 * scale)
    tall = stacked(parts, gap) + 2 * pad
    image = Image.new("RGBA", (width, height), brand.ink + "00")
    y = max(0, top + (bottom - top - tall) // 2)
    if render.title:  # the card covers the title, else it would look out above
        over = round(12 * scale)
        y, tall = min(y, render.title.top - over), max(tall, render.title.height + 2 * over)
    image.alpha_composite(plate(width - 2 * side, tall, round(RADIUS * scale), brand.ink, _PLATE_OPACITY), (side, y))
    y += (tall - stacked(parts, gap)) // 2
    for part in parts:
        image.alpha_composite(part, ((width - part.width) // 2, y))
        y += part.height + gap
    image.save(target)
    return True


def _captions_top(render: RenderPreset) -> int:
    """The first row where captions may stand: in their usual place, or beside a speaker."""
    style = render.captions
    if style is None:
        return render.height - render.safe_bottom
    return min(style.top, style.beside.top) if style.beside and not style.beside.left else style.top
