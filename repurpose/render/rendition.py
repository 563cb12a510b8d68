"""The stage `rendition`: one take drawn one way, with its captions and its cover, gated before it is stored."""

from __future__ import annotations

from repurpose.context import Context
from repurpose.media.gate import gate
from repurpose.media.loudness import gain_to, over
from repurpose.media.smartcut import smart_cut
from repurpose.models import Chapters, EditDecisionList, Event, Recording, Rendition, Sound, Span, Transcript
from repurpose.presets import RenderPreset, TakePreset
from repurpose.render.captions import sentences_shown
from repurpose.render.cover import cover_of
from repurpose.render.marks import ai_label, chapters_shown, tags_of
from repurpose.text.cues import cues_of
from repurpose.text.subtitles import to_srt, to_vtt


def render(
    event: Event,
    recording: Recording,
    sound: Sound,
    transcript: Transcript,
    chapters: Chapters,
    edl: EditDecisionList,
    take: TakePreset,
    render: RenderPreset,
    ctx: Context,
) -> Rendition:
    """The take as an mp4 with srt, vtt and jpg beside it. Raises GateError when the file is not whole."""
    target = ctx.scratch / f"{take.name}.{render.name}.mp4"
    gain = gain_for(sound, edl.spans, render)
    cut = smart_cut(
        recording, edl, target,
        gain_db=gain, render=render, ctx=ctx.part(0.0, 0.95),
        tags=tags_of(event, edl, ai_label(render, transcript.language)), chapters=chapters_shown(chapters, edl),
    )  # fmt: skip
    gate(target, duration=cut.edl.length, video=True, audio=recording.has_audio)
    sentences = sentences_shown(transcript.sentences, cut.edl, transcript.language)
    cues = cues_of(sentences, transcript.language, until=cut.edl.length)
    cover = cover_of(target, cut.edl, recording.keyframes)
    ctx.beat(1.0)
    return Rendition(
        cut=take.cut,
        take=take.take,
        render=render.name,
        edl=cut.edl,
        video=ctx.store.take_file(target),
        srt=ctx.store.put_bytes(to_srt(cues).encode(), ".srt"),
        vtt=ctx.store.put_bytes(to_vtt(cues).encode(), ".vtt"),
        cover=ctx.store.put_bytes(cover, ".jpg"),
        width=cut.width,
        height=cut.height,
        duration=cut.edl.length,
        loudness=cut.loudness,
        copied=cut.copied,
        note=cut.note,
    )


def gain_for(sound: Sound, spans: tuple[Span, ...], render: RenderPreset) -> float:
    """The gain in dB that brings what the spans say to the render's loudness; none for silence, at most 30."""
    return gain_to(render.loudness, over(sound, spans))
