"""What a lead earned: the lines of its ledger, as they are reckoned and kept."""

from __future__ import annotations

from dataclasses import dataclass

from repurpose.models.base import Ms

Stretches = tuple[tuple[Ms, Ms], ...]  # of the recording


@dataclass(frozen=True)
class Entry:
    """A line of a lead's ledger. A rule and what it rests on stand in it once."""

    at: int  # ms since 1970
    rule: str  # watched-50, rewatch, form, cta, file, poster, card, fit-decides
    ground: str
    points: float  # to the hundredth
    fades: bool = True
    event: str = ""
    asset: str = ""
    seen: Stretches = ()  # the very seconds


@dataclass(frozen=True)
class Word:
    """What the CRM said of a lead, and when it was so; for `won` what it brought, in hundredths of a currency."""

    at: int
    stage: str  # sql opp won lost
    amount: int = 0
