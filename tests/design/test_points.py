"""Key points, numbers and the thesis: chosen from what was said, and only that."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from repurpose.design.claims import Heard, claims_in
from repurpose.design.points import pointed, shown_number
from repurpose.models import Slides
from repurpose.models.designed import Points
from repurpose.store import FolderStore
from repurpose.text.numerals import numerals_of, unsaid
from tests.design.events import pages, talk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_was_said_in_the_sentences_it_cites(language: str, tmp_path: Path) -> None:
    event, spoken, chapters, highlights = talk(language)
    points = pointed(spoken, chapters, highlights, pages(language, FolderStore(tmp_path), b"png"), event)
    assert points.thesis
    assert 1 <= len(points.parts) <= 2
    assert points.figures
    for point in all_points(points):
        said = " ".join(spoken.sentences[at].text for at in point.sentences)
        assert unsaid(point.text, said) == []
        assert point.at == spoken.sentences[point.sentences[0]].start
        assert point.speaker == spoken.sentences[point.sentences[0]].speaker
    for figure in points.figures:
        said = " ".join(spoken.sentences[at].text for at in figure.point.sentences)
        assert unsaid(f"{figure.number}{figure.unit}", said) == []


def all_points(points: Points):  # type: ignore[no-untyped-def]
    found = [point for part in points.parts for point in part.points] + [figure.point for figure in points.figures]
    return found + ([points.thesis] if points.thesis else [])


def test_what_is_said_again_is_the_thesis_and_is_spelled_as_the_page_has_it(tmp_path: Path) -> None:
    event, spoken, chapters, highlights = talk("zh")
    points = pointed(spoken, chapters, highlights, pages("zh", FolderStore(tmp_path), b"png"), event)
    assert points.thesis is not None
    assert points.thesis.text == "回放不是录像，回放是资产"
    assert points.thesis.sentences in {(2,), (9,)}


def test_a_page_that_was_not_said_gives_nothing(tmp_path: Path) -> None:
    event, spoken, _, highlights = talk("zh")
    store = FolderStore(tmp_path)
    slides = pages("zh", store, b"png")
    other = Slides(
        pages=tuple(
            page.model_copy(update={"title": "", "text": "四十八小时之内，必须有两个真人跟进"}) for page in slides.pages
        )
    )
    heard = Heard(spoken, highlights, other, tuple(who.name for who in event.speakers))
    assert not any(claim.shown for claim in claims_in(heard, 0, 9, 32))


def test_nothing_twice_and_no_greeting(tmp_path: Path) -> None:
    event, spoken, chapters, highlights = talk("zh")
    points = pointed(spoken, chapters, highlights, pages("zh", FolderStore(tmp_path), b"png"), event)
    texts = [point.text for part in points.parts for point in part.points]
    assert len(set(texts)) == len(texts)
    assert not any("欢迎" in text for text in texts)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("一万五千四百分钟", ("15,400", "分钟")),
        ("百分之四十", ("40%", "")),
        ("六成", ("6", "成")),
        ("12万元", ("12", "万元")),
        ("十五点八元", ("15.8", "元")),
        ("$4.5 billion", ("$4.5", "billion")),
        ("two million dollars", ("2", "million dollars")),
        ("fifteen percent", ("15%", "")),
        ("三百个人", ("300", "人")),
    ],
)
def test_numbers_are_written_in_digits_and_stay_the_same(said: str, shown: tuple[str, str]) -> None:
    [numeral] = numerals_of(said)
    assert shown_number(numeral) == shown
    gap = " " if shown[1].isascii() else ""
    assert numerals_of(f"{shown[0]}{gap}{shown[1]}".strip())[0].value == numeral.value != Fraction(0)
