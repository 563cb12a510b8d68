"""A brand's look."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from repurpose.models import Colour, Model

BrandFile = Literal["font", "logo", "music", "sting"]  # the fields that name a file


class BrandLook(Model):
    """What of a brand is told in words: colours, corner, bumpers, call to action."""

    ink: Colour = Field("#0E1525", description="text on light ground")
    paper: Colour = Field("#FAF8F4", description="light ground")
    signal: Colour = Field("#2457F5", description="accent")
    warm: Colour = Field("#FF6A3D", description="second accent")
    on_dark: Colour = Field("#F5F7FC", description="text on dark ground")
    quiet: Colour = Field("#B9C3D9", description="secondary text on dark ground")
    spoken: Colour = Field("#FFD84D", description="the word being said")
    ground: tuple[Colour, Colour] = Field(("#0B1020", "#16213E"), description="dark gradient, from and to")
    corner: Literal["", "top-left", "top-right", "bottom-left", "bottom-right"] = Field(
        "top-left", description="where the logo stands; empty: nowhere"
    )
    intro: bool = Field(True, description="a bumper before the clip, where the render has room for one")
    outro: bool = Field(True, description="a bumper with call to action and code after it")
    cta: str = Field("", description="call to action in Chinese, shown with a code; the event's own comes first")
    cta_en: str = Field("", description="the same in English")
    link: str = Field("", description="where the code leads; empty: the event's link")


class BrandPreset(BrandLook):
    """presets/brands/NAME.toml: a brand's look. Files it names lie beside it or are paths."""

    name: str = Field(description="the file's name; set by the reader")
    font: str = Field("", description="a font file (ttf, otf, ttc) with Chinese and Latin; empty: Noto Sans CJK SC")
    logo: str = Field("", description="a png or webp with transparency; empty: none")
    music: str = Field("", description="a sound file to lay under the speech; empty: none")
    sting: str = Field("", description="a short sound for bumpers; empty: none")
