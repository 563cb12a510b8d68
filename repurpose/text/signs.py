"""What kind of sign a character is: wide or narrow, opening or closing; the tables behind every line break."""

from __future__ import annotations

import re
import unicodedata

# Kinsoku 避头尾: a line may not begin with CLOSING nor end with OPENING (GB/T 15834 and JIS X 4051, the parts both share).
CLOSING = frozenset("，。、；：？！…—～·％”’）》】〕｝〉」』〗,.;:?!%)]}>°℃‰")
OPENING = frozenset("“‘（《【〔｛〈「『〖([{<￥$#")
STOPS = "。！？!?…"
CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0002ffff"
CJK_LANGUAGES = frozenset({"zh", "yue", "ja"})

_cjk = re.compile(f"[{CJK}]")
_wide = re.compile(f"[{CJK}\\u2018\\u2019\\u201c\\u201d\\u2026\\u2014\\u3000-\\u303f\\uff01-\\uff60\\uac00-\\ud7af]")
_narrow_quote = str.maketrans("‘’“”", "''\"\"")
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})  # categories of signs without a picture


def is_cjk(sign: str) -> bool:
    """Whether it is a Chinese character or a kana (not punctuation)."""
    return _cjk.match(sign) is not None


def is_wide(sign: str) -> bool:
    """Whether it takes a full square: Chinese, kana, hangul and full-width punctuation."""
    return _wide.match(sign) is not None


def is_mark(sign: str) -> bool:
    """Whether it is punctuation or another sign that is neither letter, digit nor space."""
    return not (sign.isalnum() or sign.isspace())


def width_of(text: str) -> float:
    """Width in full squares: a Chinese character is 1, a Latin letter a half."""
    return 0.5 * len(text) if text.isascii() else 0.5 * (len(text) + len(_wide.findall(text)))


def wraps_by_sign(language: str) -> bool:
    """Whether the language is written without spaces between words."""
    return language.split("-")[0].lower() in CJK_LANGUAGES


def bare(text: str) -> str:
    """The text in lower case without spaces and punctuation: for comparing what was said."""
    return "".join(sign for sign in text.translate(_narrow_quote).lower() if sign.isalnum())


def shown(text: str) -> str:
    """`text` as it can be drawn on one line: every run of white space is one space, signs without a picture are gone."""
    spaced = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    drawn = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSEEN and not _selects(sign))
    return " ".join(drawn.split())


def _selects(sign: str) -> bool:
    """Whether it only says how the sign before it is drawn."""
    return "\ufe00" <= sign <= "\ufe0f"
