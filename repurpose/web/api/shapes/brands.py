"""Brands as they go in and out of the API."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from repurpose.presets import BrandFile, BrandLook
from repurpose.web.api.shapes.fields import At, Line


class BrandWish(BrandLook):
    """A brand's look; what is left out is as in Ink & Signal, the default. Its files are sent by themselves."""

    cta: Line = Field("", description="call to action in Chinese, shown with a code; the event's own comes first")
    cta_en: Line = Field("", description="the same in English")
    link: Line = Field("", description="where the code leads; empty: the event's link")


class BrandFileShape(BaseModel):
    """A file of a brand."""

    name: str = Field(description="what it was called when it came")
    bytes: int
    sha256: str


class BrandShape(BrandLook):
    """A brand."""

    name: str
    told: Literal["record", "file"] = Field(description="by a record here, or by presets/brands/NAME.toml alone")
    files: dict[BrandFile, BrandFileShape]
    created: At | None
    updated: At | None
