"""The stage `drawing`: one take laid out anew, with its captions in the picture and its brand around it.

Everything is on the drawn file's clock: the intro, then the spans frame after frame, then the outro. One ffmpeg process gets
the frames as they are composed, draws the words over them, and encodes once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import NothingFits
from repurpose.media import plan, soundcut
from repurpose.media.board import Picture
from repurpose.media.compose import composed, pictures_of
from repurpose.media.drawn import Overlay, draw_file
from repurpose.media.gate import gate
from repurpose.media.index import locate
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
from repurpose.render.card import code_image, end_card, link_for
from repurpose.render.corner import corner_logo, corner_place
from repurpose.render.cover import cover_of
from repurpose.render.fonts import fonts_for
from repurpose.render.marks import ai_label, chapters_shown, tags_of
from repurpose.render.mix import Mixed, mix
from repurpose.render.plates import NamePlate
from repurpose.store import digest_of
from repurpose.text.cues import cues_of
from repurpose.text.subtitles import to_srt, to_vtt

FADE = 200  # ms, of what is laid over


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
    path = ctx.store.path(recording.media)
    index, runs = locate(edl.spans, recording, path)
    rate = index.rate
    intro = frames_of(render.intro, rate) if bumpers.intro else 0
    outro = frames_of(render.outro, rate) if bumpers.outro else 0
    middle = sum(run.length for run in runs)
    count = intro + middle + outro
    bumped = {
        "intro": plan.time_of(intro, rate),
        "outro": plan.time_of(count, rate) - plan.time_of(intro + middle, rate),
    }
    shown = plan.shown(edl, runs, rate).model_copy(update=bumped)
    if render.at_most and shown.length > render.at_most:
        limit = f"{render.name} takes at most {render.at_most / 1000:.1f} s"
        raise NothingFits(f"the {take.cut} version is {shown.length / 1000:.1f} s long; {limit}")
    joined = plan.merge(runs)
    sentences = sentences_shown(spoken.sentences, shown, spoken.language)
    sound = (
        _sound(path, joined, rate, (intro, count, outro), sentences, brand, render, ctx.part(0.0, 0.1))
        if recording.has_audio
        else None
    )
    scenes = scenes_shown(layout, edl, shown)
    script, fonts = _written(event, brand, translation, spoken, sentences, scenes, shown, render, ctx)
    target = ctx.scratch / f"{take.name}.{render.name}.mp4"
    link = link_for(brand, event, asset_of(event, take), render.name) if render.branded else ""

    def frames() -> Iterator[Picture]:
        return chain(
            _bumper(bumpers.intro, intro, render, rate, ctx),
            composed(index, runs, layout, ctx.check),
            _bumper(bumpers.outro, outro, render, rate, ctx),
        )

    made = draw_file(
        frames, count, rate, target,
        render=render, script=script, fonts=fonts,
        overlays=_overlays(link, brand, bumpers, scenes, shown, render, ctx),
        sound=sound.path if sound else None,
        metadata=tags_of(event, edl, ai_label(render, spoken.language)), chapters=chapters_shown(chapters, shown), ctx=ctx.part(0.1, 0.95),
    )  # fmt: skip
    gate(target, duration=shown.length, video=True, audio=recording.has_audio)
    cues = cues_of(sentences, spoken.language, until=shown.length)
    cover = cover_of(target, shown, recording.keyframes, faces)
    ctx.beat(1.0)
    notes = (made.note, sound.note if sound else "no sound in the recording")
    return Rendition(
        cut=take.cut,
        take=take.take,
        render=render.name,
        edl=shown,
        video=ctx.store.take_file(target),
        srt=ctx.store.put_bytes(to_srt(cues).encode(), ".srt"),
        vtt=ctx.store.put_bytes(to_vtt(cues).encode(), ".vtt"),
        cover=ctx.store.put_bytes(cover, ".jpg"),
        width=layout.width,
        height=layout.height,
        duration=shown.length,
        loudness=sound.loudness if sound else None,
        link=link,
        note="; ".join(note for note in notes if note),
    )


def asset_of(event: Event, take: TakePreset) -> str:
    """A short name of this take among all takes of all events, the same before and after it is drawn."""
    return f"{digest_of(event.name.encode())[:8]}-{take.name}"


def scenes_shown(layout: Layout, edl: EditDecisionList, shown: EditDecisionList) -> tuple[Scene, ...]:
    """The layout's scenes on the drawn file's clock. `shown` is `edl` with its edges on frames. Pure."""
    found = []
    begins = shown.intro
    kept = [span for span in edl.spans if any(_near(span, other) for other in shown.spans)]
    for span, cut in zip(kept, shown.spans, strict=True):
        inside = [scene for scene in layout.scenes if span.start <= scene.start < span.end]
        edges = [cut.start, *(min(max(scene.start, cut.start), cut.end) for scene in inside[1:]), cut.end]
        for scene, start, end in zip(inside, edges, edges[1:], strict=False):
            if start < end:
                moved = {"start": begins + start - cut.start, "end": begins + end - cut.start}
                found.append(scene.model_copy(update=moved))
        begins += cut.length
    return tuple(found)


def _near(span: Span, other: Span) -> bool:
    return span.overlap(other) * 2 > other.length


def names_shown(sentences: Sequence[Sentence], event: Event) -> list[NamePlate]:
    """A plate for each of the event's speakers when they are first heard. `sentences` are on the file's clock. Pure."""
    known = {speaker.name: speaker for speaker in event.speakers}
    plates: dict[str, NamePlate] = {}
    for sentence in sentences:
        speaker = known.get(sentence.speaker or "")
        if speaker is not None and speaker.name not in plates:
            title = " · ".join(filter(None, (speaker.company, speaker.title)))
            plates[speaker.name] = NamePlate(start=sentence.start, name=speaker.name, title=title)
    return list(plates.values())


def _sound(
    path: Path,
    runs: Sequence[Run],
    rate: Fraction,
    frames: tuple[int, int, int],
    sentences: Sequence[Sentence],
    brand: Brand,
    render: RenderPreset,
    ctx: Context,
) -> Mixed:
    """The voice of the spans between silence or music, as long as the pictures are to the sample."""
    intro, count, outro = frames
    channels = soundcut.channels_of(path)
    voice = ctx.scratch / "voice.f32"
    with voice.open("wb") as file:
        for block in soundcut.sound_for(path, runs, rate, channels, render.fade):
            ctx.check()
            block.tofile(file)
    before, spoken = round(intro * RATE / rate), voice.stat().st_size // (4 * channels)
    found = mix(
        voice, channels, ctx.scratch / "sound.wav",
        speech=[Span(start=one.start, end=one.end) for one in sentences],
        intro=before, outro=max(0, round(count * RATE / rate) - before - spoken) if outro else 0,
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
            sentences, transcript.language, scenes,
            render=render, brand=brand, family=family, title=shown.title, names=names, translation=second,
            terms=(*event.terms, *(speaker.name for speaker in event.speakers)),
            start=shown.intro, end=shown.length - shown.outro, ai_label=label,
        ),
        "utf-8",
    )  # fmt: skip
    return script, fonts


def _overlays(
    link: str,
    brand: Brand,
    bumpers: Bumpers,
    scenes: Sequence[Scene],
    shown: EditDecisionList,
    render: RenderPreset,
    ctx: Context,
) -> list[Overlay]:
    """The pngs over the picture: the logo in its corner, the code on the outro, or the card over the last moments."""
    if not render.branded:
        return []
    found: list[Overlay] = []
    over = shown.length - shown.outro
    card = ctx.scratch / "card.png"
    carded = over - render.end_card
    if render.end_card and end_card(brand, link, render, card, ctx.store):
        found.append(Overlay(card, 0, 0, carded, over, FADE))
    else:
        carded = over
    logo = ctx.scratch / "logo.png"
    size = corner_logo(brand, render, logo, ctx.store)
    for scene in scenes if size else ():
        place = corner_place(size, brand, render, scene.panels) if size else None
        end = min(scene.end, carded)
        if place is None or scene.start >= end:
            continue
        if found and found[-1].image == logo and (found[-1].x, found[-1].y, found[-1].end) == (*place, scene.start):
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(Overlay(logo, *place, scene.start, end))
    if link and bumpers.outro and bumpers.code:
        code = ctx.scratch / "code.png"
        code_image(link, round(bumpers.code.width), code)
        found.append(Overlay(code, round(bumpers.code.x), round(bumpers.code.y), over + FADE, shown.length, FADE))
    return found


def _bumper(clip: Blob | None, count: int, render: RenderPreset, rate: Fraction, ctx: Context) -> Iterator[Picture]:
    if clip is not None and count:
        yield from pictures_of(ctx.store.path(clip), render.width, render.height, rate, count)
