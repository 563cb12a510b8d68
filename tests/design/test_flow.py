"""Blocks are placed by widths: golden places, and cuts that go through nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from repurpose.design.flow import Bar, Column, Desk, Grid, Image, Number, Row, Text, Timeline
from repurpose.design.laid import GIVEN, Art, Fill, Laid, Type, cuts, taken

DESK = Desk("zh")


def boxes(laid: Laid) -> list[tuple[int, int, int, int]]:
    return [(round(m.x), round(m.y), round(m.width), round(m.height)) for m in laid.marks if not isinstance(m, Type)]


def test_column_and_row() -> None:
    column = Column(
        (Bar(10, "ink"), Row((Bar(20, "ink"), Bar(40, "ink")), (100, 1.0), 10, "middle")), 5, (1, 2, 3, 4), "mist"
    )
    laid = column.lay(306, DESK)
    assert laid.height == 1 + 10 + 5 + 40 + 3
    assert boxes(laid) == [(0, 0, 306, 59), (4, 1, 300, 10), (4, 26, 100, 20), (114, 16, 190, 40)]


def test_grid_cards_are_equally_high_and_a_short_row_keeps_its_columns() -> None:
    cards = [Column((Bar(high, "ink"),), 0, (10, 10, 10, 10), "mist") for high in (30, 50, 20)]
    laid = Grid(cards, 2, 20).lay(220, DESK)
    grounds = [box for box in boxes(laid) if box[2] == 100]
    assert grounds == [(0, 0, 100, 70), (120, 0, 100, 70), (0, 90, 100, 40)]
    assert laid.height == 130


def test_timeline_dots_stand_on_the_rail_at_each_first_line() -> None:
    laid = Timeline((Bar(100, "ink"), Bar(60, "ink")), 40, 50, "signal", "line", 20, 40).lay(500, DESK)
    assert laid.height == 200
    assert boxes(laid) == [(8, 20, 4, 140), (0, 10, 20, 20), (50, 0, 450, 100), (0, 150, 20, 20), (50, 140, 450, 60)]


def test_a_column_spreads_what_is_to_spare() -> None:
    laid = Column((Bar(10, "ink"), Bar(10, "ink"), Bar(10, "ink")), 5, spread=True).lay(100, DESK, 100)
    assert [box[1] for box in boxes(laid)] == [0, 45, 90]


def test_pictures_keep_their_shape() -> None:
    laid = Image("slide", 16 / 9, 320).lay(200, DESK)
    assert isinstance(laid.marks[0], Art)
    assert laid.marks[0].width / laid.marks[0].height == pytest.approx(16 / 9)


def test_a_number_and_its_unit_share_a_baseline_and_fit() -> None:
    for width in (400, 220, 140):
        laid = Number("15,400", "分钟", (92, 68, 44), "signal", GIVEN).lay(width, DESK)
        types = [mark for mark in laid.marks if isinstance(mark, Type)]
        assert all(mark.x + mark.setting.width <= width + 1 for mark in types)
        assert len({round(mark.y + mark.setting.lines[0].baseline) for mark in types}) == 1


@pytest.mark.parametrize("most", [150, 300, 700, 5000])
def test_cuts_go_through_nothing(most: int) -> None:
    text = "没有目录的录像，等于没有录像；短的版本，一定要从长的版本里面来。"
    cards = [
        Column((Text(text, (30,), "ink", GIVEN), Bar(30 + 17 * n, "ink")), 8, (9, 9, 9, 9), "mist") for n in range(6)
    ]
    laid = Column(
        (Timeline(cards, 30, 40, "signal", "line"), Text(text * 3, (30,), "ink", GIVEN)),
        40,
        (20, 0, 20, 0),
        "paper",
        whole=False,
    ).lay(500, DESK)
    places = cuts(laid, most)
    assert places == sorted(set(places))
    assert all(not top < place < bottom for place in places for top, bottom in taken(laid))
    assert bool(places) == (laid.height > most)
    highest = max(bottom - top for top, bottom in taken(laid))
    edges = [0, *places, laid.height]
    assert max(b - a for a, b in pairwise(edges)) <= max(most, highest + 2 * 40)


def test_a_bands_ground_and_the_rail_may_be_cut() -> None:
    laid = Laid(
        10, 100, (Fill(0, 0, 10, 100, "ink", whole=False), Fill(0, 10, 10, 20, "ink"), Fill(0, 60, 10, 20, "ink"))
    )
    assert taken(laid) == [(10, 30), (60, 80)]
    assert cuts(laid, 70) == [45]
