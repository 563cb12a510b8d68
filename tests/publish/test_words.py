"""Both languages say the same things."""

from __future__ import annotations

import string

import pytest

from repurpose import presets
from repurpose.publish.words import Said, Words, read_words


@pytest.fixture(scope="module")
def words() -> Words:
    return read_words(presets.assets() / "locales", "en")


def test_every_text_is_there_in_both_languages_with_the_same_values(words: Words) -> None:
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    plain = {key for key in words.en if not key.endswith("_one")}
    assert plain == set(words.zh)
    assert all(values(words.en[key]) == values(words.zh[key]) for key in plain)


def test_every_signal_of_the_ranking_has_a_name(words: Words) -> None:
    assert set(presets.load().highlights.weights) <= set(words.signals)
    assert words.signal("some_new_one") == Said(zh="some new one", en="some new one")


def test_one_is_not_many(words: Words) -> None:
    assert words.say("count_versions", n=1) == Said(zh="1 个版本", en="1 version")
    assert words.say("count_versions", n=2).en == "2 versions"


@pytest.mark.parametrize(
    ("why", "zh"),
    [
        ("the recording is 3:00 long; a 5min version needs at least 5:45", "录像长 3:00，5min 版至少需要 5:45。"),
        ("nothing was said in this recording", "录像里没有人讲话。"),
        ("the recording carries no take 2, 3 of 15s", "录像的内容不够做第 2, 3 条 15s 版。"),
        (
            "no stretch of whole sentences in the recording makes a 1min version of 0:45 to 1:00",
            "录像里没有哪几句完整的话能做成 0:45 到 1:00 的 1min 版。",
        ),
    ],
)
def test_reasons_are_told_in_chinese_too(words: Words, why: str, zh: str) -> None:
    said = words.reason(why)
    assert said.zh == zh
    assert said.en == why[0].upper() + why[1:] + "."


def test_a_reason_nobody_translated_is_told_as_it_is(words: Words) -> None:
    assert words.reason("the disk fell down.") == Said(zh="The disk fell down.", en="The disk fell down.")
