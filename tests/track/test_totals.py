"""Totals from platforms: read as their statistics come, refused by line and column."""

from __future__ import annotations

import pytest

from repurpose.db.views import Total
from repurpose.errors import UserError
from repurpose.track.totals import read_totals

FILMS = {"as_1": "cuts/1min-1.vertical.mp4", "as_2": "replay.mp4"}


def test_they_are_read() -> None:
    text = 'platform,asset,date,views,likes\n视频号,1min-1.vertical,2026-11-06,"1,280",37\n抖音,,2026/11/6,12,\nB站,as_2,2026年11月6日,9,0\n\n'
    assert read_totals(text, "x.csv", FILMS) == [
        Total("视频号", "as_1", "2026-11-06", 1280, {"likes": 37}), Total("抖音", "", "2026-11-06", 12, {}),
        Total("B站", "as_2", "2026-11-06", 9, {"likes": 0}),
    ]  # fmt: skip


def test_columns_may_have_the_names_that_platforms_give_them() -> None:
    text = "\ufeff日期,平台,作品,播放量,点赞量\n2026-11-06,抖音,cuts/1min-1.vertical.mp4,5,1\n"
    assert read_totals(text, "x.csv", FILMS) == [Total("抖音", "as_1", "2026-11-06", 5, {"likes": 1})]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column platform, date, views"),
        ("platform,date\n", "no column views"),
        ("platform,date,views\nx,2026-13-01,5\n", r"x\.csv:2: date"),
        ("platform,date,views\nx,2026-11-01,-5\n", r"x\.csv:2: views: '-5' is not a whole number"),
        ("platform,date,views\nx,2026-11-01,\n", "views: a number is needed"),
        ("platform,date,views\n,2026-11-01,1\n", "platform: a name"),
        ("platform,asset,date,views\nx,other,2026-11-01,1\n", "'other' is no film of this event"),
        ("platform,date,views\nx,2026-11-01,1\nx,2026-11-01,2\n", r"x\.csv:3: x has a line"),
    ],
)
def test_what_is_wrong_is_named(text: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        read_totals(text, "x.csv", FILMS)
