"""The stage `posters`: every quote as a poster in every size, each composed anew, checked before it is kept."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageOps

from repurpose.context import Context
from repurpose.design.blocks import draw_block
from repurpose.design.canvas import Canvas, ground
from repurpose.design.colours import colour_of
from repurpose.design.jpeg import encoded
from repurpose.design.material import Material
from repurpose.design.portraits import opened
from repurpose.design.quotes import length_of, verbatim
from repurpose.errors import GateError, NothingFits, UserError
from repurpose.media.contrast import READABLE
from repurpose.media.masks import logo_at
from repurpose.models import Brand, Event, Picture, Pictures, Quote, Quotes, Slides, Transcript
from repurpose.models.designed import Portraits
from repurpose.presets import PosterBlock, PosterPreset, PosterSize, PostersPreset
from repurpose.store import Store
from repurpose.text.links import link_for
from repurpose.text.signs import CLOSING, OPENING, wraps_by_sign

CHANNEL = "poster"
_TEXT_LEAST = 40  # signs on a page that is worth showing


@dataclass(frozen=True)
class Drawn:
    """A poster with what the gates need to know."""

    image: Image.Image
    canvas: Canvas


def draw_posters(
    event: Event,
    brand: Brand,
    portraits: Portraits,
    slides: Slides,
    spoken: Transcript,
    quotes: Quotes,
    preset: PostersPreset,
    ctx: Context,
) -> Pictures:
    """Each of the best quotes in the template that suits it, in every size; words that were not said are refused."""
    chosen = quotes.quotes[: preset.most]
    language = "zh" if wraps_by_sign(spoken.language) else "en"
    faces = opened(portraits, ctx.store) if chosen else {}
    logo = logo_of(brand, ctx.store)
    templates = {name: preset.templates[name] for name in preset.only or sorted(preset.templates)}
    made: list[Picture] = []
    skipped: list[str] = []
    used: list[str] = []
    for number, quote in enumerate(chosen):
        if not verbatim(quote.text, quote.sentences, spoken):
            raise GateError(f"The quote {quote.text!r} is not what was said in sentences {list(quote.sentences)}.")
        link = link_for(brand, event, f"{event.name}/quote-{number + 1}", CHANNEL, quote.start)
        material = Material(
            event=event, brand=brand, quote=quote, text=as_set(quote.text), language=language, link=link,
            portrait=faces.get(quote.speaker), slide=_slide_at(quote, slides, ctx.store), logo=logo,
            font=ctx.store.path(brand.font) if brand.font else None,
        )  # fmt: skip
        options = ranked(templates, material, used)
        for size in preset.sizes:
            ctx.beat((number + len(made) / 1000) / len(chosen))
            picture, why = _first(options, size, material, preset, ctx.store)
            if picture is None:
                skipped.append(f"quote-{number + 1} {size.name}: {why}")
                continue
            made.append(picture)
        used.append(options[0].name if options else "")
    return Pictures(pictures=tuple(made), skipped=tuple(skipped))


def ranked(templates: dict[str, PosterPreset], material: Material, used: Sequence[str]) -> list[PosterPreset]:
    """The templates that fit the quote, the best first: what has just been used comes later."""
    there = {
        "portrait": material.portrait is not None,
        "slide": material.slide is not None,
        "number": material.figure is not None,
    }
    chinese = material.language == "zh"
    signs = length_of(material.text, chinese) * (1 if chinese else 2)
    able = [one for one in templates.values() if signs <= one.at_most and all(there[need] for need in one.needs)]
    return sorted(able, key=lambda one: (used.count(one.name), -one.suits, one.name))


def draw_poster(template: PosterPreset, size: PosterSize, material: Material) -> Drawn:
    """One poster. Raises NothingFits when the template has nothing for this shape, or its text does not fit."""
    canvas = canvas_for(template, size, material.brand)
    for block in filled(template.blocks(size.shape), material, footer=size.code):
        if size.code or block.kind not in ("code", "event"):
            draw_block(block, canvas, material)
    check(canvas)
    return Drawn(canvas.image, canvas)


def filled(blocks: Sequence[PosterBlock], material: Material, *, footer: bool) -> list[PosterBlock]:
    """The blocks, some in the place of what is not there: a name where there is no round portrait beside it, the logo where
    there is no `footer` with the event's name under it."""
    empty = [b.box for b in blocks if b.kind == "portrait" and b.round] if material.portrait is None else []
    feet = [block.box[3] for block in blocks if block.kind == "event"] if not footer else []
    found = []
    for block in blocks:
        left, top, right, bottom = block.box
        if block.kind == "person":
            left = min([left, *(one[0] for one in empty if one[2] <= left and one[1] < bottom and top < one[3])])
        if block.kind == "logo" and feet:
            top, bottom = max(feet) - (bottom - top), max(feet)
        found.append(block.model_copy(update={"box": (left, top, right, bottom)}))
    return found


