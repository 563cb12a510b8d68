"""How posters look: which sizes are made, and templates of blocks. A template is a TOML file, and a picture if it has one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from repurpose.models import Colour, Model

Shape = Literal["tall", "square", "wide", "banner"]
Tone = Literal["ink", "paper", "mist", "line", "signal", "warm", "on_dark", "quiet", "white"]
Kind = Literal[
    "quote", "person", "portrait", "slide", "event", "code", "logo", "mark", "bar", "rule", "panel", "shade", "glow",
    "number", "wave",
]  # fmt: skip


class PosterBlock(Model):
    """One thing on a poster, in a box given in shares of the picture."""

    kind: Kind = Field(
        description="quote, person (name and title), portrait, slide, event (name and date), code, logo, mark (a huge"
        " quotation mark), bar, rule, panel (a rectangle), shade (a gradient), glow, number, wave (of the voice, where it"
        " is heard)"
    )
    box: tuple[float, float, float, float] = Field(description="left, top, right, bottom, each 0..1 of the picture")
    tone: Tone | Colour = Field("ink", description="a colour of the brand by name, or #rrggbb")
    second: Tone | Colour | Literal[""] = Field(
        "", description="colour of a person's title, and of what of a wave was heard; empty: the same"
    )
    sizes: tuple[int, ...] = Field(
        (), description="sizes of type to try, falling, in pixels of a picture 1080 on its shorter side"
    )
    weight: int = Field(800, ge=100, le=900, description="weight of the type")
    serif: bool = Field(False, description="set in Noto Serif")
    align: Literal["left", "centre", "right"] = Field("left", description="how lines stand in the box")
    stand: Literal["top", "middle", "bottom"] = Field("top", description="where in the box it stands")
    round: bool = Field(False, description="a portrait in a circle")
    opacity: float = Field(1.0, ge=0, le=1, description="of what is drawn")
    fade: Literal["", "left", "right", "up", "down"] = Field("", description="to which side a shade or portrait ends")


class PosterPreset(Model):
    """presets/posters/NAME.toml: a template. The picture it names lies beside it."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    ground: Tone | Colour | Literal["gradient"] = Field(
        "paper", description="what lies behind: a colour, or the brand's gradient"
    )
    picture: str = Field("", description="a jpg or png beside the file, laid over the ground and cut to the picture")
    needs: tuple[Literal["portrait", "slide", "number"], ...] = Field(
        (), description="what there must be for a quote to be set in this template"
    )
    at_most: int = Field(60, ge=6, description="longest quote, in Chinese characters; two to an English word")
    suits: float = Field(1.0, ge=0, description="how gladly it is chosen among those that fit")
    tall: tuple[PosterBlock, ...] = Field((), description="blocks of 3:4 and 9:16")
    square: tuple[PosterBlock, ...] = Field((), description="blocks of 1:1")
    wide: tuple[PosterBlock, ...] = Field((), description="blocks of 16:9")
    banner: tuple[PosterBlock, ...] = Field((), description="blocks of 2.35:1")
    art: str = Field("", description="the picture itself, in base64; set by the reader")

    def blocks(self, shape: Shape) -> tuple[PosterBlock, ...]:
        """What stands on a picture of this shape; nothing where the template has none."""
        found: tuple[PosterBlock, ...] = getattr(self, shape)
        return found


class PosterSize(Model):
    """One size that posters are made in."""

    name: str = Field(description="what it is called in file names")
    width: int = Field(ge=200, le=4000, description="pixels")
    height: int = Field(ge=200, le=4000, description="pixels")
    code: bool = Field(True, description="with a code; false for covers, which are never scanned")

    @property
    def shape(self) -> Shape:
        """Which blocks it is composed of."""
        ratio = self.width / self.height
        return "tall" if ratio < 0.9 else "square" if ratio < 1.2 else "wide" if ratio < 2.0 else "banner"


class PostersPreset(Model):
    """presets/posters.toml: the sizes of posters and how they are written; and every template there is."""

    sizes: tuple[PosterSize, ...] = Field((), description="sizes each quote is made in")
    most: int = Field(8, ge=0, le=24, description="quotes that get a poster")
    at_most_bytes: int = Field(1_000_000, ge=50_000, description="largest jpg")
    quality: int = Field(90, ge=60, le=95, description="jpg quality to begin with")
    png: bool = Field(False, description="write png for print instead of jpg")
    only: tuple[str, ...] = Field((), description="templates to choose from; empty: all")
    templates: dict[str, PosterPreset] = Field(
        default_factory=dict, description="set by the reader, from presets/posters/"
    )
