"""How a step works: listening, looking at pages, weighing highlights. One file each."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from repurpose.models import Model
from repurpose.presets.times import Duration


class TranscribePreset(Model):
    """presets/transcribe.toml: who listens, and how."""

    backend: Literal["faster_whisper", "openai_whisper"] = Field("faster_whisper", description="which library listens")
    model: str = Field(
        "base", description="a size (base, small, medium, large-v3-turbo) or a folder of CTranslate2 weights"
    )
    beam: int = Field(1, ge=1, le=10, description="beam size; 1 is greedy and fastest")
    batch: int = Field(4, ge=1, le=64, description="windows decoded together")
    window: Duration = Field(300_000, ge=60_000, description="audio held in memory at once")


class SlidesPreset(Model):
    """presets/slides.toml: when a picture counts as a page."""

    stable: Duration = Field(1500, ge=0, description="a page must stand at least this long")
    ocr: bool = Field(True, description="read the text on the pages")


class HighlightsPreset(Model):
    """presets/highlights.toml: the weight of each signal, and the cue phrases."""

    weights: dict[str, float] = Field(
        default_factory=dict, description="signal -> weight; a missing signal weighs nothing"
    )
    cues: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> phrases that announce something worth hearing"
    )
    greetings: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> phrases of welcome and farewell"
    )
    housekeeping: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> phrases about sound, links, breaks"
    )
    fillers: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> words that carry nothing"
    )
    chapter_at_least: Duration = Field(120_000, ge=10_000, description="shortest chapter")
    chapter_at_most: Duration = Field(600_000, ge=60_000, description="longest chapter")
