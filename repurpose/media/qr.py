"""A link as the pixels of its QR code."""

from __future__ import annotations

import numpy as np
import segno
from numpy.typing import NDArray

QUIET = 4  # modules of white around it (ISO/IEC 18004)
LEAST = 4  # pixels a module has at least


def side_of(link: str, wanted: int) -> int:
    """Pixels of a side that the code fills with whole modules: nearest to `wanted`, LEAST a module at least."""
    modules = _modules(link)
    return modules * max(LEAST, round(wanted / modules))


def side_from(link: str, least: int) -> int:
    """The smallest side from `least` pixels on that the code fills with whole modules, LEAST a module at least."""
    modules = _modules(link)
    return modules * max(LEAST, -(-least // modules))


def code_pixels(link: str, size: int) -> NDArray[np.uint8]:
    """[size, size, 3], black on white with its quiet zone, every module the same whole pixels.

    Raises ValueError when a module would be under LEAST pixels.
    """
    code = segno.make(link, error="l", micro=False)  # as coarse as can be; segno adds what correction fits
    dark = np.array([list(row) for row in code.matrix], bool)
    module = size // (len(dark) + 2 * QUIET)
    if module < LEAST:
        raise ValueError(f"a code of {len(link)} characters does not fit into {size} pixels")
    image = np.full((size, size, 3), 255, np.uint8)
    edge = (size - module * len(dark)) // 2
    inside = slice(edge, edge + module * len(dark))
    image[inside, inside][np.kron(dark, np.ones((module, module), bool))] = 0
    return image


def _modules(link: str) -> int:
    """Modules on a side, its quiet zone included."""
    return int(segno.make(link, error="l", micro=False).symbol_size(border=QUIET)[0])
