"""How long films are packaged for players that choose how much to load."""

from __future__ import annotations

from pydantic import Field

from repurpose.models import Model
from repurpose.presets.times import Duration


class StreamPreset(Model):
    """presets/stream.toml: which films are also packaged as an HLS ladder, and with which rungs."""

    at_least: Duration = Field(0, ge=0, description="films this long and longer get a ladder; 0: none does")
    segment: Duration = Field(6000, ge=2000, le=10_000, description="how often a player may change rungs")
    largest: int = Field(1080, ge=240, le=2160, description="short side of the highest rung at most, in pixels")
    rungs: tuple[int, ...] = Field((720, 360), description="short sides of the rungs below it, in pixels")
    crf: int = Field(23, ge=14, le=35, description="x264 quality of encoded rungs; lower is better")
    speed: str = Field("veryfast", description="x264 preset of encoded rungs")
    bits: float = Field(2.8, gt=0, description="most bits a second of an encoded rung for each of its pixels")
