"""What the site shows: one immutable release of an event."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from repurpose.models.base import Blob, Model
from repurpose.models.drawn import Colour
from repurpose.models.found import Chapters, Highlights, Slides, Transcript
from repurpose.models.made import Package
from repurpose.models.streams import Ladder

FieldKind = Literal["name", "email", "phone", "company", "title", "text", "choice", "consent"]


class FormField(Model):
    """One question of the lead form."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: FieldKind = "text"
    label: str = ""  # what the reader sees; empty: the usual words for the kind
    required: bool = True
    choices: tuple[str, ...] = ()  # only for `choice`


class SiteSettings(Model):
    """How an event stands on the microsite; changed by editors, frozen into each release."""

    summary: str = ""  # one or two sentences under the title; empty: the chapters' headlines
    topics: tuple[str, ...] = ()
    form: tuple[FormField, ...] = (
        FormField(key="name", kind="name"),
        FormField(key="company", kind="company"),
        FormField(key="email", kind="email"),
        FormField(key="consent", kind="consent"),
    )
    gated: tuple[str, ...] = ("deck",)  # kinds of assets handed out only after the form
    media: Literal["signed", "public"] = "signed"
    embed: tuple[str, ...] = ()  # origins that may frame the player, such as https://www.example.com
    listed: bool = True  # on the home page, in the sitemap and the feeds


class SiteLook(Model):
    """What of a brand the site's pages show."""

    name: str
    ink: Colour
    paper: Colour
    signal: Colour
    on_dark: Colour
    quiet: Colour
    ground: tuple[Colour, Colour]
    logo: Blob | None = None


class Release(Model):
    """An event as it was when it was published: all a page needs, and every file it may hand out."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    package: Package
    spoken: Transcript
    chapters: Chapters
    slides: Slides
    highlights: Highlights
    site: SiteSettings = SiteSettings()
    streams: tuple[Ladder, ...] = ()  # of the films that were also packaged as HLS
    look: SiteLook | None = None  # None: the house's
