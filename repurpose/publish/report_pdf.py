"""The review of an event on paper: A4, in the order of the page, its charts drawn as lines and areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from repurpose import presets as preset_files
from repurpose.models import Language
from repurpose.publish import charts
from repurpose.publish.paper import (
    DARK,
    EDGE,
    INK,
    LINE,
    MIST,
    PAGE,
    QUIET,
    SIGNAL,
    WARM,
    WIDE,
    drawing,
    gap,
    head,
    line,
    quiet,
    table,
)
from repurpose.publish.report import advice, day, film, lasted, percent, reason
from repurpose.publish.wording import Wording, read_wording
from repurpose.text.clock import clock

BLUES = ("#2457f5", "#3f6cf6", "#5f85f8", "#809ffa", "#a3b9fc")
BINS = 256


def report_pdf(told: Mapping[str, Any], language: Language, fonts: Mapping[int, Path]) -> bytes:
    """The file, of a review as `pipeline.report` tells it; `fonts` are TrueType, by weight (400 and 700)."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    for weight, path in fonts.items():
        pdfmetrics.registerFont(TTFont(f"report-{weight}", str(path)))
    words = read_wording(preset_files.assets() / "locales", language, "report")
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=PAGE, title=f"{told['event']['title']} · {words.say('kicker')}", creator="Repurpose", invariant=1
    )  # fmt: skip
    frame = Frame(EDGE, EDGE, WIDE, PAGE[1] - 2 * EDGE, 0, 0, 0, 0)

    def footer(canvas: Any, page: Any) -> None:
        canvas.setFont("report-400", 8)
        canvas.setFillColor(QUIET)
        canvas.drawString(EDGE, 22, told["event"]["title"][:60])
        canvas.drawRightString(PAGE[0] - EDGE, 22, str(page.page))

    document.addPageTemplates([PageTemplate(frames=[frame], onPage=footer)])
    document.build(_story(told, words))
    return out.getvalue()


def _story(told: Mapping[str, Any], words: Wording) -> list[Any]:
    from reportlab.platypus import KeepTogether

    say, hours = words.say, told["event"]["duration"] >= 3_600_000
    story: list[Any] = [_cover(told, words), gap(20), head(say("funnel.title")), _funnel(told, words)]
    star = told["north_star"]
    numbers = "　".join(f"{number:,} {say(f'star.{name}')}" for name, number in star["numbers"])
    story += [head(f"{say('star.title')} · {say('star.' + star['maturity'])}"), line(numbers, 13, bold=True)]
    story.append(quiet(say(f"star.why_{star['maturity']}")))
    heat = told["heat"]
    if any(heat["plays"]):
        story.append(KeepTogether([head(say("heat.title")), quiet(say("heat.about")), gap(4), _heat(told)]))
        rows = [
            [f"{clock(one['start'], hours=hours)}–{clock(one['end'], hours=hours)}", one["text"], say("heat.times", n=round(one["plays"]))]
            for one in heat["hot"]
        ]  # fmt: skip
        story += [gap(6), table(rows, (72, WIDE - 172, 100))]
    else:
        story += [head(say("heat.title")), quiet(say("heat.nothing"))]
    if told["proposals"]:
        story.append(head(say("proposal.title")))
    for one in told["proposals"]:
        at = {name: clock(one[name], hours=hours) for name in ("hot_start", "hot_end", "start", "end")}
        story += [
            line(say("proposal.line", from_=at["hot_start"], to=at["hot_end"], times=f"{one['times']:g}", cut=one["cut"]), 11, bold=True),
            quiet(f"{one['text']} {say('proposal.how', start=at['start'], end=at['end'])}"), gap(4),
        ]  # fmt: skip
    story.append(head(say("leads.title")))
    story.append(
        quiet(
            say("leads.about", n=told["lead_count"], shown=len(told["leads"])) if told["leads"] else say("leads.nobody")
        )
    )
    story += _leads(told["leads"], words, hours)
    if told["versions"]:
        heads = [say(f"versions.{name}") for name in ("name", "views", "viewers", "watch", "half", "whole")]
        rows = [
            [film(one["path"], words), f"{one['views']:,}", f"{one['viewers']:,}", lasted(one["watch_ms"], words),
             *(percent(one[part] / one["views"]) if one["views"] else "–" for part in ("halves", "completes"))]
            for one in told["versions"]
        ]  # fmt: skip
        story += [head(say("versions.title")), table([heads, *rows], (WIDE - 325, *[65] * 5), headed=True)]
    if told["channels"]:
        heads = [say(f"channels.{name}") for name in ("name", "views", "viewers", "leads", "watch")]
        rows = [
            [say("channels.site") if one["channel"] in ("", "site") else one["channel"], f"{one['views']:,}", f"{one['viewers']:,}",
             f"{one['leads']:,}", lasted(one["watch_ms"], words)]
            for one in told["channels"]
        ]  # fmt: skip
        story += [head(say("channels.title")), table([heads, *rows], (WIDE - 260, *[65] * 4), headed=True)]
    credit = told["attribution"]
    if credit["conversions"]:
        story += [head(say("credit.title")), quiet(say("credit.about", n=credit["conversions"]))]
        for way in ("cut", "channel", "asset", "owner"):
            if credit[way]:
                heads = [say(f"credit.{way}"), *(say(f"credit.{name}") for name in ("first", "last", "linear"))]
                rows = [
                    [film(one["key"], words), *(f"{one[name]:.1f}".removesuffix(".0") for name in ("first", "last", "linear"))]
                    for one in credit[way][:8]
                ]  # fmt: skip
                story += [table([heads, *rows], (WIDE - 195, 65, 65, 65), headed=True), gap(8)]
    if told["watched"]["views"]:
        tail = told["tail"]
        late = f"{say('tail.late', percent=percent(tail['late']))} · {say('tail.half', n=tail['half_after'] + 1)}"
        story.append(KeepTogether([head(say("tail.title")), quiet(late), _tail(tail["days"])]))
    return [*story, gap(16), quiet(say("made", day=day(told["event"]["now"], words)))]


