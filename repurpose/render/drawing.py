"""The stage `drawing`: one take laid out anew, with its captions in the picture and its brand around it.

Everything is on the drawn file's clock: the intro, then the spans frame after frame, then the outro. One ffmpeg process gets
the frames as they are composed, draws the words over them, and encodes once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import NothingFits
from repurpose.media import plan, soundcut
from repurpose.media.board import Picture
from repurpose.media.compose import composed, pictures_of
from repurpose.media.drawn import draw_file
from repurpose.media.index import Index, locate
from repurpose.media.limiter import RATE
from repurpose.media.plan import Run
from repurpose.models import (
    Blob,
    Brand,
    Bumpers,
    Chapters,
    EditDecisionList,
    Event,
    Faces,
    Layout,
    Recording,
    Rendition,
    Scene,
    Sentence,
    Span,
    Transcript,
    Translation,
)
from repurpose.presets import RenderPreset, TakePreset
from repurpose.render.bumper import frames_of
from repurpose.render.burned import script_of
from repurpose.render.captions import entries_shown, sentences_shown
from repurpose.render.finish import finish
from repurpose.render.fonts import fonts_for
from repurpose.render.marks import ai_label, chapters_shown, tags_of
from repurpose.render.mix import Mixed, mix
from repurpose.render.overlays import overlays_of
from repurpose.render.shown import faces_shown, names_shown, scenes_shown
from repurpose.store import digest_of
from repurpose.text.links import link_for


def draw(
    event: Event,
    brand: Brand,
    translation: Translation,
    recording: Recording,
    spoken: Transcript,
    chapters: Chapters,
    edl: EditDecisionList,
    layout: Layout,
    faces: Faces,
    bumpers: Bumpers,
    take: TakePreset,
    render: RenderPreset,
    ctx: Context,
) -> Rendition:
    """The take as an mp4 of the render's size, with srt, vtt and jpg beside it. Raises GateError when the file is not whole.

    Raises NothingFits when the take is longer than the render's channel allows.
    """
    index, runs = locate(edl.spans, recording, ctx.store.path(recording.media))
    film = _film(runs, bumpers, render, index.rate)
    shown = film.shown(edl, runs)
    if render.at_most and shown.length > render.at_most:
        limit = f"{render.name} takes at most {render.at_most / 1000:.1f} s"
        raise NothingFits(f"the {take.cut} version is {shown.length / 1000:.1f} s long; {limit}")
    sentences = sentences_shown(spoken.sentences, shown, spoken.language)
    scenes = scenes_shown(layout, edl, shown)
    link = link_for(brand, event, asset_of(event, take), render.name) if render.branded else ""
    sound = _sound(index, runs, film, sentences, brand, render, ctx.part(0.0, 0.1)) if recording.has_audio else None
    script, fonts = _written(event, brand, translation, spoken, sentences, scenes, faces, shown, render, ctx)
    target = ctx.scratch / f"{take.name}.{render.name}.mp4"

    def pictures() -> Iterator[Picture]:
        yield from _bumper(bumpers.intro, film.intro, render, film.rate, ctx)
        yield from composed(index, runs, layout, ctx.check)
        yield from _bumper(bumpers.outro, film.outro, render, film.rate, ctx)

    made = draw_file(
        pictures, film.count, film.rate, target,
        render=render, script=script, fonts=fonts,
        overlays=overlays_of(link, brand, bumpers, scenes, shown, render, ctx),
        sound=sound.path if sound else None,
        metadata=tags_of(event, edl, ai_label(render, spoken.language)), chapters=chapters_shown(chapters, shown),
        ctx=ctx.part(0.1, 0.95),
    )  # fmt: skip
    notes = (made.note, sound.note if sound else "no sound in the recording")
    return finish(
        target, shown, sentences, spoken.language,
        size=(layout.width, layout.height), loudness=sound.loudness if sound else None,
        link=link, note="; ".join(note for note in notes if note),
        recording=recording, faces=faces, take=take, render=render, ctx=ctx,
    )  # fmt: skip


def asset_of(event: Event, take: TakePreset) -> str:
    """A short name of this take among all takes of all events, the same before and after it is drawn."""
    return f"{digest_of(event.name.encode())[:8]}-{take.name}"


@dataclass(frozen=True)
class _Film:
    """How many frames each part of the film has."""

    rate: Fraction
    intro: int
    middle: int
    outro: int

    @property
    def count(self) -> int:
        return self.intro + self.middle + self.outro

    def shown(self, edl: EditDecisionList, runs: Sequence[Run]) -> EditDecisionList:
        """The EDL with its edges, and those of what is around it, where they really are: on frames."""
        intro, end = plan.time_of(self.intro, self.rate), plan.time_of(self.intro + self.middle, self.rate)
        bumped = {"intro": intro, "outro": plan.time_of(self.count, self.rate) - end}
        return plan.shown(edl, runs, self.rate).model_copy(update=bumped)


def _film(runs: Sequence[Run], bumpers: Bumpers, render: RenderPreset, rate: Fraction) -> _Film:
    return _Film(
        rate=rate,
        intro=frames_of(render.intro, rate) if bumpers.intro else 0,
        middle=sum(run.length for run in runs),
        outro=frames_of(render.outro, rate) if bumpers.outro else 0,
    )


def _sound(
    index: Index,
    runs: Sequence[Run],
    film: _Film,
    sentences: Sequence[Sentence],
    brand: Brand,
    render: RenderPreset,
    ctx: Context,
) -> Mixed:
    """The voice of the spans between silence or music, as long as the pictures are to the sample."""
    channels = soundcut.channels_of(index.path)
    voice = ctx.scratch / "voice.f32"
    with voice.open("wb") as file:
        for block in soundcut.sound_for(index.path, plan.merge(runs), film.rate, channels, render):
            ctx.check()
            block.tofile(file)
    before, spoken = round(film.intro * RATE / film.rate), voice.stat().st_size // (4 * channels)
    found = mix(
        voice, channels, ctx.scratch / "sound.wav",
        speech=[Span(start=one.start, end=one.end) for one in sentences],
        intro=before, outro=max(0, round(film.count * RATE / film.rate) - before - spoken) if film.outro else 0,
        music=ctx.store.path(brand.music) if brand.music and render.music else None,
        sting=ctx.store.path(brand.sting) if brand.sting and render.branded else None,
        render=render, ctx=ctx,
    )  # fmt: skip
    voice.unlink()
    return found


def _written(
    event: Event,
    brand: Brand,
    translation: Translation,
    transcript: Transcript,
    sentences: Sequence[Sentence],
    scenes: Sequence[Scene],
    faces: Faces,
    shown: EditDecisionList,
    render: RenderPreset,
    ctx: Context,
) -> tuple[Path, Path]:
    """The script of all that is written over the picture, and the folder of the fonts it takes."""
    names = names_shown(sentences, event) if render.branded else []
    second = entries_shown(translation.entries, shown)
    label = ai_label(render, transcript.language)
    said = [shown.title, label, *(one.text for one in sentences), *(one.text for one in second)]
    said += [word.text for sentence in sentences for word in sentence.words]
    said += [text for plate in names for text in (plate.name, plate.title)]
    fonts = ctx.scratch / "fonts"
    family = fonts_for("\n".join(said), ctx.store.path(brand.font) if brand.font else None, fonts)
    script = ctx.scratch / "words.ass"
    script.write_text(
        script_of(
            sentences, transcript.language, scenes, faces=faces_shown(faces, scenes, shown),
            render=render, brand=brand, family=family, title=shown.title, names=names, translation=second,
            terms=(*event.terms, *(speaker.name for speaker in event.speakers)),
            start=shown.intro, end=shown.length - shown.outro, ai_label=label,
        ),
        "utf-8",
    )  # fmt: skip
    return script, fonts


def _bumper(clip: Blob | None, count: int, render: RenderPreset, rate: Fraction, ctx: Context) -> Iterator[Picture]:
    if clip is not None and count:
        yield from pictures_of(ctx.store.path(clip), render.width, render.height, rate, count)
