"""How a version is drawn: who is seen, what lies where, whose look it has."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from repurpose.models.base import Blob, Model, Ms, Span

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$", description="#rrggbb")]


class Box(Model):
    """A rectangle in pixels, from the left and from the top."""

    x: float
    y: float
    width: Annotated[float, Field(gt=0)]
    height: Annotated[float, Field(gt=0)]

    def scaled(self, by: float) -> Box:
        """The same rectangle in a picture `by` times as large."""
        return Box(x=self.x * by, y=self.y * by, width=self.width * by, height=self.height * by)

    def towards(self, other: Box, share: float) -> Box:
        """The rectangle a share (0..1) of the way to another."""
        return Box(
            x=(1 - share) * self.x + share * other.x,
            y=(1 - share) * self.y + share * other.y,
            width=(1 - share) * self.width + share * other.width,
            height=(1 - share) * self.height + share * other.height,
        )


class Face(Model):
    """A face in the recording's picture."""

    box: Box  # in the recording's pixels
    score: Annotated[float, Field(ge=0, le=1)]
    open: Annotated[float, Field(ge=0, le=1)] = 1.0  # how sure it is that both eyes are open
    frame: Box | None = None  # the picture it is in, where that is only a part of the recording's (a webcam's)


class Look(Model):
    """The faces seen at one moment, the largest first."""

    at: Ms
    faces: tuple[Face, ...] = ()
    moves: Box | None = (
        None  # where the picture differs from the look before; None where it does not, or all of it does
    )


class Faces(Model):
    """Who is seen in the spans of a take: a look about every half second, in order of time."""

    looks: tuple[Look, ...] = ()
    cuts: tuple[Ms, ...] = ()  # where one camera gives way to another: edges of shots within a shot that is no page


class View(Model):
    """Which part of the recording's picture a panel shows from a moment on; between two views it moves evenly."""

    at: Ms
    box: Box  # in the recording's pixels; its shape is the panel's


def view_at(views: Sequence[View], at: Ms) -> Box:
    """What is seen at a moment: before the first view the first, after the last the last, between two evenly on its way."""
    after = bisect_right(views, at, key=lambda view: view.at)
    if after == 0 or after == len(views) or views[after - 1].box == views[after].box:
        return views[max(0, after - 1)].box
    one, two = views[after - 1], views[after]
    return one.box.towards(two.box, (at - one.at) / (two.at - one.at))


class Panel(Model):
    """A rectangle of the drawn picture that shows a part of the recording's. All even pixels."""

    shows: Literal["slide", "speaker", "screen", "whole"]
    x: int
    y: int
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    views: Annotated[tuple[View, ...], Field(min_length=1)]


class Scene(Span):
    """A stretch of the recording that is drawn in one arrangement; it begins at a shot edge or where a span begins."""

    panels: Annotated[tuple[Panel, ...], Field(min_length=1)]
    ground: Colour  # what lies behind the panels
    captions: Box  # where captions go, in the drawn picture's pixels: clear of faces and of what must be read


class Layout(Model):
    """The arrangement of a drawn take, in order, covering every span of its EDL."""

    width: int
    height: int
    scenes: tuple[Scene, ...]


class Brand(Model):
    """A brand with its files in the store and its defaults filled in."""

    name: str
    ink: Colour
    paper: Colour
    signal: Colour
    warm: Colour
    on_dark: Colour
    quiet: Colour  # secondary text on dark
    spoken: Colour  # the word being said
    ground: tuple[Colour, Colour]  # a dark gradient, from and to
    font: Blob | None = None  # a CJK font file of its own; None: the packaged Noto Sans CJK SC
    logo: Blob | None = None  # png with transparency
    intro: bool = True
    outro: bool = True
    corner: Literal["", "top-left", "top-right", "bottom-left", "bottom-right"] = "top-left"  # where the logo stands
    music: Blob | None = None
    sting: Blob | None = None
    cta: str = ""  # what the end card asks for
    link: str = ""  # where its code leads


class Bumpers(Model):
    """The moving picture before and after a drawn take, without sound; None where a brand or a render has none."""

    intro: Blob | None = None  # mp4
    outro: Blob | None = None  # mp4; the code of each file is laid over it when it is drawn
    code: Box | None = None  # where on the outro the code stands
