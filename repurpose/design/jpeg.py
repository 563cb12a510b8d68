"""A picture as a jpg of at most so many bytes."""

from __future__ import annotations

import io

from PIL import Image

from repurpose.errors import NothingFits

_WORST = 60  # a jpg of a lower quality shows it around the type


def encoded(image: Image.Image, quality: int, most: int) -> bytes:
    """The jpg at `quality`, or at the best below it that keeps `most` bytes. Raises NothingFits when none does."""
    for tried in range(quality, _WORST - 1, -6):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=tried, optimize=True, subsampling=0 if tried >= 80 else 2)
        if file.tell() <= most:
            return file.getvalue()
    raise NothingFits(f"a picture of {image.width}x{image.height} needs more than {most} bytes as a jpg")
