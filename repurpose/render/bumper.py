"""The stage `bumpers`: a short moving picture before and after a drawn take, composed with MoviePy in the brand's look.

Each is a ground that stands and a few layers that slide up into place, each a little after the one before; once all are
there the picture holds still. The code of each file is laid over the outro later, so a bumper serves every asset.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.media.clip import write_clip
from repurpose.media.gate import gate
from repurpose.media.movies import moviepy
from repurpose.models import Box, Brand, Bumpers, Event, Ms, Recording
from repurpose.presets import RenderPreset
from repurpose.render.scenery import Layer, Scenery, intro_of, outro_of

CRF = 14  # flat and dark: costs little, and it is encoded once more
RISE_S = 0.36  # how long a layer takes to arrive


def bump(brand: Brand, event: Event, recording: Recording, render: RenderPreset, ctx: Context) -> Bumpers:
    """The intro and the outro of a render, silent mp4s of its size and the recording's rate; None where there is none.

    Each has exactly `frames_of` its length. `code` is None when the brand has no link.
    """
    rate = Fraction(recording.video.rate_num, recording.video.rate_den)
    own = ctx.store.path(brand.font) if brand.font else None
    logo = ctx.store.path(brand.logo) if brand.logo else None
    intro = outro = None
    code: Box | None = None
    if render.branded and brand.intro and frames_of(render.intro, rate):
        intro = intro_of(brand, event, render, own, logo)
    if render.branded and brand.outro and frames_of(render.outro, rate):
        outro = outro_of(brand, event, render, own, logo)
        code = outro.code
    made = [
        _made(scenery, length, rate, ctx.part(low, low + 0.5), name)
        for name, scenery, length, low in (("intro", intro, render.intro, 0.0), ("outro", outro, render.outro, 0.5))
    ]
    ctx.beat(1.0)
    first, last = (ctx.store.take_file(path) if path else None for path in made)
    return Bumpers(intro=first, outro=last, code=code)


def frames_of(length: Ms, rate: Fraction) -> int:
    """How many frames a bumper of this length has: the nearest whole number."""
    return round(length * rate / 1000)


def _made(scenery: Scenery | None, length: Ms, rate: Fraction, ctx: Context, name: str) -> Path | None:
    if scenery is None:
        return None
    count, target = frames_of(length, rate), ctx.scratch / f"{name}.mp4"
    written = write_clip(_pictures(scenery, count, rate, ctx), target, rate, crf=CRF, threads=ctx.threads)
    assert written == count
    gate(target, duration=round(count / rate * 1000), video=True, audio=False)
    return target


def _pictures(scenery: Scenery, count: int, rate: Fraction, ctx: Context) -> Iterator[NDArray[np.uint8]]:
    """The clip's frames, from its first to its last."""
    clip = composed(scenery, float(count / rate))
    try:
        for number in range(count):
            ctx.beat(number / count)
            yield clip.get_frame(float((number + 0.5) / rate))  # the middle of its time, where no rounding decides
    finally:
        clip.close()


def composed(scenery: Scenery, length_s: float) -> Any:
    """The scenery as a MoviePy clip of `length_s` seconds: it moves until all layers are there, then holds."""
    mpy = moviepy()
    moves = min(length_s, max(layer.after_s for layer in scenery.layers) + RISE_S)
    ground = mpy.ImageClip(np.asarray(scenery.ground)).with_duration(moves)
    layers = [_moving(mpy, layer).with_duration(moves) for layer in scenery.layers]
    moving = mpy.CompositeVideoClip([ground, *layers], size=scenery.ground.size, use_bgclip=True)
    if moves >= length_s:
        return moving
    rest = mpy.ImageClip(np.asarray(scenery.at_rest())).with_duration(length_s - moves)
    return mpy.concatenate_videoclips([moving, rest], method="chain")


def _moving(mpy: Any, layer: Layer) -> Any:
    """The layer as a clip that rises by `rise` pixels and shows itself, fast first and softly last."""

    def place(at: float) -> tuple[int, int]:
        return layer.x, layer.y + round(layer.rise * (1 - _eased(at - layer.after_s)))

    clip = mpy.ImageClip(np.asarray(layer.image), transparent=True).with_position(place)
    shown = clip.mask.get_frame(0)
    return clip.with_mask(
        mpy.VideoClip(lambda at: shown * _eased(at - layer.after_s) if layer.fades else shown, is_mask=True)
    )


def _eased(at: float) -> float:
    """0 before, 1 after RISE_S; a cubic that slows down."""
    return float(1 - (1 - min(1.0, max(0.0, at / RISE_S))) ** 3)
