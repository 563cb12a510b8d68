"""Names as they stand in a web address."""

from __future__ import annotations

import re
import unicodedata

from repurpose.text.script import simplify

LONGEST = 60  # characters


def address_of(name: str) -> str:
    """The name in small letters, digits and hyphens, Chinese in pinyin: 库存 Webinar 2 -> ku-cun-webinar-2.

    Empty for a name of which nothing can be written so.
    """
    import pypinyin

    spelled = " ".join(pypinyin.lazy_pinyin(simplify(name)))
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    short = words[0][:LONGEST] if words else ""
    for word in words[1:]:
        if len(short) + len(word) >= LONGEST:
            break
        short += f"-{word}"
    return short
