"""What goes into a page beside plain text: Chinese that breaks after its phrases, data for a script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from repurpose.text.phrases import phrases_of

if TYPE_CHECKING:
    from markupsafe import Markup

_chinese = re.compile(r"[\u4e00-\u9fff]")


def phrased(text: str) -> Markup:
    """Chinese with a place to break after each phrase, for a style that breaks nowhere else inside it."""
    from markupsafe import Markup

    return Markup("<wbr>").join(_phrases(text)) if _chinese.search(text) else Markup.escape(text)


def inline(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that could end the element is escaped


@lru_cache(maxsize=8192)
def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrases_of(text, "zh"))
