"""Text -> words and phrases, in Chinese and English: the places where a line or a caption may break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from repurpose.text.jieba_words import cut
from repurpose.text.signs import CJK, CLOSING, OPENING, is_mark, wraps_by_sign

# One number with its sign, unit and percent: never parted. Chinese numerals count as well (百分之四十, 三点五倍).
_zh_unit = "个百分点|百分点|万亿|千亿|百亿|十亿|亿|千万|百万|万|千|百(?!分之)|倍|成|元|美元|块|人|家|个|年|月|日|号|天|周|小时|分钟|秒|岁|次|条|页|米|公里|吨|度|点"
_number = re.compile(
    rf"[第约近超]?[+\-$¥￥€£]?\d[\d,.:/]*\d?\s?(?:[%％‰℃]|(?:{_zh_unit}){{1,3}}|[A-Za-z]{{1,3}}(?![A-Za-z]))?"
    rf"|百分之(?:[零一二三四五六七八九十点]|百(?!分之))+"
    rf"|第?(?:[零一二两三四五六七八九十千]|百(?!分之))+(?:点[零一二三四五六七八九]+)?(?:{_zh_unit}){{0,3}}"
)
_latin = re.compile(r"[A-Za-z0-9][A-Za-z0-9.'’\-&/+#_@%]*")
_word = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[.'’\-&/+#:,][^\W_]+)*[%+#]*")
_name = re.compile(r"\b(?:[A-Z][\w.'’-]*\s+)(?=[A-Z0-9])")
_en_unit = re.compile(
    r"\b[$€£]?\d[\d,.]*\s+(?=(?:percent|per cent|million|billion|trillion|thousand|dollars|euros|pounds|years?|months?|weeks?|days?|hours?|minutes?|seconds?|people|times|points?|degrees|kg|km|GB|MB|TB|ms)\b)"
)
_en_title = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs)\.?\s+(?=\w)")
_opens = re.compile(
    r"(?:about|after|although|and|as|at|because|before|between|but|by|during|except|for|from|how|if|in|into|like"
    r"|nor|of|on|or|over|per|since|so|than|that|though|through|to|under|until|upon|what|when|where|whether|which|while|who|whose|why|with|within|without)(?!\w)",
    re.IGNORECASE,
)


def words_of(text: str, language: str, terms: Sequence[str] = ()) -> list[str]:
    """The words in order, without spaces and punctuation; `terms` and numbers stay whole."""
    if not wraps_by_sign(language):
        return _word.findall(text)
    return [word for piece in pieces_of(text, terms) if (word := _trim(piece))]


def breaks_of(text: str, language: str, terms: Sequence[str] = ()) -> list[int]:
    """Every offset where a line may begin, ascending, 0 and the end left out: between words, kinsoku kept, never inside a
    number with its unit, a name or a Latin word."""
    if wraps_by_sign(language):
        at = set(accumulate(len(piece) for piece in pieces_of(text, terms)))
    else:
        at = {match.end() for match in re.finditer(r"\s+", text)}
        at |= {place for place in range(1, len(text)) if _wide_pair(text[place - 1], text[place])}
    for shape in (_number, _name, _en_unit, _en_title):
        for match in shape.finditer(text):
            inside = range(match.start() + 1, match.end() + (shape is not _number))
            at.difference_update(inside)
    for term in terms:
        for match in re.finditer(re.escape(term), text):
            at.difference_update(range(match.start() + 1, match.end()))
    return sorted(place for place in at if 0 < place < len(text) and _may_break(text, place))


def phrases_of(text: str, language: str, terms: Sequence[str] = ()) -> list[str]:
    """The text in phrases: joined again they are the text; no word, name, number or term is cut, no phrase begins with a
    closing mark nor ends with an opening one."""
    allowed = breaks_of(text, language, terms)
    if wraps_by_sign(language):
        wanted = set(accumulate(len(phrase) for phrase in _budoux().parse(text))) if text else set()
        ends = [place for place in allowed if place in wanted or text[:place].rstrip()[-1:] in CLOSING]
    else:
        ends = [place for place in allowed if _en_phrase_end(text, place)]
    edges = [0, *ends, len(text)]
    return [text[start:end] for start, end in pairwise(edges) if end > start]


def pieces_of(text: str, terms: Sequence[str] = ()) -> list[str]:
    """Chinese text in its smallest pieces, marks and spaces included: jieba's cuts, numbers and Latin runs whole again."""
    at = set(accumulate(len(piece) for piece in cut(text, terms)))
    for shape in (_number, _latin):
        for match in shape.finditer(text):
            at.difference_update(range(match.start() + 1, match.end()))
    edges = sorted({0, len(text), *at})
    return [text[start:end] for start, end in pairwise(edges)]


def _trim(piece: str) -> str:
    start, end = 0, len(piece)
    while start < end and not piece[start].isalnum() and piece[start] not in "+-$¥€£":
        start += 1
    while end > start and not piece[end - 1].isalnum() and piece[end - 1] not in "%％+#‰℃":
        end -= 1
    return piece[start:end] if any(sign.isalnum() for sign in piece[start:end]) else ""


def _may_break(text: str, place: int) -> bool:
    before, after = text[:place].rstrip()[-1:], text[place]
    return after not in CLOSING and not after.isspace() and before not in OPENING


def _wide_pair(before: str, after: str) -> bool:
    wide = re.compile(f"[{CJK}，。、；：？！]")
    return bool(wide.match(before) or wide.match(after))


def _en_phrase_end(text: str, place: int) -> bool:
    before = text[:place].rstrip()
    if before and is_mark(before[-1]) and before[-1] in CLOSING:
        return True
    return _opens.match(text, place) is not None


@cache
def _budoux() -> Any:
    import budoux

    return budoux.load_default_simplified_chinese_parser()
