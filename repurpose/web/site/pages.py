"""Templates -> pages: the one place that holds Jinja, its filters and its words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from repurpose import presets
from repurpose.models import Ms
from repurpose.publish.markup import inline, phrased
from repurpose.text.clock import clock
from repurpose.web.site import curve, words
from repurpose.web.site.sections import File
from repurpose.web.site.words import TONGUES, Tongue

if TYPE_CHECKING:
    from jinja2 import Environment

NAMES = {
    "zh": "中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
}


def page(name: str, tongue: Tongue, about: Mapping[str, Any]) -> str:
    """The template `name` in a language, with what it speaks `about`."""
    return _environment(tongue).get_template(name).render(tongue=tongue, tongues=TONGUES, curve=curve, **about)


@cache
def _environment(tongue: Tongue) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(presets.assets() / "templates" / "site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = words.catalogue(tongue)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    say = catalogue.gettext
    names = presets.load()

    def unit(short: str) -> str:
        return {"min": say("min"), "s": say("s"), "h": say("h")}.get(short, short)

    def cut_label(name: str) -> str:
        preset = names.cut.get(name)
        return (preset and (preset.label if tongue.code == "zh" else preset.label_en)) or name

    def render_label(name: str) -> str:
        preset = names.render.get(name)
        return (preset and (preset.label if tongue.code == "zh" else preset.label_en)) or name

    def file_name(file: File) -> str:
        if file.kind == "deck":
            return say("The slides, as shown")
        if file.kind == "summary":
            return say("The talk in one picture") if "page" not in file.path else say("The talk on one page")
        return {"SRT": say("Captions"), "MD": say("Transcript")}.get(file.what, file.path)

    environment.filters |= {
        "phrased": phrased,
        "clock": lambda at: clock(at),
        "day": lambda date: words.day(date, tongue),
        "size": words.size,
        "bare": words.bare,
        "tongue": lambda code: NAMES.get(code.split("-")[0], code),
        "slug": lambda name: re.sub(r"[^A-Za-z0-9-]", "-", name),
        "unit": unit,
        "cut_label": cut_label,
        "render_label": render_label,
        "file_name": file_name,
        "iso_length": iso_length,
        "inline": inline,
        "pieces": lambda hit: pieces(hit.text, hit.marks),
    }
    return environment


def iso_length(length: Ms) -> str:
    """A length as schema.org writes it: PT35M39S (ISO 8601)."""
    seconds = max(1, round(length / 1000))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + f"{seconds % 60}S"


def pieces(text: str, marks: Sequence[tuple[int, int]], most: int = 120) -> list[tuple[str, bool]]:
    """A found text in order, each piece with whether it is what was looked for; a long one is clipped around the first."""
    first = marks[0][0] if marks and len(text) > most else 0
    start = max(0, first - most // 3)
    end = min(len(text), start + most)
    made, at = [("…", False)] if start else [], start
    for left, right in marks:
        if left >= at and right <= end:
            made += [(text[at:left], False), (text[left:right], True)]
            at = right
    return [piece for piece in [*made, (text[at:end], False), ("…" if end < len(text) else "", False)] if piece[0]]


def as_date(text: str) -> datetime.date | None:
    """2026-11-05 as a date; None for an empty text."""
    return datetime.date.fromisoformat(text) if text else None
