"""The stage `rendition`: one take drawn one way, with its captions and its cover, gated before it is stored."""

from __future__ import annotations

from repurpose.context import Context
from repurpose.media.loudness import gain_to, over
from repurpose.media.smartcut import smart_cut
from repurpose.models import Chapters, EditDecisionList, Event, Recording, Rendition, Sound, Span, Transcript
from repurpose.presets import RenderPreset, TakePreset
from repurpose.render.captions import sentences_shown
from repurpose.render.finish import finish
from repurpose.render.marks import ai_label, chapters_shown, tags_of


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
    return finish(
        target, cut.edl, sentences_shown(transcript.sentences, cut.edl, transcript.language), transcript.language,
        size=(cut.width, cut.height), loudness=cut.loudness, copied=cut.copied, note=cut.note,
        recording=recording, take=take, render=render, ctx=ctx,
    )  # fmt: skip


def gain_for(sound: Sound, spans: tuple[Span, ...], render: RenderPreset) -> float:
    """The gain in dB that brings what the spans say to the render's loudness; none for silence, at most 30."""
    return gain_to(render.loudness, over(sound, spans))
