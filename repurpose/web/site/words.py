"""The words of the site: which language a reader gets, its catalogue, and how it writes days, sizes and names."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from repurpose import presets
from repurpose.web.wording import liked

DOMAIN = "site"


@dataclass(frozen=True)
class Tongue:
    """A language the site speaks."""

    code: str  # in addresses
    tag: str  # BCP 47
    short: str  # as it calls itself, in a few letters
    locale: str  # of Babel, and the folder of its catalogue


TONGUES = (Tongue("zh", "zh-CN", "中文", "zh_CN"), Tongue("en", "en", "EN", "en"))
BY_CODE = {tongue.code: tongue for tongue in TONGUES}


def choose(asked: str, accepted: str, home: str) -> Tongue:
    """The language for a reader: the one asked for in the address, else the one their browser likes best, else the talk's."""
    for code in (asked, *liked(accepted), home):
        tongue = BY_CODE.get(code.lower().replace("_", "-").split("-")[0])
        if tongue is not None:
            return tongue
    return TONGUES[0]


@cache
def catalogue(tongue: Tongue) -> NullTranslations:
    """The texts of a language; English is what the templates say themselves."""
    place = presets.assets() / "locales" / tongue.locale / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not place.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with place.open("rb") as file:
        write_mo(compiled, read_po(file, locale=tongue.locale, domain=DOMAIN))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def day(date: datetime.date, tongue: Tongue) -> str:
    """A date as the language writes it, in full."""
    return format_date(date, "long", locale=Locale.parse(tongue.locale))


def size(count: int) -> str:
    """Bytes as people say them: `7.3 MB`."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{max(1, round(count / 1000))} KB"


def bare(text: str) -> str:
    """A sentence without the mark it ends with: it stands alone, as a quote."""
    return text.rstrip("。.") or text


def listed(names: Sequence[str], tongue: Tongue) -> str:
    """Names in a row."""
    return ("、" if tongue.code == "zh" else ", ").join(names)
