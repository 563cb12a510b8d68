"""MoviePy, which composes short moving pictures."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from repurpose.media.ffmpeg import program


@cache
def moviepy() -> Any:
    """MoviePy, told which ffmpeg there is, and kept from reading a `.env` of whoever runs us into our environment."""
    before = dict(os.environ)
    os.environ["IMAGEIO_FFMPEG_EXE"] = program()
    try:
        import moviepy as mpy
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
    return mpy
