"""Numbers said in words and in digits are the same numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from repurpose.text.numerals import numerals_of, plain, unsaid, unsaid_names


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("百分之四十", Fraction(40, 100), "%"),
        ("百分之15", Fraction(15, 100), "%"),
        ("15%", Fraction(15, 100), "%"),
        ("fifteen percent", Fraction(15, 100), "%"),
        ("六成", Fraction(6, 10), "成"),
        ("一万五千四百分钟", Fraction(15400), "分钟"),
        ("15,400 分钟", Fraction(15400), "分钟"),
        ("12万元", Fraction(120000), "元"),
        ("三点五倍", Fraction(7, 2), "倍"),
        ("十五块", Fraction(15), "块"),
        ("两百个人", Fraction(200), "个人"),
        ("两千四", Fraction(2400), ""),
        ("二零二六年", Fraction(2026), "年"),
        ("一千零五", Fraction(1005), ""),
        ("3 million dollars", Fraction(3000000), "dollars"),
        ("$4.5 billion", Fraction(4500000000), ""),
        ("one hundred and twenty people", Fraction(120), "people"),
        ("nineteen eighty-four", Fraction(1984), ""),
        ("15.8元", Fraction(158, 10), "元"),
    ],
)
def test_one_number(text: str, value: Fraction, unit: str) -> None:
    [numeral] = numerals_of(text)
    assert (numeral.value, numeral.unit) == (value, unit)
    assert text[numeral.start : numeral.end] == numeral.text == text


def test_several_in_a_sentence() -> None:
    found = numerals_of("假设这120个人里面，有三十四个人，把第12分钟又看了一遍。")
    assert [(int(each.value), each.unit) for each in found if not plain(each)] == [
        (120, "个人"),
        (34, "个人"),
        (12, "分钟"),
    ]
    assert found[2].lead == "第"


def test_no_number_in_ordinary_words() -> None:
    assert [each for each in numerals_of("千万不要这样，万一成为B2B的例子，他一样会来。") if not plain(each)] == []
    assert numerals_of("Hundreds of them, and a B2B case.") == []


def test_what_was_not_said_is_found() -> None:
    said = "结束以后，24 小时之内，发出五分钟版本。"
    assert unsaid("二十四小时内发5分钟版", said) == []
    assert [each.text for each in unsaid("四十八小时内发五分钟版", said)] == ["四十八小时"]
    assert unsaid_names("周远说", "许知然补充", ("周远", "许知然")) == ["周远"]
