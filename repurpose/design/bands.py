"""The bands of a one-picture summary, as blocks. Pure: what stands where is decided here, drawn elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from repurpose.design.flow import Bar, Block, Column, Grid, Image, Number, Row, Text, Timeline
from repurpose.design.laid import GIVEN, LABEL, Cite
from repurpose.models import Event, Quote, Transcript
from repurpose.models.designed import Figure, Part, Point, Points
from repurpose.presets.summaries import SummaryPreset, SummaryWords
from repurpose.text.clock import clock

CARD, PICTURE = 28, 20  # radii
_FACE = 88
_SLIDE = 300
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


@dataclass(frozen=True)
class Content:
    """What a summary is made of."""

    event: Event
    spoken: Transcript
    points: Points
    quotes: Sequence[Quote]
    language: str  # "zh" or "en": what the labels are written in
    words: SummaryWords
    link: str = ""
    cta: str = ""
    code: int = 220  # pixels of the code
    logo: float = 0.0  # width through height; 0: none
    slides: Mapping[int, float] = field(default_factory=dict)  # page -> its width through height
    faces: Sequence[str] = ()  # guests whose portrait there is


def header(content: Content, preset: SummaryPreset) -> Block:
    """Name, thesis, date and guests on the brand's dark ground."""
    event = content.event
    small = preset.height > 0
    tag: list[Block] = [Text(content.words.tag, (28,), "quiet", LABEL, 600, single=True)]
    shares = [1.0]
    if content.logo:
        wide = min(320.0, 44 * content.logo)
        tag.append(Image("logo", content.logo, wide))
        shares.append(max(2.0, wide))
    blocks: list[Block] = [
        Row(tuple(tag), tuple(shares), 24, "middle"),
        Text(event.title or event.name, preset.title, "on_dark", GIVEN, 800),
    ]
    if content.points.thesis is not None:
        thesis = content.points.thesis
        said = Column((
            Text(_closed(thesis.text, content.language), preset.thesis, "on_dark", said_in(thesis), 600),
            by(thesis, content.spoken, "quiet"),
        ), 18)  # fmt: skip
        blocks.append(Row((Bar(6 + preset.thesis[0], "signal", 8, 4), said), (8, 1.0), 24))
    if event.speakers and not small:
        blocks.append(Bar(2, "#2E3A57"))
    blocks += _guests(content, small)
    pad = (56, preset.margin, 56, preset.margin) if not small else (44, preset.margin, 40, preset.margin)
    return Column(tuple(blocks), 44 if not small else 26, pad, "gradient", whole=False)


