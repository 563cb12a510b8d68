"""The fonts made for a script: found by name, in their weights, with Simplified forms, complete or refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from repurpose.errors import UserError
from repurpose.render.fonts import BACKSLASH, Family, fonts_for
from repurpose.text.noto import packaged
from repurpose.text.signs import shown
from tests.matrix import quick_first


def drawn(path: Path, sign: str, index: int = 0, weight: int | None = None) -> NDArray[np.int16]:
    font = ImageFont.truetype(str(path), 96, index=index)
    if weight is not None:
        font.set_variation_by_axes([weight])
    image = Image.new("L", (120, 120))
    ImageDraw.Draw(image).text((60, 100), sign, 255, font, anchor="ms")
    return np.asarray(image, np.int16)


def apart(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """The share of the ink in which two drawings differ."""
    return float(np.abs(one - other).sum() / max(1, one.sum()))


def test_each_weight_is_a_family_of_its_own(family: Family) -> None:
    for weight in (400, 700):
        names = TTFont(family.files[weight])["name"]
        assert names.getDebugName(1) == family.face(weight) == f"Repurpose {weight}"
        assert names.getDebugName(2) == "Regular"
    assert apart(drawn(family.files[400], "人"), drawn(family.files[700], "人")) > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("sign", quick_first("直骨化返"))
def test_simplified_forms(sign: str, tmp_path: Path) -> None:
    made = fonts_for("直骨化门返", None, tmp_path).files[400]
    simplified = drawn(packaged(), sign, index=2, weight=400)
    japanese = drawn(packaged(), sign, index=0, weight=400)
    assert apart(drawn(made, sign), simplified) < 0.12  # hints are gone
    assert apart(drawn(made, sign), japanese) > 2 * apart(drawn(made, sign), simplified)


def test_small_and_one_em_high(family: Family) -> None:
    for path in family.files.values():
        font = TTFont(path)
        assert path.stat().st_size < 120_000
        assert font["OS/2"].usWinAscent + font["OS/2"].usWinDescent == font["head"].unitsPerEm
        assert "GSUB" not in font and "fvar" not in font


def test_widths_are_the_fonts_own(family: Family) -> None:
    font = ImageFont.truetype(str(family.files[700]), 100, layout_engine=ImageFont.Layout.BASIC)
    for text in ("The quick brown fox", "我们来看一下 AI，3.5%"):
        assert family.width(text, 100, 700) == pytest.approx(font.getlength(text), rel=0.02)


def test_a_missing_sign_is_named_early(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"NotoSansCJK-VF.otf.ttc has no glyph for 😀 \(U\+1F600\)"):
        fonts_for("你好😀", None, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_brands_own_font(family: Family, tmp_path: Path) -> None:
    own = tmp_path / "Brand.otf"
    own.write_bytes(family.files[700].read_bytes())
    made = fonts_for("人工智能 AI", own, tmp_path / "fonts")
    assert apart(drawn(made.files[400], "人"), drawn(family.files[700], "人")) < 0.02  # no weight axis: as it is
    with pytest.raises(UserError, match=r"Brand\.otf has no glyph for 龘 \(U\+9F98\)\. Give the brand a font"):
        fonts_for("龘", own, tmp_path / "fonts")


def test_a_file_that_is_no_font(tmp_path: Path) -> None:
    (tmp_path / "logo.ttf").write_bytes(b"not a font")
    for name in ("logo.ttf", "gone.ttf"):
        with pytest.raises(UserError, match=rf"{name}: cannot be read as a font"):
            fonts_for("a", tmp_path / name, tmp_path / "fonts")


def test_what_cannot_be_drawn_is_left_out() -> None:
    assert shown(" a\u200bb\tc\n\u3000d\ufe0f\u2028e\x07 ") == "ab c d e"


def test_a_backslash_has_a_sign_of_its_own(family: Family) -> None:
    assert apart(drawn(family.files[400], BACKSLASH), drawn(family.files[400], "\\")) == 0
