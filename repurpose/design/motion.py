"""The stage `motion`: a quote as a film of a few seconds, its words appearing as the guest says them, with the voice itself."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from PIL import Image

from repurpose.context import Context
from repurpose.design.material import Material
from repurpose.design.portraits import opened
from repurpose.design.posters import as_set, logo_of, ranked
from repurpose.design.scene import Pixels, Scene, scene_of
from repurpose.design.voice import Voice, heard_from, moments, padded, voice_of, wave_of
from repurpose.errors import BadMedia, GateError, NothingFits, ToolError, UserError
from repurpose.media.clip import i420_of, write_clip
from repurpose.media.gate import gate
from repurpose.media.movies import moviepy
from repurpose.models import Brand, Event, Ms, Quotes, Recording, Transcript
from repurpose.models.designed import Motion, Moving, Portraits
from repurpose.presets import MotionPreset, PosterSize
from repurpose.text.links import link_for
from repurpose.text.signs import wraps_by_sign

CHANNEL = "motion"
FAULTS = (NothingFits, GateError, UserError, ToolError, BadMedia)  # that leave one out and let all else be made
_LOWEST, _NARROWEST = 40, 320  # quality and width below which a moving picture is not worth sending


@dataclass(frozen=True)
class _Film:
    """What is shown, for how long, and what is heard meanwhile."""

    scene: Scene
    voice: Voice
    length: Ms


def draw_motion(
    event: Event,
    brand: Brand,
    portraits: Portraits,
    recording: Recording,
    spoken: Transcript,
    quotes: Quotes,
    preset: MotionPreset,
    ctx: Context,
) -> Motion:
    """The best quotes that are said in time as films with sound, in every size, each with an animated picture.

    Whatever is wrong with one is named and leaves the others be.
    """
    if not recording.has_audio:
        return Motion(skipped=("motion: the recording has no sound",))
    faces = opened(portraits, ctx.store) if quotes.quotes and preset.most else {}
    items: list[Moving] = []
    skipped: list[str] = []
    made = 0
    for number, quote in enumerate(quotes.quotes, 1):
        if made == preset.most:
            break
        try:
            start, end = heard_from(quote, spoken, recording.duration)
            if end - start + preset.hold > preset.at_most:
                raise NothingFits(f"said in {end - start} ms; {preset.at_most - preset.hold} are allowed")
            voice = voice_of(ctx.store.path(recording.media), start, end, preset, ctx)
            material = Material(
                event=event, brand=brand, quote=quote, text=as_set(quote.text),
                language="zh" if wraps_by_sign(spoken.language) else "en",
                link=link_for(brand, event, f"{event.name}/quote-{number}", CHANNEL, quote.start),
                portrait=faces.get(quote.speaker), logo=logo_of(brand, ctx.store),
                font=ctx.store.path(brand.font) if brand.font else None,
                wave=wave_of(voice.samples, preset.bars),
            )  # fmt: skip
            items += _in_every_size(material, voice, spoken, preset, ctx.part(made / preset.most, 1.0))
            made += 1
        except FAULTS as reason:
            skipped.append(f"quote-{number}: {reason}")
    return Motion(items=tuple(items), skipped=tuple(skipped))


def _in_every_size(
    material: Material, voice: Voice, spoken: Transcript, preset: MotionPreset, ctx: Context
) -> list[Moving]:
    length = max(preset.at_least, voice.length + preset.hold)
    said = [spoken.sentences[k] for k in material.quote.sentences]
    when = moments(material.text, said, voice.start)
    made = []
    for number, size in enumerate(preset.sizes):
        template, scene = _composed(material, size, when, voice, preset)
        part = ctx.part(number / len(preset.sizes), (number + 1) / len(preset.sizes))
        made.append(_written(_Film(scene, voice, length), template, size, material, preset, part))
    return made


def _composed(
    material: Material, size: PosterSize, when: list[Ms], voice: Voice, preset: MotionPreset
) -> tuple[str, Scene]:
    """The first template that takes the quote, and the scene in it."""
    why = "no template takes a quote like this"
    for template in ranked(preset.templates, material, ()):
        try:
            return template.name, scene_of(template, size, material, when, voice.length, preset.appears)
        except (NothingFits, GateError) as reason:
            why = str(reason)
    raise NothingFits(why)


def _written(
    film: _Film, template: str, size: PosterSize, material: Material, preset: MotionPreset, ctx: Context
) -> Moving:
    """The film, its last picture and its moving picture, stored."""
    rate = Fraction(preset.rate)
    count = math.ceil(film.length * rate / 1000)
    target = ctx.scratch / f"{size.name}.mp4"
    heard = padded(film.voice.samples, round(count * 1000 / rate))
    write_clip(_pictures(film, count, rate, ctx), target, rate, crf=preset.crf, threads=1, sound=heard)
    gate(target, duration=round(count * 1000 / rate), video=True, audio=True)
    still = io.BytesIO()
    Image.fromarray(film.scene.last).save(still, "JPEG", quality=90, subsampling=0)
    moving, shape = moving_of(film.scene, film.length, preset) if preset.moving_width else (b"", (0, 0))
    store, quote = ctx.store, material.quote
    return Moving(
        template=template, size=size.name, film=store.take_file(target),
        still=store.put_bytes(still.getvalue(), ".jpg"),
        moving=store.put_bytes(moving, ".webp") if moving else None,
        width=size.width, height=size.height, moving_width=shape[0], moving_height=shape[1],
        duration=round(count * 1000 / rate), language=material.language, start=film.voice.start, end=film.voice.end,
        sentences=quote.sentences, speaker=quote.speaker, text=quote.text, link=material.link,
    )  # fmt: skip


def _pictures(film: _Film, count: int, rate: Fraction, ctx: Context) -> Iterator[Pixels]:
    """The film's pictures, from its first to its last, as an encoder takes them."""
    at = film.scene.moving(i420_of)
    clip = moviepy().VideoClip(lambda seconds: at(round(seconds * 1000)), duration=float(count / rate))
    try:
        for number in range(count):
            ctx.beat(0.9 * number / count)
            yield clip.get_frame(float((number + 0.5) / rate))  # the middle of its time, where no rounding decides
    finally:
        clip.close()


