"""Templates -> the console's pages, with the words of the console and of the review."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from repurpose import presets
from repurpose.models import Language
from repurpose.publish import report
from repurpose.publish.markup import phrased
from repurpose.publish.wording import Wording, read_wording
from repurpose.text.clock import clock
from repurpose.web.site import words as site_words
from repurpose.web.site.words import TONGUES, Tongue

if TYPE_CHECKING:
    from jinja2 import Environment

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def page(name: str, tongue: Tongue, about: Mapping[str, Any]) -> str:
    """The template `name` in a language, with what it speaks `about`."""
    return _environment(tongue).get_template(name).render(about, tongue=tongue, tongues=TONGUES)


@cache
def wording(tongue: Tongue) -> Wording:
    """The words of the console; those of the review stand under `report`."""
    language: Language = "zh" if tongue.code == "zh" else "en"
    folder = presets.assets() / "locales"
    own = read_wording(folder, language, "console")
    return Wording(language, {**own.texts, "report": read_wording(folder, language, "report").texts})


def review(tongue: Tongue) -> Wording:
    """The words of the review alone, as its functions take them."""
    words = wording(tongue)
    return Wording(words.language, words.texts["report"])


@cache
def _environment(tongue: Tongue) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(presets.assets() / "templates" / "console"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    words = wording(tongue)
    environment.filters |= {
        "phrased": phrased, "clock": lambda at: clock(at), "many": lambda number: f"{number:,}", "percent": report.percent,
        "lasted": lambda ms: report.lasted(ms, review(tongue)), "film": lambda path: film(path, words),
        "number": lambda value: f"{value:.1f}".removesuffix(".0"), "length_of": lambda name: length(name, words), "drawn": lambda name: drawn(name, words),
        "channel": lambda name: channel(name, words),
        "date": lambda text: _date(text, tongue), "ago": lambda at, now: ago(at, now, words), "bare": site_words.bare,
        "stage_name": lambda name: words.texts["step"].get(name, name), "day": lambda at: report.day(at, review(tongue)),
    }  # fmt: skip
    environment.globals |= {
        "say": words.say, "stage_words": words.texts["step"], "advice": lambda funnel: report.advice(funnel, review(tongue)),
        "reason": lambda line: reason(line, tongue), "once": lambda: secrets.token_hex(16),
    }  # fmt: skip
    return environment


def reason(line: Mapping[str, Any], tongue: Tongue) -> tuple[str, str]:
    """What earned the points of a ledger's line, in words: before its seconds, and after them."""
    told = {**line, "path": film(line["path"], wording(tongue))}
    before, _, after = report.reason(told, review(tongue), False, "\0").partition("\0")
    return before, after


def film(path: str, words: Wording) -> str:
    """A version as people call it: `1 分钟 · 2 · 竖版`, and the recording by its own word."""
    name = path.rpartition("/")[2].removesuffix(".mp4")
    if name in ("replay", ""):
        return words.say("report.replay")
    take, _, render = name.partition(".")
    cut, _, number = take.partition("-")
    return " · ".join(filter(None, (length(cut, words) + (f" {number}" if number else ""), drawn(render, words))))


@cache
def _shipped() -> presets.Presets:
    """Our presets, read once: a page asks for the names of many."""
    return presets.load()


def drawn(render: str, words: Wording) -> str:
    """A form that a version is drawn in, as people call it."""
    known = _shipped().render.get(render)
    return ((known.label if words.language == "zh" else known.label_en) if known else "") or render


def channel(name: str, words: Wording) -> str:
    """A channel as people call it."""
    known = _shipped().channels.items.get(name)
    own = words.texts["compare"]["channels"].get(name, name)
    return ((known.label if words.language == "zh" else known.label_en) if known else "") or str(own)


def length(cut: str, words: Wording) -> str:
    """`1min` as a length in words; a cut of another name by its name."""
    found = re.fullmatch(r"(\d+)(min|s|h)", cut)
    return words.say(f"unit.{found[2]}", n=found[1]) if found else cut


def ago(at: int, now: int, words: Wording) -> str:
    """How long ago that was."""
    passed = max(0, now - at)
    for step, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if passed >= step:
            number = passed // step
            return words.say(f"ago.{name}" if number != 1 else f"ago.{name}_one", n=number)
    return words.say("ago.now")


def _date(text: str, tongue: Tongue) -> str:
    return site_words.day(datetime.date.fromisoformat(text), tongue) if text else ""
