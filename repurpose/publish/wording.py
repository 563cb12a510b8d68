"""The words of the recap, or of the report, in one language, read from assets/locales."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repurpose.models import Language, Speaker
from repurpose.publish.words import MONTHS


@dataclass(frozen=True)
class Wording:
    """Every text; keys of a table are reached with a dot: `mail.vip.subject`."""

    language: Language
    texts: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """The text `key` with its values filled in."""
        return str(self._at(key)).format(**values)

    def all(self, key: str) -> tuple[str, ...]:
        """The texts of a list, the values not filled in."""
        return tuple(self._at(key))

    def _at(self, key: str) -> Any:
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        return found

    def every(self) -> str:
        """All texts in one, for checking what copy says beside them."""
        left: list[Mapping[str, Any]] = [self.texts]
        found: list[str] = []
        while left:
            for value in left.pop().values():
                if isinstance(value, dict):
                    left.append(value)
                else:
                    found += [value] if isinstance(value, str) else value
        return "\n".join(found)

    def date(self, day: datetime.date, *, year: bool = True) -> str:
        """A day as it is written, with or without its year."""
        name = MONTHS[day.month - 1]
        return self.say("date" if year else "day", year=day.year, month=day.month, day=day.day, month_name=name)

    def place(self, who: Speaker) -> str:
        """Company and position of a speaker, in the order of the language."""
        if self.language == "zh":
            return f"{who.company}{who.title}"
        return ", ".join(filter(None, (who.title, who.company)))

    def people(self, speakers: Sequence[Speaker]) -> str:
        """The speakers with what they are, as part of a sentence."""
        named = [
            self.say("person", name=who.name, place=place) if (place := self.place(who)) else who.name
            for who in speakers
        ]
        last = self.say("last")
        return last.join(filter(None, (self.say("list").join(named[:-1]), *named[-1:])))


def read_wording(folder: Path, language: Language, of: str = "recap") -> Wording:
    """The wording of the recap, or of the report, in a language, from `folder`."""
    file = folder / of / ("zh_CN.toml" if language == "zh" else "en.toml")
    return Wording(language, tomllib.loads(file.read_text("utf-8")))