def moving_of(scene: Scene, length: Ms, preset: MotionPreset) -> tuple[bytes, tuple[int, int]]:
    """An animated WebP of the scene that goes round for ever, within the preset's bytes; and its size in pixels.

    Each picture stands until something changes. Raises GateError when it stays too large however small it is made.
    """
    width, quality = min(scene.ground.shape[1], preset.moving_width), preset.quality
    while True:
        small = scene.smaller(width)
        data, high = _webp(small, length, quality, preset.moving_rate), small.ground.shape[0]
        if len(data) <= preset.moving_bytes:
            return data, (width, high)
        if quality <= _LOWEST and width <= _NARROWEST:
            raise GateError(f"a moving picture of {width}x{high} takes {len(data)} bytes")
        width, quality = max(_NARROWEST, round(width * 0.85)), max(_LOWEST, quality - 12)


def _webp(scene: Scene, length: Ms, quality: int, rate: int) -> bytes:
    at, step = scene.moving(), 1000 / rate
    count = math.ceil(min(length, scene.still_from) / step) + 1
    times = [round(number * step) for number in range(count)]
    pictures = [Image.fromarray(at(min(time, length)).copy()) for time in times]
    stands = [later - time for time, later in zip(times, [*times[1:], max(length, times[-1] + 100)], strict=True)]
    out = io.BytesIO()
    pictures[0].save(
        out, "WEBP", save_all=True, append_images=pictures[1:], duration=stands, loop=0, quality=quality, method=2
    )
    return out.getvalue()
