"""What a player that chooses how much to load is given of a film."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from repurpose.models.base import Blob, Model, Ms

MASTER = "master.m3u8"  # the name of the playlist that a ladder is played by


class Rung(Model):
    """One size of a ladder."""

    width: int
    height: int
    copied: bool  # the film's own pictures, not encoded again


class StreamFile(Model):
    """A file of a ladder under the name that its playlists use; it has its content in it, so no two ladders mix."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}\.(mp4|m3u8)$")]
    file: Blob


class Ladder(Model):
    """A film as HLS: its sizes, the highest first, and every file. Empty for a film that needs none."""

    film: str  # "replay", or the name of the rendition's file without its suffix
    duration: Ms = 0
    segments: int = 0  # of each rung, all beginning at the same moments
    rungs: tuple[Rung, ...] = ()
    files: tuple[StreamFile, ...] = ()  # the master playlist first
    note: str = ""  # why no rung was copied, when none was
