"""The end of every film: judged, given its captions and its cover, and stored whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from repurpose.context import Context
from repurpose.media.gate import gate
from repurpose.models import EditDecisionList, Faces, Recording, Rendition, Sentence
from repurpose.presets import RenderPreset, TakePreset
from repurpose.render.cover import cover_of
from repurpose.text.cues import cues_of
from repurpose.text.subtitles import to_srt, to_vtt


def finish(
    film: Path,
    shown: EditDecisionList,
    sentences: Sequence[Sentence],
    language: str,
    *,
    size: tuple[int, int],
    loudness: float | None,
    note: str,
    recording: Recording,
    take: TakePreset,
    render: RenderPreset,
    ctx: Context,
    faces: Faces | None = None,
    copied: float = 0.0,
    link: str = "",
) -> Rendition:
    """The film with srt, vtt and jpg beside it, all in the store. Raises GateError when it is not whole.

    `shown` has the edges as they were cut; `sentences` are on the film's clock. Given `faces`, the cover has open eyes.
    """
    gate(film, duration=shown.length, video=True, audio=recording.has_audio)
    cues = cues_of(sentences, language, until=shown.length)
    cover = cover_of(film, shown, recording.keyframes, faces)
    ctx.beat(1.0)
    return Rendition(
        cut=take.cut,
        take=take.take,
        render=render.name,
        edl=shown,
        video=ctx.store.take_file(film),
        srt=ctx.store.put_bytes(to_srt(cues).encode(), ".srt"),
        vtt=ctx.store.put_bytes(to_vtt(cues).encode(), ".vtt"),
        cover=ctx.store.put_bytes(cover, ".jpg"),
        width=size[0],
        height=size[1],
        duration=shown.length,
        loudness=loudness,
        copied=copied,
        link=link,
        note=note,
    )
