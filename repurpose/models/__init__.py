"""The artifact types. Frozen, unknown fields refused, no I/O; imports nothing of ours.

Every time is an integer of milliseconds on the recording's clock, whose 0 is its first shown frame. Only
`EditDecisionList.to_source` and `to_output` translate to and from the clock of a cut.
"""

from __future__ import annotations

from repurpose.models.base import Blob, Language, Model, Ms, Span
from repurpose.models.found import (
    Chapter,
    Chapters,
    Highlight,
    Highlights,
    Reason,
    Recording,
    Sentence,
    Shot,
    Shots,
    Slide,
    Slides,
    Sound,
    Transcript,
    VideoFacts,
    Word,
)
from repurpose.models.given import (
    AgendaItem,
    CallToAction,
    ChatMessage,
    Choices,
    Event,
    Live,
    Retention,
    Source,
    Speaker,
    TitleCard,
    Vocabulary,
)
from repurpose.models.made import Asset, Cue, EditDecisionList, Edits, Package, Rendition, Skipped, Skips, Versions

__all__ = [
    "AgendaItem",
    "Asset",
    "Blob",
    "CallToAction",
    "Chapter",
    "Chapters",
    "ChatMessage",
    "Choices",
    "Cue",
    "EditDecisionList",
    "Edits",
    "Event",
    "Highlight",
    "Highlights",
    "Language",
    "Live",
    "Model",
    "Ms",
    "Package",
    "Reason",
    "Recording",
    "Rendition",
    "Retention",
    "Sentence",
    "Shot",
    "Shots",
    "Skipped",
    "Skips",
    "Slide",
    "Slides",
    "Sound",
    "Source",
    "Span",
    "Speaker",
    "TitleCard",
    "Transcript",
    "Versions",
    "VideoFacts",
    "Vocabulary",
    "Word",
]
