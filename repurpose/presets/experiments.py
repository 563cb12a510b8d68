"""How an experiment of two titles or covers is judged."""

from __future__ import annotations

from pydantic import Field

from repurpose.models import Model
from repurpose.presets.times import Duration


class ExperimentsPreset(Model):
    """presets/experiments.toml: when one of two is called the better."""

    wrong: float = Field(
        0.05, gt=0, lt=0.5, description="so likely at most that one of two equals is called the better"
    )
    unbalanced: float = Field(
        0.001, gt=0, lt=0.1, description="a split so unlikely is not by chance: the trial is void"
    )
    days: int = Field(3, ge=0, le=90, description="it runs at least so long")
    longest: int = Field(28, ge=1, le=365, description="days after which the first one stays")
    visitors: int = Field(100, ge=1, description="each was shown to at least so many")
    within: Duration = Field(
        3_600_000, ge=1000, description="a view counts when it began so soon after the page was shown"
    )
    stays: int = Field(60, ge=1, description="who watched so many seconds, or half of it, stayed")
    expects: float = Field(
        20.0,
        ge=0.5,
        description="both parameters of a Beta distribution: larger finds small differences sooner and large ones later",
    )