def _cover(told: Mapping[str, Any], words: Wording) -> Any:
    """The dark ground with the title and the five numbers."""
    watched, say = told["watched"], words.say
    facts = [
        (f"{watched['viewers']:,}", say("key.viewers")), (f"{watched['views']:,}", say("key.views")),
        (lasted(watched["watch_ms"], words), say("key.watch")), (f"{watched['completes']:,}", say("key.completes")),
        (f"{told['lead_count']:,}", say("key.leads")),
    ]  # fmt: skip
    title = line(told["event"]["title"], 25, bold=True, colour="#f5f7fc")
    _, high = title.wrap(WIDE - 48, 400)
    whole = high + 158

    def draw(canvas: Any) -> None:
        canvas.setFillColor(DARK)
        canvas.roundRect(0, 0, WIDE, whole, 12, stroke=0, fill=1)
        canvas.setFillColor(SIGNAL)
        canvas.roundRect(24, whole - 38, 26, 4, 2, stroke=0, fill=1)
        canvas.setFillColor("#b9c3d9")
        canvas.setFont("report-400", 11)
        canvas.drawString(60, whole - 40, f"{say('kicker')} · {say('day_number', n=told['event']['day'])}")
        title.drawOn(canvas, 24, whole - 60 - high)
        for at, (number, name) in enumerate(facts):
            x = 24 + at * (WIDE - 48) / 5
            canvas.setFillColor("#f5f7fc")
            canvas.setFont("report-700", 16)
            canvas.drawString(x, 46, number)
            canvas.setFillColor("#b9c3d9")
            canvas.setFont("report-400", 9)
            canvas.drawString(x, 28, name)

    return drawing(whole, draw)


def _funnel(told: Mapping[str, Any], words: Wording) -> Any:
    """The bands at the left, at the right the shape, what to do, and the rates."""
    from reportlab.platypus import Table, TableStyle

    funnel, say = told["funnel"], words.say
    counts = list(funnel["counts"].items())
    bands = charts.narrowing([count for _, count in counts], 130, 190)

    def draw(canvas: Any) -> None:
        for at, (band, (name, count)) in enumerate(zip(bands, counts, strict=True)):
            corners = [tuple(map(float, corner.split(","))) for corner in band.split()]
            path = canvas.beginPath()
            path.moveTo(56 + corners[0][0], 190 - corners[0][1])
            for x, y in corners[1:]:
                path.lineTo(56 + x, 190 - y)
            path.close()
            canvas.setFillColor(BLUES[at] if count else LINE)
            canvas.drawPath(path, stroke=0, fill=1)
            canvas.setFillColor(INK)
            canvas.setFont("report-700", 14)
            canvas.drawString(0, 190 - at * 38 - 16, f"{count:,}")
            canvas.setFillColor(QUIET)
            canvas.setFont("report-400", 8)
            canvas.drawString(0, 190 - at * 38 - 27, say(f"stage.{name}"))

    stuck = say(f"stage.{funnel['stuck']}") if funnel["stuck"] else ""
    told_of = [
        line(say(f"shape.{funnel['shape']}"), 17, bold=True),
        line(say(f"shape_why.{funnel['shape']}", stuck=stuck), 10),
    ]
    told_of += [line(f"{number}. {what}", 9.5) for number, what in enumerate(advice(funnel, words), 1)]
    rates = []
    for rate in funnel["rates"]:
        name = say("funnel.rate", before=say(f"stage.{rate['before']}"), after=say(f"stage.{rate['after']}"))
        if not rate["known"]:
            rates.append([name, "", say("funnel.unknown")])
            continue
        beside = say("funnel.usual", percent=percent(rate["usual"]))
        if rate["of"]:
            beside += f" · {say('funnel.interval', low=percent(rate['low']), high=percent(rate['high']))}"
        if rate["few"]:
            beside += f" · {say('funnel.few')}"
        rates.append([name, percent(rate["share"]) if rate["of"] else "–", beside])
    right = [*told_of, gap(8), table(rates, (86, 38, WIDE - 210 - 124), middle=True)]
    if told["won_amount"]:
        right.append(line(say("funnel.amount", amount=f"{told['won_amount'] / 100:,.0f}"), 10, bold=True))
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return Table([[drawing(192, draw, 200), right]], colWidths=(210, WIDE - 210), style=style)


