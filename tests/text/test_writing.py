"""Joining, script, sentences."""

from __future__ import annotations

import pytest

from repurpose.text.join import join_words
from repurpose.text.script import simplify
from repurpose.text.sentences import sentences_of


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Hello", ",", "world", "(", "ok", ")", "."], "Hello, world (ok)."),
        (["我们", "用", "machine", "learning", "做", "预测", "。"], "我们用machine learning做预测。"),
        (["U.S.", "sales", "rose", "$", "5"], "U.S. sales rose $5"),
        (["他", "说", "：", "“", "好", "”"], "他说：“好”"),
        ([], ""),
        ([" padded ", "word"], "padded word"),
    ],
)
def test_join_words(words: list[str], text: str) -> None:
    assert join_words(words, "zh") == text


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("中國房地產市場的泡沫會破滅嗎", "中国房地产市场的泡沫会破灭吗"),
        ("滑鼠和軟體", "鼠标和软件"),
        ("我的行程安排和法定程序", "我的行程安排和法定程序"),  # mainland wording stays
        ("AI 2024 OK，乾杯", "AI 2024 OK，干杯"),
    ],
)
def test_simplify(text: str, simple: str) -> None:
    assert simplify(text) == simple
    assert simplify(simple) == simple


def test_chinese_sentences() -> None:
    text = "好的，开始吧。3.5 倍。他说：“好！”然后走了。真的？！是的……嗯"
    assert sentences_of(text, "zh") == [
        "好的，开始吧。",
        "3.5 倍。",
        "他说：“好！”",
        "然后走了。",
        "真的？！",
        "是的……",
        "嗯",
    ]


def test_english_sentences() -> None:
    text = "In the U.S. market, Dr. Smith said 3.5 million. He left. Did you?"
    assert sentences_of(text, "en") == [
        "In the U.S. market, Dr. Smith said 3.5 million.",
        "He left.",
        "Did you?",
    ]
    assert sentences_of("", "en") == []
