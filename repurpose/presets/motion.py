"""How dynamic posters look, sound and are written."""

from __future__ import annotations

from pydantic import Field

from repurpose.models import Model
from repurpose.presets.posters import PosterPreset, PosterSize
from repurpose.presets.times import Duration


class MotionPreset(Model):
    """presets/motion.toml: posters on which a quote appears word by word with the voice; and their templates."""

    sizes: tuple[PosterSize, ...] = Field((), description="sizes each is made in")
    most: int = Field(1, ge=0, le=8, description="quotes that get one")
    at_least: Duration = Field(6000, ge=1000, description="shortest film; the last picture stands until then")
    at_most: Duration = Field(12_000, ge=2000, description="longest film; a quote that takes longer gets none")
    hold: Duration = Field(1400, ge=0, description="how long the last picture stands after the last word at least")
    appears: Duration = Field(160, ge=0, le=1000, description="how long a word takes to appear")
    rate: int = Field(25, ge=10, le=60, description="frames a second")
    crf: int = Field(20, ge=10, le=35, description="x264 quality; lower is better")
    bars: int = Field(72, ge=16, le=200, description="bars of the wave")
    loudness: float = Field(-16.0, ge=-40, le=-5, description="LUFS of the voice")
    true_peak: float = Field(-1.5, ge=-9, le=0, description="dBTP, never above")
    fade: Duration = Field(20, ge=0, le=500, description="fade of the voice at both ends")
    moving_width: int = Field(540, ge=0, le=1080, description="width of the moving WebP in pixels; 0 makes none")
    moving_rate: int = Field(10, ge=2, le=25, description="its frames a second")
    moving_bytes: int = Field(2_000_000, ge=100_000, description="its largest size; it is made smaller until it fits")
    quality: int = Field(76, ge=30, le=95, description="its quality to begin with")
    templates: dict[str, PosterPreset] = Field(
        default_factory=dict, description="set by the reader, from presets/motions/"
    )
