"""The gate of the recap: every text within its channel's limits, nothing in it that an editor or a mail program drops."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repurpose.presets import ChannelPreset
from repurpose.publish.supported import read_html, unsupported

# What the editor of 公众号 strips or what reaches outside: the article must not need any of it.
_stripped = re.compile(
    r"<(?:script|style|link|iframe|form|input|button|video|audio|svg|object|a)\b|\s(?:class|id|on\w+)\s*=|url\(|position\s*:|@import",
    re.IGNORECASE,
)
_outside = re.compile(r"<(?:script|iframe|link|form|video|audio|object)\b|\son\w+\s*=|@import|url\(", re.IGNORECASE)


def faults_of(
    kind: str, text: str, title: str, digest: str, channel: ChannelPreset | None, said: str, known: Sequence[str]
) -> list[str]:
    """What is wrong with a text, in words; empty where nothing is. `kind` is a RecapFile's."""
    faults = []
    html = text.lstrip().startswith("<")
    if channel is not None:
        for what, found, least, most in (
            ("title", len(title), channel.title_least, channel.title),
            ("digest", len(digest), 0, channel.digest),
            ("text", len(text), 0, channel.text),
            ("text in bytes", len(text.encode()), 0, channel.text_bytes),
        ):
            if most and not least <= found <= most:
                faults.append(f"{what} is {found}, {channel.name} takes {least} to {most}")
        if not channel.link and "://" in text:
            faults.append(f"{channel.name} takes no links")
    pattern = _stripped if kind == "article" else _outside
    if html and (match := pattern.search(text)):
        faults.append(f"{match[0].strip()!r} does not survive where it is going")
    copy = "\n".join((title, digest, read_html(text) if html else text))
    if missing := unsupported(copy, said, known):
        faults.append(f"nobody said {', '.join(missing)}")
    return faults
