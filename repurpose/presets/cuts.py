"""What is chosen of a recording: the rungs of the ladder, and the takes of each."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from repurpose.models import Model, Ms
from repurpose.presets.times import Duration


class CutPreset(Model):
    """presets/cuts/NAME.toml: one rung of the ladder."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    at_most: Duration = Field(description="longest length of the file")
    at_least: Duration = Field(0, ge=0, description="shortest length worth publishing; 0 means 5/6 of at_most")
    within: str = Field("", description="the longer cut this one is chosen from; empty: from the whole recording")
    takes: int = Field(1, ge=1, le=9, description="how many different ones to make")
    aim: Literal["cover", "story", "point", "hook"] = Field(
        "point", description="cover every chapter, tell the story, make one point, or be the hook"
    )
    tighten: Duration = Field(
        1200, ge=0, description="dead air inside a span longer than this is shortened; 0 leaves it"
    )
    fillers: bool = Field(True, description="cut filler words that stand between pauses")
    renders: tuple[str, ...] = Field(("landscape",), description="which renders to make of it")

    @property
    def floor(self) -> Ms:
        return self.at_least or self.at_most * 5 // 6


class TakePreset(Model):
    """One take of a cut; made from the cut's preset, not from a file."""

    name: str = Field(description="the cut's name, and -1, -2, ... where there are several takes")
    cut: str = Field(description="the cut it is a take of")
    take: int = Field(ge=1, description="which one, counted from 1")
    renders: tuple[str, ...] = Field(description="which renders to make of it")
