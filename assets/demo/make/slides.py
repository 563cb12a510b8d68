"""Draws every slide of the talk with headless Chromium: NAME or NAME.STEP -> a 1920 x 1080 picture."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from . import slides_lengths, slides_opening, slides_sales, slides_signals

HERE = Path(__file__).parent
Picture = NDArray[np.uint8]
CHROMIUM = "chromium"


def html_of(name: str) -> str:
    """The markup of one slide; KeyError when the talk names one that nobody drew."""
    base, _, step = name.partition(".")
    if base in slides_sales.QUESTIONS:
        return slides_sales.question(*slides_sales.QUESTIONS[base])
    wanted = f"{base}_" if base in {"page", "list"} else base  # those two names are taken
    parts = (slides_opening, slides_lengths, slides_signals, slides_sales)
    drawn = next((getattr(part, wanted) for part in parts if hasattr(part, wanted)), None)
    if drawn is None:
        raise KeyError(f"no slide is called {base!r}")
    return str(drawn(int(step or 1)))


def font_file(keep: Path) -> Path:
    """Noto Sans CJK SC (variable), taken out of the collection that manimgx-fonts-cjk carries."""
    path = keep / "NotoSansCJKsc-VF.otf"
    if not path.exists():
        import manimgx_fonts_cjk
        from fontTools.ttLib import TTCollection

        folder = Path(manimgx_fonts_cjk.__file__).parent
        TTCollection(folder / "NotoSansCJK-VF.otf.ttc").fonts[2].save(path)
    return path


def photograph(markup: str, width: int, height: int, keep: Path) -> Picture:
    """A screenshot of this markup as [height, width, 3] RGB; the same markup is drawn once."""
    style = (HERE / "style.css").read_text(encoding="utf-8").replace("FONT_URL", font_file(keep).as_uri())
    whole = f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><style>{style}</style><body>{markup}'
    name = hashlib.sha256(f"{width}x{height}{whole}".encode()).hexdigest()[:20]
    shot = keep / f"{name}.png"
    if not shot.exists():
        source = keep / f"{name}.html"
        source.write_text(whole, encoding="utf-8")
        subprocess.run(
            [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb",
             "--virtual-time-budget=4000", f"--window-size={width},{height}", f"--screenshot={shot}", source.as_uri()],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    with Image.open(shot) as picture:
        return np.asarray(picture.convert("RGB"))


def draw_slides(names: list[str], keep: Path) -> dict[str, Picture]:
    """Every named slide; fifteen share one screenshot, for starting the browser is what takes long."""
    keep.mkdir(parents=True, exist_ok=True)
    found: dict[str, Picture] = {}
    for first in range(0, len(names), 15):
        some = names[first : first + 15]
        sheet = photograph("".join(html_of(name) for name in some), 1920, 1080 * len(some), keep)
        for index, name in enumerate(some):
            found[name] = sheet[1080 * index : 1080 * (index + 1)]
    return found
