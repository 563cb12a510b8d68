"""Numbers in a text, in digits and in words, as values that can be compared: 15%, 百分之十五 and fifteen percent are one."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

_ZH_DIGIT = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH_TEN = {"十": 10, "百": 100, "千": 1000}
_ZH_MYRIAD = {"万": 10**4, "亿": 10**8}
_EN_TEENS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_SMALL = {word: value for value, word in enumerate(_EN_TEENS)}
_EN_SMALL |= {word: 10 * value for value, word in enumerate(_EN_TENS, 2)}
_EN_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

ZH_UNITS = (
    "个百分点|个小时|个星期|个月|个人|美元|欧元|人民币|小时|分钟|星期|公里|公斤|平方米|倍|元|块|人|家|年|月|日|号|天|周|秒|岁|次|条|页|米|吨"
    "|度|件|单|份|张|篇|台|套|场|位|名|分|亿|步|级|句|字|个"
)
EN_UNITS = (
    "percentage points|dollars|euros|pounds|years?|months?|weeks?|days?|hours?|minutes?|seconds?|people|times|points?|deals?"
    "|leads?|customers?|viewers?|pages?|clips?|countries|users?|companies|x"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?"
_ZH_WORD = r"[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*(?:点[零〇一二三四五六七八九]+)?"
_EN_ONE = "|".join([*_EN_SMALL, *_EN_LARGE])
_EN_WORD = rf"\b(?:{_EN_ONE})(?:(?:[\s-]|\sand\s)(?:{_EN_ONE}))*\b"
_zh = re.compile(
    rf"(?P<lead>第|百分之|[$¥￥€£])?(?:(?P<digits>(?<![A-Za-z\d.])(?:{_DIGITS}))(?P<scale>万亿|[十百千]?[万亿]|[千百](?!分))?|(?P<word>{_ZH_WORD}))"
    rf"\s?(?P<unit>[%％‰]|成(?![为了交功本果立就员熟])|{ZH_UNITS})?"
)
_en = re.compile(
    rf"(?P<lead>[$¥￥€£])?(?:(?P<digits>(?<![A-Za-z\d.])(?:{_DIGITS}))(?:\s(?P<scale>hundred|thousand|million|billion|trillion)\b)?|(?P<word>{_EN_WORD}))"
    rf"\s?(?:(?P<unit>[%‰]|percent\b|per cent\b|(?:{EN_UNITS})\b))?",
    re.IGNORECASE,
)
_PARTS = {"%": 100, "％": 100, "percent": 100, "per cent": 100, "‰": 1000, "成": 10}


class Numeral(NamedTuple):
    """A number as it stands in a text: from `start` up to `end`, its unit included."""

    start: int
    end: int
    value: Fraction  # 15% is 3/20
    text: str
    unit: str = ""  # what is counted, as it was said; "%" for shares of a hundred
    lead: str = ""  # a currency, or 第 of an ordinal
    written: bool = False  # in words, not in digits


def numerals_of(text: str) -> list[Numeral]:
    """Every number of the text in order; Chinese and English words count, the 一 of 一样 and the "one" of "this one" too."""
    found: list[Numeral] = []
    for shape in (_zh, _en):
        for match in shape.finditer(text):
            numeral = _numeral(match, shape is _zh)
            if numeral is not None:
                found.append(numeral)
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[Numeral] = []
    for each in found:
        if kept and each.start < kept[-1].end:
            if each.end > kept[-1].end and each.start == kept[-1].start:
                kept[-1] = each
            continue
        kept.append(each)
    return kept


def plain(numeral: Numeral) -> bool:
    """Is it a bare one, which in running speech is rather an article than a number?"""
    return numeral.written and numeral.value == 1 and numeral.unit in ("", "个") and not numeral.lead


def unsaid(text: str, said: str) -> list[Numeral]:
    """The numbers of `text` that do not occur in `said`, whichever way either is written."""
    there = {each.value for each in numerals_of(said)}
    return [each for each in numerals_of(text) if not plain(each) and each.value not in there]


def unsaid_names(text: str, said: str, names: Collection[str]) -> list[str]:
    """Of `names` those that stand in `text` and do not occur in `said`."""
    return [name for name in names if name and name in text and name not in said]


def _numeral(match: re.Match[str], chinese: bool) -> Numeral | None:
    lead, unit = match["lead"] or "", (match["unit"] or "").lower()
    if match["digits"]:
        value = Fraction(match["digits"].replace(",", ""))
        scale = match["scale"] or ""
        value *= _scale(scale) if chinese else _EN_LARGE.get(scale.lower(), 1)
    else:
        worth = _zh_value(match["word"]) if chinese else _en_value(match["word"])
        if worth is None:
            return None
        value = worth
    if unit in _PARTS:
        value /= _PARTS[unit]
    elif lead == "百分之":
        value, unit, lead = value / 100, "%", ""
    if unit in ("％", "percent", "per cent"):
        unit = "%"
    whole = match[0].rstrip()
    return Numeral(match.start(), match.start() + len(whole), value, whole, unit, lead, written=match["digits"] is None)


def _scale(signs: str) -> int:
    worth = 1
    for sign in signs:
        worth *= _ZH_TEN.get(sign) or _ZH_MYRIAD[sign]
    return worth


def _zh_value(word: str) -> Fraction | None:
    """What Chinese numerals come to; strings of digits (二零二六) read as they are written."""
    whole, _, part = word.partition("点")
    if len(whole) > 1 and all(sign in _ZH_DIGIT for sign in whole):
        value = int("".join(str(_ZH_DIGIT[sign]) for sign in whole))
    else:
        total = section = digit = 0
        last = 10
        for sign in whole:
            if sign in _ZH_DIGIT:
                digit = _ZH_DIGIT[sign]
                last = 10 if sign in "零〇" else last
            elif sign in _ZH_TEN:
                section += (digit or 1) * _ZH_TEN[sign]
                digit, last = 0, _ZH_TEN[sign]
            else:
                total = (total + section + digit) * _ZH_MYRIAD[sign]
                section, digit, last = 0, 0, _ZH_MYRIAD[sign]
        # 两千四 is 2400, 一万五 15000: the last digit counts tenths of the place before it
        value = total + section + (digit * last // 10 if last > 10 else digit)
    fraction = Fraction(int("".join(str(_ZH_DIGIT[sign]) for sign in part)), 10 ** len(part)) if part else Fraction(0)
    return value + fraction


def _en_value(words: str) -> Fraction | None:
    """What English number words come to; years in pairs (nineteen eighty-four) as well."""
    total = section = 0
    parts = [word for word in re.split(r"[\s-]+", words.lower()) if word != "and"]
    if all(word in _EN_LARGE for word in parts):
        return None
    for before, word in zip(["", *parts], parts, strict=False):
        if word == "hundred":
            section = (section or 1) * 100
        elif word in _EN_LARGE:
            total += (section or 1) * _EN_LARGE[word]
            section = 0
        else:
            small = _EN_SMALL[word]
            pair = 10 <= section < 100 and small >= 10 and before in _EN_SMALL
            section = section * 100 + small if pair else section + small
    return Fraction(total + section)
