"""Durations as people write them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from repurpose.models import Ms

_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def duration(value: Any) -> Any:
    """`90s`, `1.2s`, `250ms`, `30min`, `1h`, `14d` -> milliseconds; whole numbers pass as milliseconds."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)\s*", value)
    if not match:
        raise ValueError(f"{value!r} is not a duration: write 90s, 250ms, 30min, 1h or 14d")
    return round(float(match[1]) * _UNITS[match[2]])


Duration = Annotated[Ms, BeforeValidator(duration)]
