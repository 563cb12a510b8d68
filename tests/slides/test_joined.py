"""Neighbouring pages that say the same are one page."""

from __future__ import annotations

from repurpose.models import Blob, Slide
from repurpose.slides.pages import joined


def page(start: int, end: int, *lines: str) -> Slide:
    image = Blob(digest=f"{start:064x}", suffix=".jpg", size=1)
    return Slide(start=start, end=end, image=image, title=lines[0] if lines else "", text="\n".join(lines))


def test_a_build_up_is_one_page_at_its_fullest() -> None:
    (only,) = joined([page(0, 4000, "三个原因", "一"), page(4000, 9000, "三个原因", "一", "二")], 3000)
    assert (only.start, only.end, only.text, only.image.digest) == (0, 9000, "三个原因\n一\n二", f"{4000:064x}")


def test_a_speaker_who_moves_makes_no_new_page() -> None:
    pages = [page(at, at + 3000, "问答", "林溪", "周远") for at in range(0, 30_000, 3000)]
    assert [(each.start, each.end) for each in joined(pages, 3000)] == [(0, 30_000)]


def test_another_page_under_the_same_title_stays_another() -> None:
    pages = [page(0, 4000, "Agenda", "one", "two"), page(4000, 9000, "Agenda", "three", "four")]
    assert joined(pages, 3000) == pages


def test_a_page_that_comes_back_later_stays_apart() -> None:
    pages = [page(0, 4000, "Agenda", "one"), page(60_000, 70_000, "Agenda", "one")]
    assert joined(pages, 3000) == pages


def test_pictures_without_words_stay_apart() -> None:
    pages = [page(0, 4000), page(4000, 9000)]
    assert joined(pages, 3000) == pages
