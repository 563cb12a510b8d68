"""The one number to steer by, which changes as a programme of webinars grows up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from repurpose.leads.stages import Stage

Maturity = Literal["starting", "growing", "mature"]  # 起步 进阶 成熟
ENOUGH = 10  # of a stage, to steer by it
AUDIENCE = 100


@dataclass(frozen=True)
class NorthStar:
    """How far the programme is, and its number: (what, how many), the first to steer by, the second beside it."""

    maturity: Maturity
    numbers: tuple[tuple[str, int], ...]


def north_star(counts: Mapping[Stage, int], *, registered: int, attended: int, active: int) -> NorthStar:
    """Starting: who signs up and who comes. Growing, from 100 leads or the first SQL on: who watches, and who is an SQL.
    Mature, from ten OPPs on: the OPPs, and what is won of them."""
    if counts["opp"] >= ENOUGH:
        return NorthStar("mature", (("opp", counts["opp"]), ("won", counts["won"])))
    if counts["sql"] or counts["lead"] >= AUDIENCE:
        return NorthStar("growing", (("active", active), ("sql", counts["sql"])))
    return NorthStar("starting", (("registered", registered), ("attended", attended)))
