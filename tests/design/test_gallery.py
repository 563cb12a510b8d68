"""Posters hold their rules in every template, size and length, and look as they were approved."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from repurpose.presets import PosterSize
from tests.design.gallery import ALIKE, Cell, apart, approved, cells, hash_of, hung
from tests.design.test_posters import POSTERS, SAID
from tests.matrix import quick_first

EVERY = list(cells())


def look(cell: Cell) -> None:
    off = apart(hash_of(hung(cell)), approved()[cell.name])
    assert off <= ALIKE, f"{cell.name} looks different: look at it (python -m tests.design.gallery), then --approve"


@pytest.mark.parametrize("template", quick_first(sorted(POSTERS.templates), 2))
def test_a_template_looks_as_approved(template: str) -> None:
    for size, said in ((0, "zh mixed"), (2, "en 15" if template != "data" else "en mixed")):
        look(Cell(template, POSTERS.sizes[size], said))


@pytest.mark.slow
@pytest.mark.parametrize("size", POSTERS.sizes, ids=lambda size: size.name)
@pytest.mark.parametrize("template", sorted(POSTERS.templates))
def test_the_gallery_looks_as_approved(template: str, size: PosterSize) -> None:
    for said in SAID:
        look(Cell(template, size, said))


def test_every_place_has_been_approved() -> None:
    assert set(approved()) == {cell.name for cell in EVERY} and len(EVERY) == 6 * 7 * 8


def test_every_template_takes_a_text_in_every_size_it_has_blocks_for() -> None:
    known = approved()
    for template in POSTERS.templates.values():
        for size in POSTERS.sizes:
            taken = [said for said in SAID if known[f"{template.name} {size.name} {said}"] != "-"]
            assert taken or not template.blocks(size.shape), f"{template.name} {size.name}"


def test_a_hash_sees_a_line_that_moved_and_not_a_jpg() -> None:
    cell = Cell("bigquote", POSTERS.sizes[0], "zh 24")
    picture = hung(cell)
    assert picture is not None
    moved = picture.copy()
    strip = picture.crop((0, 250, 1080, 900))
    ImageDraw.Draw(moved).rectangle((0, 250, 1080, 900), fill="#FAF8F4")
    moved.paste(strip, (0, 330))
    assert apart(hash_of(moved), hash_of(picture)) > ALIKE
    near = picture.resize((540, 720)).resize((1080, 1440), Image.Resampling.BILINEAR)
    assert apart(hash_of(near), hash_of(picture)) <= ALIKE
