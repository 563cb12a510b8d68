"""100 sentences burned in, Chinese, English and mixed: inside their boxes to the pixel, read back by OCR, as in the sheet.

`tests/golden/captions.png` is what they look like; `REPURPOSE_GOLDEN=1` draws it anew after a change that was meant.
"""

from __future__ import annotations

import difflib
import os
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from repurpose.models import Sentence
from repurpose.render.burned import script_of
from repurpose.render.fonts import Family
from tests.render.lettering import RENDERS, TERMS, Shown, brand, fill_with, frames, hundred, inked, read, render, scene

GOLDEN = Path(__file__).parent.parent / "golden" / "captions.png"
CELL = (360, 84)
COLUMNS = 5
EACH = 20  # sentences a render
pytestmark = pytest.mark.slow


def drawn(name: str, family: Family, folder: Path) -> list[tuple[str, str, NDArray[np.uint8]]]:
    """Of each sentence of a render, its language, the words of a caption, and a frame in which it stands."""
    style = render(name).model_copy(update={"progress": False})
    at = RENDERS.index(name)
    chosen = hundred()[at::5]
    dice = random.Random(at)
    found = []
    for language in ("zh", "en"):
        mine = [one for one in chosen if one[0] == language]
        spoken = fill_with(mine)
        end = spoken[-1].end + 1000
        kind = "aside" if language == "en" else "slide"
        script = script_of(
            spoken,
            language,
            [scene(style, kind, 0, end)],
            render=style,
            brand=brand(),
            family=family,
            terms=TERMS,
            start=0,
            end=end,
        )
        lines = read(script, "Caption")
        numbers = [_somewhere(sentence, lines, dice) for sentence in spoken]
        pictures = frames(script, style, family.folder, folder, end / 1000, rate=2, only=numbers)
        room = scene(style, kind, 0, end).captions
        for sentence, number, picture in zip(spoken, numbers, pictures, strict=True):
            shown = [line.text for line in lines if line.start <= number * 500 < line.end]
            box = inked(picture)
            assert box is not None, sentence.text
            assert box[0] >= room.x and box[2] <= room.x + room.width, sentence.text
            assert box[1] >= room.y and box[3] <= room.y + room.height, sentence.text
            part = picture[int(room.y) : int(room.y + room.height), int(room.x) : int(room.x + room.width)]
            found.append((language, " ".join(shown), np.array(part)))
    return found


def _somewhere(sentence: Sentence, lines: list[Shown], dice: random.Random) -> int:
    """A frame, of two a second, in which some caption of the sentence stands."""
    first = (sentence.start + dice.randrange(sentence.length * 3 // 4)) // 500 + 1
    return next(
        number for number in range(first, first + 99) if any(line.start <= number * 500 < line.end for line in lines)
    )


def words(text: str, language: str) -> list[str]:
    """What OCR is compared by: English words, Chinese characters and the Latin words among them."""
    return re.findall(r"[a-z0-9.%]+|[\u4e00-\u9fff]", text.lower())


def test_a_hundred_sentences(family: Family, tmp_path: Path) -> None:
    from rapidocr import RapidOCR

    small = {
        "Det.limit_type": "max",
        "Det.limit_side_len": 960,
    }  # lines are found in the picture as it is, not enlarged
    reader: Any = RapidOCR(params={"Global.log_level": "critical", "Global.use_cls": False, **small})
    cells: list[Image.Image] = []
    right: dict[str, list[float]] = {"zh": [], "en": []}
    for name in RENDERS:
        for language, shown, picture in drawn(name, family, tmp_path):
            cell = Image.fromarray(picture)
            cell.thumbnail(CELL, Image.Resampling.LANCZOS)
            cells.append(cell)
            result = reader(np.ascontiguousarray(picture[..., ::-1]))
            heard = " ".join(result.txts or ())
            wanted, got = words(shown, language), words(heard, language)
            same = sum(block.size for block in difflib.SequenceMatcher(None, wanted, got, False).get_matching_blocks())
            right[language].append(same / len(wanted))
    assert len(cells) == 100
    print({language: f"{np.mean(shares):.3f}" for language, shares in right.items()})
    assert np.mean(right["en"]) >= 0.9 and np.mean(right["zh"]) >= 0.85
    sheet = laid_out(cells)
    if os.environ.get("REPURPOSE_GOLDEN"):
        sheet.quantize(48).save(GOLDEN, optimize=True)
    golden = np.asarray(Image.open(GOLDEN).convert("RGB"), np.int16)
    assert golden.shape == (sheet.height, sheet.width, 3)
    # Colours were cut to few, and another libass may set a pixel otherwise; another break or another font is far more.
    apart = np.abs(np.asarray(sheet, np.int16) - golden).mean()
    assert apart < 4, apart


def laid_out(cells: list[Image.Image]) -> Image.Image:
    """The captions in a sheet of five columns."""
    rows = -(-len(cells) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (CELL[0] + 8), rows * (CELL[1] + 8)), "white")
    for at, cell in enumerate(cells):
        sheet.paste(cell, (at % COLUMNS * (CELL[0] + 8) + 4, at // COLUMNS * (CELL[1] + 8) + 4))
    return sheet
