"""In which order a page is read, and what its title is."""

from __future__ import annotations

from repurpose.slides.layout import furniture_of, ordered, title_of
from repurpose.slides.ocr import Line

TITLE = Line(0.05, 0.05, 0.6, 0.13, "Plan for the year")
FOOT = Line(0.4, 0.95, 0.6, 0.98, "ACME Corp 2026")


def line(left: float, top: float, text: str, height: float = 0.04) -> Line:
    return Line(left, top, left + 0.3, top + height, text)


def test_columns_are_read_one_after_the_other() -> None:
    lines = [TITLE, line(0.05, 0.3, "a1"), line(0.55, 0.3, "b1"), line(0.05, 0.4, "a2"), line(0.55, 0.41, "b2"), FOOT]
    assert [found.text for found in ordered(lines[::-1])] == ["Plan for the year", "a1", "a2", "b1", "b2", FOOT.text]


def test_lines_on_one_height_are_read_from_left_to_right() -> None:
    assert [found.text for found in ordered([line(0.6, 0.301, "right"), line(0.05, 0.3, "left")])] == ["left", "right"]


def test_the_title_is_the_largest_text_near_the_top() -> None:
    assert title_of([line(0.05, 0.01, "KCD Beijing", 0.02), TITLE, line(0.05, 0.3, "first point"), FOOT]) == TITLE.text


def test_a_title_of_two_lines_is_joined_as_its_language_does() -> None:
    assert title_of([line(0.1, 0.3, "Growth by", 0.1), line(0.1, 0.42, "replay", 0.1)]) == "Growth by replay"
    assert title_of([line(0.1, 0.3, "把一场直播", 0.1), line(0.1, 0.42, "变成一年", 0.1)]) == "把一场直播变成一年"


def test_numbers_footers_watermarks_and_corner_logos_are_no_titles() -> None:
    logo = Line(0.85, 0.02, 0.98, 0.14, "ACME")
    number = Line(0.1, 0.1, 0.2, 0.4, "42")
    mark = Line(0.1, 0.1, 0.5, 0.5, "VISUAL", level=False)
    foot = Line(0.1, 0.9, 0.9, 0.99, "A large footer")
    assert title_of([logo, number, mark, foot, TITLE]) == TITLE.text
    assert title_of([number, foot, mark]) == ""


def test_what_stands_on_most_pages_is_no_title() -> None:
    banner = Line(0.05, 0.01, 0.6, 0.13, "Community Days")
    pages = [[banner, line(0.05, 0.2, f"Topic {name}")] for name in ("one", "two", "three", "four")]
    furniture = furniture_of(pages)
    assert furniture == {"Community Days"}
    assert title_of(pages[2], furniture) == "Topic three"
