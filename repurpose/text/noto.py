"""Noto Sans CJK, the font that is installed with us: Chinese and Latin, in every weight."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

SIMPLIFIED = 2  # the face of the collection with the forms of Simplified Chinese


@cache
def packaged() -> Path:
    """The collection of variable fonts that is installed with us."""
    return _folder("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"


@cache
def serif() -> Path:
    """Noto Serif SC, one weight, that is installed with us."""
    return _folder("pylopdf_fonts_zh_cn") / "NotoSerifSC-Regular.otf"


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent
