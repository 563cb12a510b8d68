"""Lines are as full as they get, end where a reader would end them, and never run over."""

from __future__ import annotations

import pytest

from repurpose.text.fill import clipped, filled
from repurpose.text.signs import width_of


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("One replay  keeps\nworking", 6, ["One replay", "keeps", "working"]),
        ("直播回放，持续带来线索", 5, ["直播回放，", "持续带来", "线索"]),
        ("abcdefghij is long", 3, ["abcdef", "ghij", "is", "long"]),
        ("人人", 0.5, ["人", "人"]),  # a sign is never parted
        ("", 5, []),
        ("  ", 5, []),
    ],
)
def test_lines_are_full_and_end_where_words_do(text: str, room: float, lines: list[str]) -> None:
    assert filled(text, width_of, room) == lines


@pytest.mark.parametrize(
    ("text", "room", "short"),
    [("One replay", 9, "One replay…"), ("One replay", 3.5, "One r…"), ("One two", 2.5, "One…"), ("人人", 0.1, "人…")],
)
def test_what_is_cut_says_so_and_fits(text: str, room: float, short: str) -> None:
    assert clipped(text, width_of, room) == short
