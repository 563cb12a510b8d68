"""Copy is checked against what was said: no number and no name may stand in it that nobody gave. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from repurpose.text.numerals import unsaid
from repurpose.text.signs import CJK

_address = re.compile(r"https?://[^\s<>()\"'，。]+|\{\{\w+\}\}|(?:\.\./)?pictures/[\w.-]+")
_clock = re.compile(r"\b(?:\d+:)?\d{1,2}:\d{2}\b")
_proper = re.compile(r"(?<![\w&-])[A-Z][A-Za-z0-9]*(?:[.&'’-][A-Za-z0-9]+)*")
_addressed = re.compile(rf"([{CJK}]{{1,3}}?)(?:先生|女士|老师|博士|教授|总监|经理)")
_word = re.compile(r"[a-z0-9]+")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in ("style", "script")
        self.parts += [value for name, value in attrs if name == "alt" and value]
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in ("style", "script")
        self.parts.append("\n" if tag in ("p", "h1", "h2", "h3", "li", "td", "section", "title", "div") else " ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)


def read_html(html: str) -> str:
    """What a reader of the page sees, pictures by their descriptions."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def unsupported(copy: str, said: str, known: Iterable[str] = ()) -> list[str]:
    """Numbers and names of `copy` that occur neither in what was said nor in what was handed in with the event.

    Numbers are compared by value, so that 40% is 百分之四十. Names are capitalised Latin words, and in Chinese what stands
    before 先生, 老师 and the like. Addresses and times of the replay are no copy.
    """
    there = "\n".join((said, *known))
    text = _clock.sub(" ", _address.sub(" ", copy))
    missing = [numeral.text for numeral in unsaid(text, there)]
    words = set(_word.findall(there.lower()))
    proper = (match[0] for match in _proper.finditer(text))
    missing += [name for name in proper if not set(_word.findall(name.lower())) <= words]
    missing += [match[0] for match in _addressed.finditer(text) if match[1] not in there]
    return list(dict.fromkeys(missing))
