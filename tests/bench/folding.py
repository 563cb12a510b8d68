"""Two writings of the same words -> the same string: script, case, punctuation, digits. Fair to both sides."""

from __future__ import annotations

import re
import unicodedata

import opencc

_digits = "零一二三四五六七八九"
_small = ["", "十", "百", "千"]
_ones = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_tens = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ordinal = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def fold_zh(text: str) -> str:
    """Characters only: Simplified, digits as they are spoken, Latin letters lower case, no punctuation."""
    text = opencc.OpenCC("t2s").convert(unicodedata.normalize("NFKC", text)).lower()
    text = re.sub(r"(\d),(?=\d{3})", r"\1", text)
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%", lambda m: "百分之" + _number(m[1]), text)
    text = re.sub(
        r"(?<!\d)([12]\d{3}|\d{2})(?=年(?!代?[以之]?[来间内]))",
        lambda m: _spell(m[1]) if len(m[1]) == 4 else _number(m[1]),
        text,
    )
    text = re.sub(r"\d+(?:\.\d+)?", lambda m: _number(m[0]), text)
    text = text.translate(str.maketrans("〇幺两", "零一二"))
    return re.sub(r"[\W_]+", "", text)


def fold_en(text: str) -> str:
    """Words apart by one space: lower case, numbers as words, apostrophes and punctuation gone."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    text = re.sub(r"(\d),(?=\d{3})", r"\1", text)
    text = re.sub(r"\d+(?:st|nd|rd|th)?", lambda m: f" {_english(m[0])} ", text)
    text = re.sub(r"\bmr\b\.?", "mister", re.sub(r"\bdr\b\.?", "doctor", text))
    return re.sub(r"[\W_]+", " ", text.replace("'", "")).strip()


def _spell(digits: str) -> str:
    return "".join(_digits[int(digit)] for digit in digits)


def _number(text: str) -> str:
    whole, _, part = text.partition(".")
    by_digit = len(whole) > 8 or (len(whole) > 1 and whole[0] == "0")
    spoken = _spell(whole) if by_digit else _counted(int(whole))
    return spoken + ("点" + _spell(part) if part else "")


def _counted(number: int) -> str:
    if number < 10:
        return _digits[number]
    if number >= 10000:
        high, low = divmod(number, 10000)
        return _counted(high) + "万" + (("零" if low < 1000 else "") + _counted(low) if low else "")
    said, digits = "", str(number)
    for place, digit in enumerate(digits):
        if digit != "0":
            said += _digits[int(digit)] + _small[len(digits) - 1 - place]
        elif said and said[-1] != "零" and any(later != "0" for later in digits[place:]):
            said += "零"
    return said.removeprefix("一") if 10 <= number < 20 else said


def _english(text: str) -> str:
    digits = text.rstrip("stndrh")
    number = int(digits)
    ordinal = digits != text
    if not ordinal and len(digits) == 4 and 1100 <= number < 2000 and number % 100:
        low = number % 100
        return f"{_cardinal(number // 100)} {'oh ' if low < 10 else ''}{_cardinal(low)}"
    words = _cardinal(number).split()
    if ordinal:
        last = words[-1]
        words[-1] = _ordinal.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join(words)


def _cardinal(number: int) -> str:
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{_cardinal(number // size)} {name}" + (f" {_cardinal(rest)}" if rest else "")
    if number < 20:
        return _ones[number]
    return _tens[number // 10] + (f" {_ones[number % 10]}" if number % 10 else "")
