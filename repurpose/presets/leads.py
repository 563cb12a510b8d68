"""What a lead's behaviour is worth, and when it is ripe for sales."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from repurpose.models import Model
from repurpose.models.base import DAY_MS
from repurpose.presets.times import Duration

Points = Annotated[float, Field(ge=0, le=1000)]
Steps = Annotated[tuple[float, ...], Field(min_length=4, max_length=4)]


class WatchedPoints(Model):
    """presets/leads.toml: [[watched]]"""

    percent: int = Field(ge=1, le=100, description="of a version's seconds, each counted once")
    points: Points = Field(description="for the first time it is reached, times the version's weight")


class FitRule(Model):
    """presets/leads.toml: [[fit]]"""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$", description="what the scorecard calls it")
    field: str = Field(description="which of the lead's answers it looks at: title, company, or one of your own")
    any: tuple[str, ...] = Field((), description="words; one of them in the answer is enough")
    points: Points = Field(description="of several rules on one field, the first that fits counts")


class MqlRule(Model):
    """presets/leads.toml: [mql]"""

    at: float = Field(60, ge=0, description="a lead becomes an MQL at this score")
    below: float = Field(45, ge=0, description="and is none any more once it was below this")
    after: Duration = Field(14 * DAY_MS, ge=0, description="for so long")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.below > self.at:
            raise ValueError(f"below ({self.below:g}) may not lie above at ({self.at:g})")
        return self


class RfeRule(Model):
    """presets/leads.toml: [rfe]"""

    recency: Steps = Field((30, 14, 7, 2), description="days since the last view, at most, for 2, 3, 4 and 5")
    frequency: Steps = Field((2, 3, 5, 8), description="days with a view, of the last 30, at least")
    engagement: Steps = Field((0.25, 0.75, 1.5, 3.0), description="weighted versions' worth of seconds, at least")
    fifths_from: int = Field(50, ge=5, description="from so many leads on, each number goes to a fifth of them")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name, steps in (("frequency", self.frequency), ("engagement", self.engagement)):
            if any(a >= b for a, b in pairwise(steps)):
                raise ValueError(f"{name} must rise from step to step")
        if any(a <= b for a, b in pairwise(self.recency)):
            raise ValueError("recency must fall from step to step")
        return self


class LeadsPreset(Model):
    """presets/leads.toml: scores, RFE, stages and the funnel."""

    half_life: Duration = Field(14 * DAY_MS, ge=3_600_000, description="behaviour so long ago counts half")
    per_asset: Points = Field(30, description="the most that one version can earn for one lead")
    per_day: Points = Field(40, description="the most that one day can earn")
    average: Annotated[tuple[Annotated[float, Field(gt=0, le=100)], ...], Field(min_length=4, max_length=4)] = Field(
        (15, 50, 41, 37), description="usual rates in percent: Leads to MQL, to SQL, to OPP, to Won"
    )
    watched: tuple[WatchedPoints, ...] = Field((), description="points for what was watched")
    acts: dict[str, Points] = Field(
        default_factory=dict, description="points for rewatch, form, cta, file, poster and card"
    )
    weights: dict[str, Annotated[float, Field(ge=0, le=10)]] = Field(
        default_factory=dict, description="of the versions, by cut; 1 where none is named"
    )
    mql: MqlRule = Field(default_factory=lambda: MqlRule.model_validate({}), description="when a lead is an MQL")
    rfe: RfeRule = Field(
        default_factory=lambda: RfeRule.model_validate({}), description="where the numbers of R, F and E begin"
    )
    fit: tuple[FitRule, ...] = Field((), description="points for who it is")

    @model_validator(mode="after")
    def _known(self) -> Self:
        strange = sorted(self.acts.keys() - ACTS)
        if strange:
            raise ValueError(f"acts names {strange[0]!r}, which is none. There are: {', '.join(sorted(ACTS))}")
        shares = [one.percent for one in self.watched]
        if len(set(shares)) < len(shares):
            raise ValueError("watched names a percentage twice")
        return self

    def weight(self, cut: str) -> float:
        """What a version of this cut counts; the recording itself is `replay`."""
        return self.weights.get(cut, 1.0)


ACTS = frozenset({"rewatch", "form", "cta", "file", "poster", "card"})
