"""The review of an event as a page: one file that opens anywhere, prints on paper, and asks no network for anything."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from repurpose import presets as preset_files
from repurpose.models import Language
from repurpose.publish import charts
from repurpose.publish.wording import Wording, read_wording
from repurpose.text.clock import clock

WIDE, HIGH = 1072, 180  # of the heat, in units of its drawing
BINS = 268  # a step is 4 units


def report_html(told: Mapping[str, Any], language: Language) -> str:
    """The page, of a review as `pipeline.report` tells it, in one of our two languages."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = preset_files.assets() / "templates" / "report"
    words = read_wording(preset_files.assets() / "locales", language, "report")
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    hours = told["event"]["duration"] >= 3_600_000
    environment.filters |= {
        "clock": lambda at: clock(at, hours=hours), "many": lambda number: f"{number:,}", "percent": percent,
        "lasted": lambda ms: lasted(ms, words), "day": lambda at: day(at, words), "film": lambda path: film(path, words),
        "number": lambda value: f"{value:.1f}".removesuffix(".0"),
    }  # fmt: skip
    return environment.get_template("report.html.j2").render(
        told, say=words.say, language=language, drawn=_drawn(told), advice=advice(told["funnel"], words), reason=lambda line: reason(line, words, hours),
        style=Markup((folder / "style.css").read_text("utf-8")),  # noqa: S704 - our own file
    )  # fmt: skip


def reason(line: Mapping[str, Any], words: Wording, hours: bool, where: str | None = None) -> str:
    """What earned the points of a ledger's line, with the very seconds; or with `where` in their place."""
    rule, _, more = str(line["rule"]).partition("-")
    if where is None:
        where = words.say("list").join(f"{clock(a, hours=hours)}–{clock(b, hours=hours)}" for a, b in line["seen"][:3])
        if len(line["seen"]) > 3:
            where += words.say("and_more")
    if rule == "fit":
        return words.say("reason.fit", what=words.texts["fit"].get(more, more))
    return words.say(f"reason.{rule}", film=film(line["path"], words), percent=more, where=where).strip()


def advice(funnel: Mapping[str, Any], words: Wording) -> list[str]:
    """What to do about the shape of a funnel."""
    stuck = words.say(f"stage.{funnel['stuck']}") if funnel["stuck"] else ""
    return [line.format(stuck=stuck) for line in words.all(f"shape_do.{funnel['shape']}")]


def film(path: str, words: Wording) -> str:
    """A version as people call it: `1min-2.vertical`, and the recording by its own word."""
    name = path.rpartition("/")[2].removesuffix(".mp4")
    return words.say("replay") if name == "replay" else name


def percent(share: float) -> str:
    """A share as a percentage; to a tenth where it is small."""
    return f"{100 * share:.1f}%" if 0 < share < 0.0995 else f"{100 * share:.0f}%"


def lasted(ms: int, words: Wording) -> str:
    """How long, in hours or minutes."""
    return (
        words.say("hours", n=f"{ms / 3_600_000:.1f}") if ms >= 3_600_000 else words.say("minutes", n=round(ms / 60_000))
    )


def day(at: int, words: Wording) -> str:
    """The day of a moment."""
    return words.date(datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).date())


def heat_drawn(told: Mapping[str, Any]) -> dict[str, Any]:
    """The shapes of the heat: how often and by how many each second was watched, the chapters, the hottest places and the
    stretches that are proposed."""
    heat, length = told["heat"], max(1, told["event"]["duration"])
    plays, seen = charts.binned(heat["plays"], BINS), charts.binned(heat["seen"], BINS)
    top = max(plays, default=0)
    return {
        "wide": WIDE, "high": HIGH, "top": max(heat["plays"], default=0),
        "plays": charts.area(plays, WIDE, HIGH, top), "seen": charts.area(seen, WIDE, HIGH, top),
        "chapters": [_placed(one, length) for one in heat["chapters"]],
        "hot": [_placed(one, length) for one in heat["hot"]],
        "proposals": [_placed(one, length) for one in told["proposals"]],
    }  # fmt: skip


def _drawn(told: Mapping[str, Any]) -> dict[str, Any]:
    return heat_drawn(told) | {
        "funnel": charts.narrowing(list(told["funnel"]["counts"].values()), 420, 320),
        "tail": charts.columns(told["tail"]["days"], 1072, 140),
        "channels": _shares([one["views"] for one in told["channels"]]),
        "versions": _shares([one["watch_ms"] for one in told["versions"]]),
    }  # fmt: skip


def _placed(one: Mapping[str, Any], length: int) -> dict[str, Any]:
    left = WIDE * one["start"] / length
    return {**one, "x": round(left, 1), "width": round(max(2.0, WIDE * one["end"] / length - left), 1)}


def _shares(values: Sequence[int]) -> list[float]:
    top = max(values, default=0) or 1
    return [round(100 * value / top, 1) for value in values]
