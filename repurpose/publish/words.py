"""The words of the page in its languages, read from assets/locales."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One text in both languages."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True)
class Words:
    """Every text of the page; `main` is the language it opens in."""

    main: str  # "zh" or "en"
    zh: Mapping[str, str]
    en: Mapping[str, str]
    signals: Mapping[str, Said]
    reasons: Mapping[str, str]  # pattern of an English reason -> the Chinese one

    def say(self, key: str, **values: object) -> Said:
        """The text `key` in both languages with its values filled in; English has its own form for one (`key_one`)."""
        one = f"{key}_one" if values.get("n") == 1 and f"{key}_one" in self.en else key
        return Said(zh=self.zh[key].format(**values), en=self.en[one].format(**values))

    def both(self, key: str) -> dict[str, str]:
        """The text `key` as it stands in the files, for the page's script."""
        return {"zh": self.zh[key], "en": self.en[key]}

    def signal(self, name: str) -> Said:
        """What a signal of the ranking is called; its own name where nobody named it."""
        return self.signals.get(name) or Said(zh=name.replace("_", " "), en=name.replace("_", " "))

    def reason(self, why: str) -> Said:
        """Why something was not made, as a sentence; in the stage's own words where nobody put them into Chinese."""
        english = why[:1].upper() + why[1:].rstrip(".") + "."
        for pattern, chinese in self.reasons.items():
            if match := re.fullmatch(pattern, why):
                return Said(zh=match.expand(chinese) + "。", en=english)
        return Said(zh=english, en=english)

    def date(self, day: datetime.date) -> Said:
        return Said(zh=f"{day.year}年{day.month}月{day.day}日", en=f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def read_words(folder: Path, main: str) -> Words:
    """The words of both languages from `folder`; the page opens in `main`."""
    zh = tomllib.loads((folder / "zh_CN.toml").read_text("utf-8"))
    en = tomllib.loads((folder / "en.toml").read_text("utf-8"))
    return Words(
        main=main,
        zh=zh["page"],
        en=en["page"],
        reasons=zh["reasons"],
        signals={name: Said(zh=zh["signals"].get(name, text), en=text) for name, text in en["signals"].items()},
    )