def _heat(told: Mapping[str, Any]) -> Any:
    heat, length, high = told["heat"], max(1, told["event"]["duration"]), 92.0
    plays, seen = charts.binned(heat["plays"], BINS), charts.binned(heat["seen"], BINS)
    top, step = max(plays) or 1, WIDE / len(plays)

    def draw(canvas: Any) -> None:
        for values, colour in ((plays, WARM), (seen, SIGNAL)):
            path = canvas.beginPath()
            path.moveTo(0, 34)
            for at, value in enumerate(values):
                path.lineTo(at * step, 34 + high * value / top)
                path.lineTo((at + 1) * step, 34 + high * value / top)
            path.lineTo(WIDE, 34)
            path.close()
            canvas.setFillColor(colour)
            canvas.drawPath(path, stroke=0, fill=1)
        canvas.setFillColor(INK)
        for one in heat["hot"]:
            canvas.rect(
                WIDE * one["start"] / length,
                27,
                max(1.5, WIDE * (one["end"] - one["start"]) / length),
                3,
                stroke=0,
                fill=1,
            )
        for number, one in enumerate(heat["chapters"]):
            x, width = WIDE * one["start"] / length, WIDE * (one["end"] - one["start"]) / length
            canvas.setFillColor("#dfe5f0" if number % 2 else MIST)
            canvas.rect(x, 0, width, 22, stroke=0, fill=1)
            canvas.saveState()
            clip = canvas.beginPath()
            clip.rect(x, 0, max(0.0, width - 3), 22)
            canvas.clipPath(clip, stroke=0, fill=0)
            canvas.setFillColor(QUIET)
            canvas.setFont("report-400", 7)
            canvas.drawString(x + 4, 8, one["title"])
            canvas.restoreState()

    return drawing(high + 36, draw)


def _tail(days: Sequence[int]) -> Any:
    def draw(canvas: Any) -> None:
        canvas.setFillColor(SIGNAL)
        for x, _, width, high in charts.columns(days, WIDE, 70):
            canvas.rect(x, 14, width, high, stroke=0, fill=1)
        canvas.setFillColor(QUIET)
        canvas.setFont("report-400", 7)
        for at in range(0, len(days), 7):
            canvas.drawString(at * WIDE / len(days), 3, str(at + 1))

    return drawing(86, draw)


def _leads(leads: Sequence[Mapping[str, Any]], words: Wording, hours: bool) -> list[Any]:
    """Two cards beside each other."""
    from reportlab.platypus import Table, TableStyle

    wide = (WIDE - 20) / 2
    cards: list[Any] = [_lead(lead, words, hours, wide) for lead in leads]
    style = TableStyle([
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (0, 0), 20),
        ("RIGHTPADDING", (1, 0), (1, 0), 0), ("TOPPADDING", (0, 0), (-1, -1), 8), ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
    ])  # fmt: skip
    return [
        Table([[cards[at], cards[at + 1] if at + 1 < len(cards) else ""]], colWidths=(wide + 20, wide), style=style)
        for at in range(0, len(cards), 2)
    ]


def _lead(lead: Mapping[str, Any], words: Wording, hours: bool, wide: float) -> list[Any]:
    who = " · ".join(filter(None, (lead["company"], lead["title"]))) or lead["id"]
    tags = f"{words.say('stage.' + lead['stage'])} · {words.say('leads.rfe', **lead['rfe'])}"
    score = f"{lead['score']:.1f}".removesuffix(".0")
    rows = [[reason(one, words, hours), f"+{one['points']:.1f}".removesuffix(".0")] for one in lead["reasons"]]
    return [
        table([[lead["name"] or words.say("leads.unnamed"), score]], (wide - 50, 50), bold=True),
        quiet(f"{who} · {tags}"), *([table(rows, (wide - 36, 36))] if rows else []),
    ]  # fmt: skip
