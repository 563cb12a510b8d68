"""A message as a person reads it: what happened in one line, the particulars, and where to look. Pure but for the catalogues.

What visitors wrote stands in it, so every sign that WeCom reads as markup is written as its wide twin.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from repurpose import presets

WECOM_BYTES = 4096  # of a robot's Markdown message (developer.work.weixin.qq.com/document/path/91770)
LONGEST = 200  # characters of one particular
_WIDE = str.maketrans(
    {"<": "＜", ">": "＞", "[": "［", "]": "］", "`": "｀", "*": "＊", "_": "＿", "#": "＃", "\\": "＼"}
)


@dataclass(frozen=True)
class Told:
    """One message in words."""

    subject: str
    lines: tuple[tuple[str, str], ...]  # what it is, and what it says
    link: str  # "" when the site has no address that others know
    link_says: str
    separator: str


def told(payload: str, language: str, base: str, lead: Mapping[str, str] | None = None) -> Told:
    """The words of a frozen message for a reader of this language; `base` is where the site is, `lead` what is known of the
    one it is about: no message keeps a lead's name."""
    words, body = _words("en" if language == "en" else "zh_CN"), json.loads(payload)
    data: dict[str, Any] = body["data"]
    event = data.get("event") or {}
    title, path = _line(event.get("title", "")), event.get("path", "")
    kind = {"submission.received": "submission", "event.published": "published", "event.withdrawn": "withdrawn"}
    part = words[kind.get(body["type"], "watched")]
    lines: list[tuple[str, str]] = []
    if body["type"] == "submission.received":
        lead = fields = data.get("fields") or {}
        lines += [(part["field"].get(key, _line(key)), _line(value)) for key, value in fields.items()]
    if body["type"] == "watch.by_known":
        whole = int(data.get("watched_ms") or 0) // 1000
        lines += [(part["film"], _line(data.get("cut")) or part["replay"])]
        lines += [(part["seconds"], part["minutes"].format(minutes=whole // 60, seconds=whole % 60))]
    who = " ".join(filter(None, (_line((lead or {}).get(key, "")) for key in ("company", "name", "title"))))
    if data.get("channel"):
        lines.append((part["channel"], _line(data["channel"])))
    subject = part["subject"].format(who=who or part.get("nobody", ""), event=title)
    link = f"{base}{path}" if base and path else ""
    kept = tuple((name, value) for name, value in lines if value)
    return Told(_line(subject), kept, link, words["more"], words["separator"])


def markdown(about: Told) -> str:
    """For a WeCom robot, in at most `WECOM_BYTES`: particulars that find no room are left out."""
    head, tail = f"**{_plain(about.subject)}**", f"\n[{about.link_says}]({about.link})" if about.link else ""
    text = head
    for name, value in about.lines:
        more = f"\n> {_plain(name)}{about.separator}{_plain(value)}"
        if len((text + more + tail).encode()) > WECOM_BYTES:
            break
        text += more
    return text + tail


def plain(about: Told) -> str:
    """For a mail."""
    lines = [f"{name}{about.separator}{value}" for name, value in about.lines]
    return "\n".join(
        [
            about.subject,
            "",
            *lines,
            *(["", f"{about.link_says}{about.separator}{about.link}"] if about.link else []),
            "",
        ]
    )


def _plain(text: str) -> str:
    return text.translate(_WIDE)


def _line(value: object) -> str:
    text = " ".join(str(value or "").split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@cache
def _words(name: str) -> dict[str, Any]:
    return tomllib.loads((presets.assets() / "locales" / "alerts" / f"{name}.toml").read_text("utf-8"))
