"""What a poster shows: the quote and all that stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from repurpose.design.portraits import Portrait
from repurpose.models import Brand, Event, Quote

_figure = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>%|％|个百分点|万亿|亿|万|倍|percent\b|per cent\b|million\b|billion\b|times\b|x\b)"
    r"|(?P<many>\d{1,3}(?:,\d{3})+|\d{3,})\s?(?P<of>[家个人条件场次元块单]?)"
)
_year = re.compile(r"1[5-9]\d\d|20\d\d")


@dataclass(frozen=True)
class Material:
    """What a poster shows."""

    event: Event
    brand: Brand
    quote: Quote
    text: str  # the quote as it is set
    language: str  # "zh" or "en"
    link: str = ""
    portrait: Portrait | None = None
    slide: Image.Image | None = None
    logo: Image.Image | None = None
    font: Path | None = None  # the brand's own; serif blocks keep theirs
    wave: tuple[float, ...] = ()  # how loud the voice is, from its beginning to its end, 0..1

    @property
    def figure(self) -> tuple[str, str] | None:
        """The number in the quote that says most, and its unit: one that has a unit first, a year never."""
        found = [
            (each["number"] or each["many"], each["unit"] or each["of"] or "") for each in _figure.finditer(self.text)
        ]
        telling = [one for one in found if one[1] or not _year.fullmatch(one[0])]
        return max(telling, key=lambda one: bool(one[1]), default=None)

    @property
    def keep(self) -> tuple[str, ...]:
        return (*self.event.terms, *(who.name for who in self.event.speakers))