def canvas_for(template: PosterPreset, size: PosterSize, brand: Brand) -> Canvas:
    """The template's ground, with its picture. Raises NothingFits when it has nothing for this shape."""
    if not template.blocks(size.shape):
        raise NothingFits(f"the template {template.name} has no blocks for {size.shape} pictures")
    graded = template.ground == "gradient"
    one, two = brand.ground if graded else (colour_of(template.ground, brand), "")
    image = ground("gradient" if graded else "", one, two, size.width, size.height).copy()
    if template.art:
        art = _art(template.art, size.width, size.height)
        image.paste(art, (0, 0), art if art.mode == "RGBA" else None)
    return Canvas(image, brand, min(size.width, size.height) / 1080)


def check(canvas: Canvas) -> None:
    """Raises GateError where type leaves the picture, cannot be read, or a line begins or ends as none may."""
    wide, high = canvas.image.size
    for one in canvas.written:
        for line in one.setting.lines:
            if one.x + line.x < 0 or one.x + line.runs[-1].x > wide or one.y < 0 or one.y + one.setting.height > high:
                raise GateError(f"{line.text!r} leaves the picture.")
        if one.contrast < READABLE:
            raise GateError(
                f"{one.setting.lines[0].text!r} has a contrast of {one.contrast:.1f}; {READABLE} is needed."
            )
        for line in one.setting.lines[1:]:
            if line.text[0] in CLOSING and line.text[0] != "…":
                raise GateError(f"A line begins with {line.text[0]}.")
        for line in one.setting.lines[:-1]:
            if line.text.rstrip()[-1] in OPENING:
                raise GateError(f"A line ends with {line.text.rstrip()[-1]}.")


def as_file(image: Image.Image, preset: PostersPreset) -> tuple[bytes, str]:
    """The picture as jpg of at most `at_most_bytes`, or as png; and its suffix. Raises NothingFits when it stays too large."""
    if not preset.png:
        return encoded(image, preset.quality, preset.at_most_bytes), ".jpg"
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue(), ".png"


def as_set(text: str) -> str:
    """The quote as it is set: a single Chinese sentence goes without its full stop."""
    return text[:-1] if text.endswith("。") and text.count("。") == 1 else text


def _first(
    options: Sequence[PosterPreset], size: PosterSize, material: Material, preset: PostersPreset, store: Store
) -> tuple[Picture | None, str]:
    """The poster in the first template that takes it; else why none does."""
    why = "no template takes a quote like this"
    for template in options:
        try:
            data, suffix = as_file(draw_poster(template, size, material).image, preset)
        except (NothingFits, GateError) as reason:
            why = str(reason)
            continue
        except UserError as fault:
            return None, str(fault)
        quote = material.quote
        picture = Picture(
            kind="poster" if size.code else "cover", template=template.name, size=size.name,
            image=store.put_bytes(data, suffix), width=size.width, height=size.height, language=material.language,
            start=quote.start, end=quote.end, sentences=quote.sentences, speaker=quote.speaker, text=quote.text,
            link=material.link if size.code and any(b.kind == "code" for b in template.blocks(size.shape)) else "",
            note="" if template is options[0] else f"set as {template.name}: {why}",
        )  # fmt: skip
        return picture, ""
    return None, why


def _slide_at(quote: Quote, slides: Slides, store: Store) -> Image.Image | None:
    """The page that was shown when it was said, where it has something to read."""
    page = next((page for page in slides.pages if page.start <= quote.start < page.end), None)
    if page is None or len("".join(page.text.split())) < _TEXT_LEAST:
        return None
    with Image.open(store.path(page.image), formats=("PNG", "JPEG", "WEBP")) as image:
        picture: Image.Image = image.convert("RGB")
    return picture


def logo_of(brand: Brand, store: Store) -> Image.Image | None:
    """The logo without its empty margins."""
    return logo_at(store.path(brand.logo)) if brand.logo else None


@lru_cache(maxsize=16)
def _art(art: str, width: int, height: int) -> Image.Image:
    """A template's picture, cut to the size from its middle."""
    with Image.open(io.BytesIO(base64.b64decode(art)), formats=("PNG", "JPEG", "WEBP")) as image:
        mode = "RGBA" if "A" in image.getbands() else "RGB"
        return ImageOps.fit(image.convert(mode), (width, height), Image.Resampling.LANCZOS)
