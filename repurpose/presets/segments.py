"""What a lead is tagged with, and the segments marketing and sales look at."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from repurpose.models import Model
from repurpose.presets.times import Duration

Words = tuple[Annotated[str, Field(min_length=1, max_length=100)], ...]


class SegmentRule(Model):
    """presets/segments.toml: [[segment]]"""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="what it is asked for by")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    stage: tuple[Literal["lead", "mql", "sql", "opp", "won", "lost"], ...] = Field(
        (), description="stands on one of these"
    )
    score: float | None = Field(None, ge=0, description="has at least this score")
    topic: Words = Field((), description="words; a topic or a term that was watched has one of them")
    channel: Words = Field((), description="came by one of these")
    registered: bool | None = Field(None, description="registered for a live event")
    attended: bool | None = Field(None, description="was there; false also where the platform did not say")
    watched: bool | None = Field(None, description="has a view of any version")
    contacted: bool | None = Field(None, description="the CRM has said anything of them")
    idle: Duration | None = Field(None, ge=0, description="has views, the last of them this long ago or longer")

    @model_validator(mode="after")
    def _says(self) -> Self:
        if not self.model_fields_set - {"name", "label", "label_en"}:
            raise ValueError("says nothing of whom it takes in")
        return self


class SegmentsPreset(Model):
    """presets/segments.toml: tags and segments."""

    share: float = Field(0.5, gt=0, le=1, description="so much of a topic's seconds were watched: it interests them")
    seconds: int = Field(10, ge=1, description="and at least so many, or all there are")
    segment: tuple[SegmentRule, ...] = Field((), description="everything that a segment says must hold")

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [one.name for one in self.segment]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"segment {twice!r} is there twice")
        return self
