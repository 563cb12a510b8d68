"""How the one-picture summary looks: which bands it has, how much each holds, how large it is and how it is sliced."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from repurpose.models import Model

Band = Literal["header", "figures", "chapters", "quotes", "footer"]


class SummaryWords(Model):
    """What the bands of a summary are called in one language."""

    figures: str = Field("", description="over the numbers")
    chapters: str = Field("", description="over the chapters")
    quotes: str = Field("", description="over the quotes")
    resources: str = Field("", description="over what there is to get")
    scan: str = Field("", description="under the code")
    tag: str = Field("", description="over the title")


class SummaryPreset(Model):
    """presets/summaries/NAME.toml: the event on one picture."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    width: int = Field(1080, ge=720, le=2160, description="pixels")
    height: int = Field(0, ge=0, description="pixels of a single page; 0: as high as it takes, and sliced")
    margin: int = Field(84, ge=24, description="pixels left and right")
    gap: int = Field(72, ge=16, description="pixels between bands")
    bands: tuple[Band, ...] = Field(
        ("header", "figures", "chapters", "quotes", "footer"), description="what it has, from top to bottom"
    )
    parts: int = Field(6, ge=1, le=6, description="chapters at most")
    points: int = Field(3, ge=1, le=3, description="key points of a chapter at most")
    figures: int = Field(4, ge=0, le=6, description="numbers at most")
    columns: int = Field(2, ge=1, le=4, description="numbers in a row")
    quotes: int = Field(2, ge=0, le=4, description="quotes at most")
    slides: bool = Field(True, description="the page a chapter showed, beside it")
    title: tuple[int, ...] = Field((76, 68, 60, 52), description="sizes of the title to try, falling, in pixels")
    thesis: tuple[int, ...] = Field((40, 36, 32), description="and of the thesis")
    number: tuple[int, ...] = Field((92, 80, 68, 56), description="and of the numbers")
    quote: tuple[int, ...] = Field((44, 40, 36), description="and of the quotes")
    code: int = Field(220, ge=160, le=480, description="pixels of the code")
    piece: int = Field(1920, ge=600, description="highest slice, in pixels, where there is a place to cut")
    at_most_bytes: int = Field(1_000_000, ge=50_000, description="largest slice or page")
    quality: int = Field(90, ge=60, le=95, description="jpg quality to begin with")
    words: dict[str, SummaryWords] = Field(default_factory=dict, description="zh and en: what the bands are called")


class SummariesPreset(Model):
    """Every summary that is made, from presets/summaries/."""

    items: dict[str, SummaryPreset] = Field(default_factory=dict, description="by name")
