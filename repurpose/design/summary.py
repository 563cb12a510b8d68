"""The stage `summary`: the event on one picture, as a long one that is sliced where nothing is cut, and as a single page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PIL import Image

from repurpose.context import Context
from repurpose.design import bands
from repurpose.design.art import Pieces, drawn, pieces_for
from repurpose.design.bands import Content
from repurpose.design.claims import alike
from repurpose.design.flow import Block, Column, Desk
from repurpose.design.jpeg import encoded
from repurpose.design.laid import Laid, Mark, Type, cuts
from repurpose.errors import GateError, NothingFits
from repurpose.media.qr import side_from
from repurpose.models import Brand, Event, Quote, Quotes, Slides, Transcript
from repurpose.models.designed import Picture, Pictures, Points, Portraits
from repurpose.presets.summaries import SummariesPreset, SummaryPreset, SummaryWords
from repurpose.text.links import link_for
from repurpose.text.signs import wraps_by_sign

_LONG = 2  # the long picture in one file may be so many times as large as a slice
_CLOSER = 0.7  # slices that are too large in bytes are cut so much lower


def draw_summary(
    event: Event, brand: Brand, portraits: Portraits, slides: Slides, spoken: Transcript, points: Points, quotes: Quotes,
    preset: SummariesPreset, ctx: Context,
) -> Pictures:  # fmt: skip
    """Every summary of `presets/summaries/`: the whole picture, and its slices in order where it is a long one.

    Nothing is drawn of an event of which nothing can be said.
    """
    if not points.parts and points.thesis is None:
        return Pictures(skipped=("summary: nothing was said that a summary could show",))
    link = link_for(brand, event, "summary", "")
    language = language_for(event, spoken)
    art = pieces_for(brand, portraits, slides, points, link, ctx)
    pictures: list[Picture] = []
    skipped: list[str] = []
    for number, each in enumerate(preset.items.values()):
        ctx.beat(0.4 + 0.6 * number / len(preset.items))
        content = content_of(event, spoken, points, quotes.quotes, brand, language, each, link, art)
        desk = Desk(language, ctx.store.path(brand.font) if brand.font else None, kept(event))
        try:
            laid = composed(content, each, desk)
            whole = drawn(laid, brand, art, each)
            pictures += _stored(whole, laid, content, each, ctx)
        except (NothingFits, GateError) as reason:  # the others may still be made, and so may all that is not a summary
            skipped.append(f"{each.name}: {reason}")
    return Pictures(pictures=tuple(pictures), skipped=tuple(skipped))


def language_for(event: Event, spoken: Transcript) -> str:
    """The language the labels are written in: that of the event, else of the speech."""
    return "zh" if wraps_by_sign(spoken.language or event.language or "zh") else "en"


def kept(event: Event) -> tuple[str, ...]:
    """Names and terms that no line may part."""
    return (*event.terms, *(who.name for who in event.speakers))


def content_of(
    event: Event, spoken: Transcript, points: Points, quotes: Sequence[Quote], brand: Brand, language: str,
    preset: SummaryPreset, link: str, art: Pieces,
) -> Content:  # fmt: skip
    """What stands on the picture; a quote that says what the thesis says already gives way to the next."""
    thesis = points.thesis.text if points.thesis else ""
    fresh = [quote for quote in quotes if not thesis or alike(quote.text, thesis) < 0.7]
    return Content(
        event=event,
        spoken=spoken,
        points=points,
        quotes=fresh or list(quotes),
        language=language,
        words=preset.words.get(language, SummaryWords.model_validate({})),
        link=link,
        code=side_from(link, preset.code) if link else preset.code,
        cta=event.cta.text or brand.cta,
        logo=art.ratios.get("logo", 0.0),
        slides={int(name[6:]): ratio for name, ratio in art.ratios.items() if name.startswith("slide:")},
        faces=tuple(name[5:] for name in art.ratios if name.startswith("face:")),
    )


def composed(content: Content, preset: SummaryPreset, desk: Desk) -> Laid:
    """The picture at its width; a single page at exactly its height, with less on it where more does not fit.

    Raises NothingFits when a page does not even hold the least.
    """
    if not preset.height:
        return _whole(content, preset, desk)
    for lighter in _lighter(preset):
        laid = _whole(content, lighter, desk)
        if laid.height <= preset.height + 0.5:
            return laid
    raise NothingFits(f"the summary does not fit on a page of {preset.width}x{preset.height}, not even its least")


def _whole(content: Content, preset: SummaryPreset, desk: Desk) -> Laid:
    makers: Mapping[str, Block | None] = {
        "header": bands.header(content, preset),
        "figures": bands.figures(content, preset),
        "chapters": bands.chapters(content, preset),
        "quotes": bands.quotes(content, preset),
        "footer": bands.footer(content, preset),
    }
    order = [name for name in preset.bands if makers[name] is not None]
    inside = [block for name in order if name not in ("header", "footer") and (block := makers[name])]
    pad = preset.gap if not preset.height else 36
    body = Column(tuple(inside), preset.gap, (pad, preset.margin, pad, preset.margin))
    ends = {name: block for name in ("header", "footer") if name in order and (block := makers[name])}
    used = sum(block.lay(preset.width, desk).height for block in ends.values())
    middle = body.lay(preset.width, desk)
    if inside and (spare := preset.height - used - middle.height) > 0:  # a page: evenly above, below and between
        share = spare / (len(inside) + 1)
        edges = (pad + share, preset.margin, pad + share, preset.margin)
        middle = Column(tuple(inside), preset.gap + share, edges).lay(preset.width, desk)
    marks: list[Mark] = []
    y = 0.0
    for name in ("header", "body", "footer"):
        laid = middle if name == "body" else ends[name].lay(preset.width, desk) if name in ends else None
        if laid is not None:
            marks += laid.at(0, y)
            y += laid.height
    return Laid(preset.width, y, tuple(marks))


def _lighter(preset: SummaryPreset) -> list[SummaryPreset]:
    """The page with less and less on it: closer, in smaller type, a point fewer, without the quote, without the numbers."""
    closer = preset.model_copy(update={"gap": max(20, preset.gap // 2)})
    smaller = closer.model_copy(
        update={"title": preset.title[2:] or preset.title, "quote": preset.quote[1:] or preset.quote, "code": 160}
    )
    fewer = smaller.model_copy(update={"parts": max(1, preset.parts - 1)})
    unquoted = smaller.model_copy(update={"quotes": 0})
    bare = fewer.model_copy(update={"quotes": 0, "figures": 0, "parts": 1})
    return [preset, closer, smaller, fewer, unquoted, bare]


def _stored(whole: Image.Image, laid: Laid, content: Content, preset: SummaryPreset, ctx: Context) -> list[Picture]:
    """The picture as files in the store: whole, and in slices where it is a long one."""
    cited = sorted({at for mark in laid.marks if isinstance(mark, Type) for at in mark.cite.sentences})
    data = encoded(whole, preset.quality, preset.at_most_bytes * (1 if preset.height else _LONG))
    picture = Picture(
        kind="summary",
        template=preset.name,
        size=f"{whole.width}x{whole.height}",
        image=ctx.store.put_bytes(data, ".jpg"),
        width=whole.width,
        height=whole.height,
        language=content.language,
        sentences=tuple(cited),
        link=content.link,
    )
    if preset.height:
        return [picture]
    slices = _slices(whole, laid, preset)
    return [
        picture,
        *(
            picture.model_copy(
                update={
                    "kind": "slice",
                    "size": f"{whole.width}x{high}",
                    "image": ctx.store.put_bytes(part, ".jpg"),
                    "height": high,
                    "note": f"{number}/{len(slices)}",
                }
            )
            for number, (part, high) in enumerate(slices, 1)
        ),
    ]


def _slices(whole: Image.Image, laid: Laid, preset: SummaryPreset) -> list[tuple[bytes, int]]:
    """The slices as jpg, with their heights; cut lower where one would be too many bytes."""
    piece = float(preset.piece)
    while True:
        edges = [0, *cuts(laid, piece), whole.height]
        parts = [whole.crop((0, top, whole.width, bottom)) for top, bottom in pairwise(edges)]
        try:
            return [(encoded(part, preset.quality, preset.at_most_bytes), part.height) for part in parts]
        except NothingFits:
            if piece < 400:
                raise
            piece *= _CLOSER
