"""Where things are posted: what each channel takes, as dated data with its source."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from repurpose.models import Model
from repurpose.presets.renders import Limit


class ChannelPreset(Model):
    """presets/channels/NAME.toml: what a channel takes of text. Every 0 means: no limit known, or no such thing."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    takes: Literal["article", "mail", "post"] = Field("post", description="what is written for it")
    says: Literal["hook", "points", "chapters"] = Field(
        "points", description="how much a post says: one line, the key points, or the chapters as well"
    )
    title: int = Field(0, ge=0, description="characters of a title at most; 0: it has none")
    title_least: int = Field(0, ge=0, description="characters of a title at least")
    digest: int = Field(0, ge=0, description="characters of a digest at most")
    text: int = Field(0, ge=0, description="characters at most, tags of HTML included")
    text_bytes: int = Field(0, ge=0, description="bytes of the text at most, in UTF-8")
    picture_bytes: int = Field(0, ge=0, description="bytes of a picture at most")
    topics: int = Field(0, ge=0, description="how many topics (#) a post may have")
    link: bool = Field(True, description="may the text carry a link?")
    name_field: str = Field("", description="mail: what the sending service replaces by the reader's name")
    leave_field: str = Field("", description="mail: what it replaces by the address to leave the list")
    limits: tuple[Limit, ...] = Field((), description="the channel's limits, each with source and date")


class Channels(Model):
    """Every channel in force, by name."""

    items: dict[str, ChannelPreset] = Field(default_factory=dict)