def figures(content: Content, preset: SummaryPreset) -> Block | None:
    """The numbers on cards."""
    chosen = list(content.points.figures[: preset.figures])  # the most telling, shown in the order they were said
    if len(chosen) < min(2, preset.figures):
        return None
    if len(chosen) % preset.columns and len(chosen) > preset.columns:
        chosen = chosen[: len(chosen) // preset.columns * preset.columns]
    chosen.sort(key=lambda figure: figure.point.at)
    columns = min(preset.columns, len(chosen))
    small = preset.height > 0
    cards = [_card(figure, content, preset) for figure in chosen]
    grid = Grid(tuple(cards), columns, 16 if small else 24)
    return grid if small else Column((*_heading(content.words.figures, False), grid), 36)


def chapters(content: Content, preset: SummaryPreset) -> Block | None:
    """The chapters along a line of time, each with its points and its page; on a single page the points alone."""
    parts = content.points.parts[: preset.parts]
    if not parts:
        return None
    if preset.height:
        rows = tuple(
            _point(part.points[0], content, (32, 30, 28), 600) for part in _spread(content.points.parts, preset.parts)
        )
        return Column((*_heading(content.words.chapters, True), Column(rows, 24)), 24)
    entries = tuple(_part(part, content, preset) for part in parts)
    line = Timeline(entries, 56, 52, "signal", "line", 20, 34)
    return Column((*_heading(content.words.chapters, False), line), 44)


def quotes(content: Content, preset: SummaryPreset) -> Block | None:
    """Quotes on cards, word for word."""
    if not content.quotes or not preset.quotes:
        return None
    small = preset.height > 0
    cards = tuple(_quote(quote, content, preset) for quote in content.quotes[: preset.quotes])
    heading = () if small else _heading(content.words.quotes, False)
    return Column((*heading, Column(cards, 24)), 36)


def footer(content: Content, preset: SummaryPreset) -> Block:
    """What there is to get, and the code, on the dark ground."""
    event, small = content.event, preset.height > 0
    told: list[Block] = []
    if content.cta:
        told.append(Text(content.words.resources, (26,), "quiet", LABEL, 600, single=True))
        told.append(Text(content.cta, (32, 28, 26) if small else (40, 36, 32), "on_dark", GIVEN, 600))
    else:
        told.append(Text(event.title or event.name, (32, 28), "on_dark", GIVEN, 600))
    date = dated(event.date, content.language) if event.date else ""
    if date and not small:
        told.append(Text(date, (26,), "quiet", GIVEN, single=True))
    left = Column(tuple(told), 16)
    pad = (56, preset.margin, 64, preset.margin) if not small else (32, preset.margin, 32, preset.margin)
    if not content.link:
        return Column((left,), 0, pad, "gradient", whole=False)
    plate = Image("code", 1.0, content.code, 12)
    code = Column((plate, Text(content.words.scan, (26, 24), "quiet", LABEL, 400, align="centre", single=True)), 12)
    return Column((Row((left, code), (1.0, float(content.code)), 48, "middle"),), 0, pad, "gradient", whole=False)


def said_in(point: Point) -> Cite:
    """The sentences a point cites."""
    return Cite("said", point.sentences, point.speaker)


def by(point: Point, spoken: Transcript, colour: str, size: int = 26) -> Text:
    """Who said it, and when."""
    at = clock(spoken.sentences[point.sentences[0]].start)
    return Text(f"{point.speaker} {at}".strip(), (size, 24), colour, said_in(point), single=True)


def dated(day: datetime.date, language: str) -> str:
    """The day as it is written in the language."""
    return (
        f"{day.year}年{day.month}月{day.day}日"
        if language == "zh"
        else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    )


def _heading(text: str, small: bool) -> tuple[Block, ...]:
    size = 34 if small else 44
    return (
        Row(
            (Bar(size * 0.8, "signal", 8, 4), Text(text, (size,), "ink", LABEL, 800, single=True)),
            (8, 1.0),
            18,
            "middle",
        ),
    )


def _guests(content: Content, small: bool) -> list[Block]:
    """Date and guests: with their portraits, or in a line on a single page."""
    event, day = content.event, dated(content.event.date, content.language) if content.event.date else ""
    if small:
        apart = "、" if content.language == "zh" else ", "
        line = " · ".join(part for part in (day, apart.join(who.name for who in event.speakers)) if part)
        return [Text(line, (26, 24), "quiet", GIVEN, single=True)] if line else []
    rows: list[Block] = [Text(day, (28,), "quiet", GIVEN, single=True)] if day else []
    cells: list[Block] = []
    many = min(6, len(event.speakers))
    columns = 3 if many == 3 else min(2, many)
    for who in event.speakers[:6]:
        told = (" " if content.language == "zh" else ", ").join(part for part in (who.company, who.title) if part)
        if many == 3:  # narrow
            told = ""
        lines: list[Block] = [Text(who.name, (32, 28, 26), "on_dark", GIVEN, 600, single=True)]
        if told:
            lines.append(Text(told, (26, 24), "quiet", GIVEN, leading=1.3))
        elif many == 3:
            lines += [Text(part, (24,), "quiet", GIVEN, leading=1.3) for part in (who.company, who.title) if part]
        names = Column(tuple(lines), 8)
        if who.name in content.faces:
            cells.append(Row((Image(f"face:{who.name}", 1.0, _FACE, _FACE / 2), names), (_FACE, 1.0), 20, "middle"))
        else:
            cells.append(names)
    if cells:
        rows.append(Grid(tuple(cells), max(1, columns), 28))
    return [Column(tuple(rows), 28)] if rows else []


def _card(figure: Figure, content: Content, preset: SummaryPreset) -> Block:
    small, narrow = preset.height > 0, preset.columns > 2
    point = figure.point
    cite = said_in(point)
    blocks = (
        Number(figure.number, figure.unit, preset.number, "signal", cite),
        Text(point.text, (26, 24) if small else (30, 28), "ink", cite, leading=1.45),
        by(point, content.spoken, "#4A5670", 24),
    )
    pad = (24, 22, 28, 22) if small or narrow else (32, 32, 36, 32)
    return Column(blocks, 18 if small else 24, pad, "mist", CARD)


def _part(part: Part, content: Content, preset: SummaryPreset) -> Block:
    """A chapter: its time, its headline, its points; its page to the right."""
    cited = tuple(sorted({at for point in part.points for at in point.sentences}))
    chapter = Cite("said", cited)
    blocks: list[Block] = [
        Text(clock(part.start), (26,), "signal", LABEL, 600, single=True),
        Text(part.title, (40, 36, 34), "ink", chapter, 800),
        *(_point(point, content, (30, 28), 400) for point in part.points[: preset.points]),
    ]
    told = Column(tuple(blocks), 22)
    ratio = content.slides.get(part.slide) if part.slide is not None and preset.slides else None
    if not ratio:
        return told
    frame = Column((Image(f"slide:{part.slide}", ratio, radius=12),), 0, (2, 2, 2, 2), "line", 14)
    page = Column((frame,), 0, (46, 0, 0, 0))
    return Row((told, page), (1.0, _SLIDE), 36)


def _point(point: Point, content: Content, sizes: tuple[int, ...], weight: int) -> Block:
    """A point behind its time."""
    at = clock(content.spoken.sentences[point.sentences[0]].start)
    cite = said_in(point)
    time = Column((Text(at, (24,), "#4A5670", cite, single=True),), 0, (sizes[0] * 0.12, 0, 0, 0))
    return Row((time, Text(point.text, sizes, "ink", cite, weight, leading=1.45)), (92, 1.0), 8)


def _spread(parts: Sequence[Part], most: int) -> list[Part]:
    """So many of the parts, from the first to the last."""
    if len(parts) <= most:
        return list(parts)
    return [parts[round(number * (len(parts) - 1) / max(1, most - 1))] for number in range(most)]


def _quote(quote: Quote, content: Content, preset: SummaryPreset) -> Block:
    small = preset.height > 0
    cite = Cite("said", quote.sentences, quote.speaker)
    at = clock(content.spoken.sentences[quote.sentences[0]].start)
    leading = 1.42 if content.language == "zh" else 1.3
    text = Text(quote.text, preset.quote, "ink", cite, 600, leading)
    who: list[Block] = [Text(f"{quote.speaker} {at}", (28, 26), "ink", cite, 600, single=True)]
    if quote.title and not small:
        who.append(Text(quote.title, (26, 24), "#4A5670", GIVEN, single=True))
    names: Block = Column(tuple(who), 8)
    if quote.speaker in content.faces and not small:
        names = Row((Image(f"face:{quote.speaker}", 1.0, 72, 36), names), (72, 1.0), 18, "middle")
    bar = Bar(8, "warm", 56, 4)
    pad = (36, 40, 36, 40) if not small else (26, 32, 26, 32)
    return Column((bar, text, names), 28 if not small else 18, pad, "mist", CARD)


def _closed(text: str, language: str) -> str:
    """A sentence with its stop, where it has none."""
    stop = "。" if language == "zh" else "."
    return text if text[-1:] in "。.！!？?…" else text + stop
