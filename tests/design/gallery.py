"""Every template with every text in every size: held to its rules, and compared with the pictures a person has approved.

`python -m tests.design.gallery` draws them all, says what looks different, and writes a sheet a template to out/gallery;
`--approve` takes what is there now for good. Look at the sheets first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from repurpose.design.posters import as_file, draw_poster, ranked
from repurpose.errors import NothingFits
from repurpose.presets import PosterSize
from tests.design.test_posters import POSTERS, SAID, code_in, material

APPROVED = Path(__file__).parent / "approved.json"
SHEETS = Path("out") / "gallery"
NONE = "-"  # a text this template does not take
ALIKE = 10  # bits of 256 in which two hashes of one picture may differ
MOST_BYTES = 1_000_000
_SIDE, _KEPT = 64, 16  # pixels that are transformed, and frequencies that are kept, on each side


class Cell(NamedTuple):
    """One place in the gallery."""

    template: str
    size: PosterSize
    said: str  # a key of SAID

    @property
    def name(self) -> str:
        return f"{self.template} {self.size.name} {self.said}"


def cells() -> Iterator[Cell]:
    """Every place there is."""
    for template in sorted(POSTERS.templates):
        for size in POSTERS.sizes:
            for said in SAID:
                yield Cell(template, size, said)


def hung(cell: Cell) -> Image.Image | None:
    """The picture in this place; None where the template takes no such text. Fails where it breaks a rule."""
    template, shown = POSTERS.templates[cell.template], material(SAID[cell.said])
    if template not in ranked(POSTERS.templates, shown, ()):
        return None
    try:
        drawn = draw_poster(template, cell.size, shown)  # holds overflow, contrast, line starts and ends, glyphs
    except NothingFits:
        assert cell.size.shape != "tall", f"{cell.name}: the words do not fit"
        return None
    assert drawn.image.size == (cell.size.width, cell.size.height)
    text = "".join("".join(line.text for line in one.setting.lines) for one in drawn.canvas.written)
    assert shown.text.replace(" ", "") in text.replace(" ", ""), f"{cell.name}: words are missing"
    assert min(one.contrast for one in drawn.canvas.written) >= 4.5
    data, suffix = as_file(drawn.image, POSTERS)
    assert suffix == ".jpg" and len(data) <= MOST_BYTES
    if cell.size.code and any(block.kind == "code" for block in template.blocks(cell.size.shape)):
        assert code_in(data) == shown.link and "t=652" in shown.link, f"{cell.name}: its code leads elsewhere"
    return drawn.image


def hash_of(image: Image.Image | None) -> str:
    """What the picture looks like in 256 bits: which of its low frequencies lie above their median (DCT hash)."""
    if image is None:
        return NONE
    small = np.asarray(image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), np.float32)
    low = np.asarray(cv2.dct(small))[:_KEPT, :_KEPT].reshape(-1)
    return np.packbits(low > np.median(low[1:])).tobytes().hex()


def apart(one: str, other: str) -> int:
    """In how many bits two hashes differ; all of them where only one is a picture's."""
    if NONE in (one, other):
        return 0 if one == other else _KEPT * _KEPT
    return (int(one, 16) ^ int(other, 16)).bit_count()


def approved() -> dict[str, str]:
    """Cell -> the hash of its approved picture."""
    found: dict[str, str] = json.loads(APPROVED.read_text("utf-8"))
    return found


def sheet(pictures: dict[Cell, Image.Image | None], template: str) -> Image.Image:
    """A row a text, a column a size."""
    high, gap = 260, 12
    wide = [round(size.width * high / size.height) for size in POSTERS.sizes]
    whole = Image.new("RGB", (sum(wide) + gap * (len(wide) + 1), (high + gap) * len(SAID) + gap), "#9AA3B2")
    for cell, picture in pictures.items():
        column = POSTERS.sizes.index(cell.size)
        if cell.template == template and picture is not None:
            at = gap + sum(wide[:column]) + gap * column, gap + list(SAID).index(cell.said) * (high + gap)
            whole.paste(picture.resize((wide[column], high), Image.Resampling.LANCZOS), at)
    return whole


def main() -> int:
    """Draw the gallery; 1 where something looks different and was not approved now."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--approve", action="store_true", help="what is drawn now is how it shall look")
    chosen = parser.parse_args()
    pictures = {cell: hung(cell) for cell in cells()}
    hashes = {cell.name: hash_of(picture) for cell, picture in pictures.items()}
    SHEETS.mkdir(parents=True, exist_ok=True)
    for template in sorted(POSTERS.templates):
        sheet(pictures, template).save(SHEETS / f"{template}.jpg", quality=88)
    if chosen.approve:
        APPROVED.write_text(json.dumps(hashes, indent=0, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
        print(f"{len(hashes)} places approved; look at {SHEETS}")
        return 0
    known = approved()
    changed = [name for name, own in hashes.items() if apart(own, known.get(name, NONE)) > ALIKE]
    for name in changed:
        print(f"{name}: looks different ({apart(hashes[name], known.get(name, NONE))} bits)")
    print(f"{len(hashes)} places, {len(changed)} look different; sheets in {SHEETS}")
    return 1 if changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
