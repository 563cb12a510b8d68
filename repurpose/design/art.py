"""The pictures on a summary and the drawing of laid blocks: slides, portraits, logo, code."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from repurpose.context import Context
from repurpose.design.canvas import Canvas, ground
from repurpose.design.colours import WHITE, colour_of
from repurpose.design.laid import Art, Fill, Laid
from repurpose.design.portraits import Portrait, opened
from repurpose.errors import GateError
from repurpose.media.contrast import READABLE, apart, luminance
from repurpose.media.masks import logo_at, plate, round_corners
from repurpose.media.qr import code_pixels
from repurpose.models import Brand, Slides
from repurpose.models.designed import Points, Portraits
from repurpose.presets.summaries import SummaryPreset

_SEEN = 2.0  # contrast from which a logo counts as seen on its ground
_LOGO = 132  # pixels its file is scaled to, three times what is shown


@dataclass(frozen=True)
class Pieces:
    """What blocks name as pictures, opened, with their shapes."""

    pictures: dict[str, Image.Image] = field(default_factory=dict)
    portraits: dict[str, Portrait] = field(default_factory=dict)
    link: str = ""
    ratios: dict[str, float] = field(default_factory=dict)  # name -> width through height

    def cut(self, art: Art) -> Image.Image:
        """The picture at the size it is drawn."""
        size = max(1, round(art.width)), max(1, round(art.height))
        if art.name == "code":
            return Image.fromarray(code_pixels(self.link, size[0]))
        if art.name.startswith("face:"):
            return self.portraits[art.name[5:]].cut(*size, 0.56, 0.44)
        return self.pictures[art.name].resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def pieces_for(
    brand: Brand, faces: Portraits, slides: Slides, points: Points, link: str, ctx: Context
) -> Pieces:  # fmt: skip
    """Everything the summaries of an event may show."""
    pictures: dict[str, Image.Image] = {}
    for part in points.parts:
        if part.slide is not None and f"slide:{part.slide}" not in pictures:
            with Image.open(ctx.store.path(slides.pages[part.slide].image)) as image:
                image.draft("RGB", (800, 800))
                pictures[f"slide:{part.slide}"] = image.convert("RGB")
    if brand.logo:
        pictures["logo"] = _logo(logo_at(ctx.store.path(brand.logo)), brand)
    portraits = opened(faces, ctx.store)
    ratios = {name: image.width / image.height for name, image in pictures.items()}
    ratios |= {f"face:{name}": 1.0 for name in portraits} | ({"code": 1.0} if link else {})
    return Pieces(pictures, portraits, link, ratios)


def drawn(laid: Laid, brand: Brand, art: Pieces, preset: SummaryPreset) -> Image.Image:
    """The blocks as a picture. Raises GateError where a text could not be read on its ground or leaves the picture."""
    width, height = round(laid.width), preset.height or round(laid.height)
    canvas = Canvas(Image.new("RGB", (width, height), brand.paper), brand, 1.0)
    for mark in laid.marks:
        if isinstance(mark, Fill):
            _fill(canvas, mark)
        elif isinstance(mark, Art):
            picture = art.cut(mark)
            place = round(mark.x), round(mark.y)
            mask = round_corners(*picture.size, round(mark.radius)) if mark.radius else None
            if picture.mode == "RGBA":
                mask = picture.getchannel("A")
            canvas.image.paste(picture.convert("RGB"), place, mask)
        else:
            canvas.write(mark.setting, mark.x, mark.y, mark.colour)
            if mark.x + mark.setting.width > width or mark.y + mark.setting.height > height:
                raise GateError(f"{mark.text!r} leaves the summary")
    for written in canvas.written:
        if written.contrast < READABLE:
            raise GateError(
                f"{written.setting.lines[0].text!r} has a contrast of {written.contrast:.1f} on the summary"
            )
    return canvas.image


def _fill(canvas: Canvas, mark: Fill) -> None:
    left, top = round(mark.x), round(mark.y)
    width, height = max(1, round(mark.x + mark.width) - left), max(1, round(mark.y + mark.height) - top)
    if mark.colour == "gradient":
        canvas.image.paste(ground("gradient", *canvas.brand.ground, width, height), (left, top))
        return
    colour = colour_of(mark.colour, canvas.brand)
    radius = min(round(mark.radius), width // 2, height // 2)
    mask = round_corners(width, height, radius) if radius else None
    canvas.image.paste(colour, (left, top, left + width, top + height), mask)


def _logo(logo: Image.Image, brand: Brand) -> Image.Image:
    """The logo at the height of its file; on a white plate where it would not be seen on the brand's dark ground."""
    logo = logo.resize((max(1, round(logo.width * _LOGO / logo.height)), _LOGO), Image.Resampling.LANCZOS)
    pixels = np.asarray(logo)
    seen = luminance(pixels[..., :3])[pixels[..., 3] > 128]
    if seen.size and float((apart(seen, brand.ground[0]) >= _SEEN).mean()) >= 0.8:
        return logo
    pad = _LOGO // 5
    framed = plate(logo.width + 2 * pad, logo.height + 2 * pad, pad, WHITE)
    framed.alpha_composite(logo, (pad, pad))
    return framed
