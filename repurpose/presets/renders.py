"""How a cut is drawn: its size and sound, and for what is laid out anew its zones, captions and titles."""

from __future__ import annotations

import datetime

from pydantic import Field

from repurpose.models import Model
from repurpose.presets.times import Duration


class Zone(Model):
    """A band of the drawn picture, over its whole width unless said otherwise. Even pixels."""

    top: int = Field(ge=0, description="pixels from the top")
    height: int = Field(gt=0, description="pixels")
    left: int = Field(0, ge=0, description="pixels from the left")
    width: int = Field(0, ge=0, description="pixels; 0 reaches to the right edge")


class CaptionStyle(Model):
    """How burned-in captions look. What is said is drawn by libass, lines are broken by us."""

    size: int = Field(64, ge=44, le=160, description="height of a line's type, in pixels")
    top: int = Field(description="first row captions may use")
    bottom: int = Field(description="row they stand on")
    aside_top: int = Field(0, description="first row to use instead where a face is in the way; 0: they stay")
    aside_bottom: int = Field(0, description="row they stand on then")
    beside: Zone | None = Field(
        None, description="where they stand instead while a slide and its speaker share the picture"
    )
    signs: int = Field(14, ge=6, description="Chinese characters a line at most")
    letters: int = Field(28, ge=12, description="Latin letters a line at most")
    outline: int = Field(6, ge=0, description="pixels of outline around the type")
    plate: bool = Field(False, description="a dark plate behind the lines instead of the outline")


class TitleStyle(Model):
    """The point of the clip, over the picture."""

    size: int = Field(60, ge=44, description="height of a line's type, in pixels")
    top: int = Field(description="first row of its plate")
    height: int = Field(description="pixels its plate may take")
    stays: Duration = Field(4000, ge=0, description="how long it is shown; 0 for the whole clip")


class Limit(Model):
    """One limit of the channel the render is for, with where it was read."""

    what: str = Field(description="what is limited, such as length or bytes")
    value: str = Field(description="the limit, in words")
    source: str = Field(description="where it was read")
    date: datetime.date = Field(description="when it was read")


class RenderPreset(Model):
    """presets/renders/NAME.toml: how a cut is drawn. With `width` and `height` and a zone it is laid out anew."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    width: int = Field(0, ge=0, description="pixels; 0 keeps the recording's")
    height: int = Field(0, ge=0, description="pixels; 0 keeps the recording's")
    crf: int = Field(20, ge=10, le=40, description="x264 quality of encoded parts; lower is better")
    speed: str = Field("superfast", description="x264 preset of encoded parts")
    loudness: float = Field(-16.0, ge=-30, le=-8, description="LUFS of the whole file")
    true_peak: float = Field(-1.5, ge=-9, le=0, description="dBTP, never above")
    fade: Duration = Field(12, ge=0, le=100, description="audio fade at each joint")
    denoise: bool = Field(
        False, description="turn down a noisy room: its steady noise by 15 dB, and all below 70 Hz; not for music"
    )
    slide: Zone | None = Field(None, description="where a slide is shown, whole")
    speaker: Zone | None = Field(None, description="where the speaker is shown beside a slide")
    chin: int = Field(
        0,
        ge=0,
        description="row above which the face of a speaker beside a slide ends; 0: where captions begin, if there",
    )
    alone: Zone | None = Field(
        None, description="where the speaker is shown without a slide, and a slide without a speaker"
    )
    captions: CaptionStyle | None = Field(None, description="captions burned into the picture")
    title: TitleStyle | None = Field(None, description="the point of the clip, over the picture")
    progress: bool = Field(False, description="a thin line that grows with the clip")
    safe_top: int = Field(0, ge=0, description="rows at the top that the channel's own buttons cover")
    safe_bottom: int = Field(0, ge=0, description="rows at the bottom that they cover")
    safe_side: int = Field(0, ge=0, description="columns on either side without text")
    branded: bool = Field(True, description="logo, lower thirds, bumpers and code; false for channels that punish them")
    intro: Duration = Field(0, ge=0, description="bumper before the clip")
    outro: Duration = Field(0, ge=0, description="bumper with call to action and code after the clip")
    end_card: Duration = Field(0, ge=0, description="call to action and code over the clip's last moments")
    at_most: Duration = Field(0, ge=0, description="longest file the channel takes; 0: any")
    at_most_bytes: int = Field(0, ge=0, description="largest file the channel takes; 0: any")
    music: bool = Field(False, description="the brand's music under the speech")
    ai_label: bool = Field(False, description="label the file as made with AI, in the picture and in its metadata")
    limits: tuple[Limit, ...] = Field((), description="the channel's limits, each with source and date")

    @property
    def drawn(self) -> bool:
        """Is it laid out anew, frame by frame?"""
        return self.alone is not None
