"""TOML -> presets; the only reader of the folder presets/. A user's folder overlays ours, file by file.

A new cut, render or brand is a TOML file, not code. An unknown field is refused with the name it was probably meant to be.
"""

from repurpose.presets.brands import BrandFile, BrandLook, BrandPreset
from repurpose.presets.channels import ChannelPreset, Channels
from repurpose.presets.cuts import CutPreset, TakePreset
from repurpose.presets.experiments import ExperimentsPreset
from repurpose.presets.files import (
    assets,
    brand_names,
    load,
    load_brand,
    load_experiments,
    load_leads,
    load_segments,
    shipped,
)
from repurpose.presets.leads import FitRule, LeadsPreset, MqlRule, RfeRule, WatchedPoints
from repurpose.presets.motion import MotionPreset
from repurpose.presets.posters import PosterBlock, PosterPreset, PosterSize, PostersPreset
from repurpose.presets.renders import CaptionStyle, Limit, RenderPreset, TitleStyle, Zone
from repurpose.presets.segments import SegmentRule, SegmentsPreset
from repurpose.presets.steps import HighlightsPreset, SlidesPreset, TranscribePreset
from repurpose.presets.stream import StreamPreset
from repurpose.presets.summaries import SummariesPreset, SummaryPreset, SummaryWords
from repurpose.presets.times import Duration, duration
from repurpose.presets.toml import read
from repurpose.presets.whole import Presets

__all__ = [
    "BrandFile", "BrandLook", "BrandPreset", "CaptionStyle", "ChannelPreset", "Channels", "CutPreset", "Duration", "ExperimentsPreset", "FitRule", "HighlightsPreset", "LeadsPreset", "Limit", "MotionPreset", "MqlRule", "PosterBlock", "PosterPreset",
    "PosterSize", "PostersPreset", "Presets", "RenderPreset", "RfeRule",
    "SegmentRule", "SegmentsPreset", "SlidesPreset", "StreamPreset", "SummariesPreset", "SummaryPreset", "SummaryWords", "TakePreset", "TitleStyle",
    "TranscribePreset", "WatchedPoints", "Zone", "assets", "brand_names", "duration", "load", "load_brand", "load_experiments", "load_leads", "load_segments",
    "read", "shipped",
]  # fmt: skip
