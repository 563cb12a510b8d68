"""What is laid over the picture as pngs, and when: the logo, the code on the outro, the end card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from repurpose.context import Context
from repurpose.media.filters import Overlay
from repurpose.models import Brand, Bumpers, EditDecisionList, Scene
from repurpose.presets import RenderPreset
from repurpose.render.card import code_image, end_card
from repurpose.render.corner import corner_logo, corner_place

FADE = 200  # ms


def overlays_of(
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
