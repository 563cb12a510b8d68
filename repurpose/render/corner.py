"""The brand's logo in a corner of a drawn picture: small, on a plate of its own, never over a slide."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from repurpose.media.masks import plate
from repurpose.models import Box, Brand, Panel, Scene
from repurpose.presets import RenderPreset
from repurpose.render.ground import logo_of
from repurpose.render.places import Taken
from repurpose.store import Store

HEIGHT = 40  # of the logo, in a picture 1080 wide, like all sizes here
PAD = (22, 16)  # the plate around it, to the sides and above
GAP = 24  # to the edges of what is beside it
WIDEST = 0.34  # of the picture
_OPACITY = 0.72


def corner_logo(brand: Brand, render: RenderPreset, target: Path, store: Store) -> tuple[int, int] | None:
    """Draw the logo on its plate as a png with transparency; its width and height. None where none is shown."""
    if not render.branded or not brand.corner or brand.logo is None:
        return None
    scale = min(render.width, render.height) / 1080
    logo = logo_of(store.path(brand.logo), round(HEIGHT * scale), brand.ink, brand, round(WIDEST * render.width))
    across, above = (round(pad * scale) for pad in PAD)
    made = plate(logo.width + 2 * across, logo.height + 2 * above, round(14 * scale), brand.ink, _OPACITY)
    made.alpha_composite(logo, (across, above))
    made.save(target)
    return made.size


def corner_rooms(brand: Brand, render: RenderPreset, scenes: Sequence[Scene]) -> list[Taken]:
    """What the logo may cover in each scene: as high as it is, as wide as it may be. Nothing else belongs there."""
    if not render.branded or not brand.corner or brand.logo is None:
        return []
    scale = min(render.width, render.height) / 1080
    across, above = (round(pad * scale) for pad in PAD)
    wide, high = round(WIDEST * render.width) + 2 * across, round(HEIGHT * scale) + 2 * above
    return [
        (scene.start, scene.end, Box(x=place[0], y=place[1], width=wide, height=high))
        for scene in scenes
        if (place := corner_place((wide, high), brand, render, scene.panels))
    ]


def corner_place(
    size: tuple[int, int], brand: Brand, render: RenderPreset, panels: Sequence[Panel]
) -> tuple[int, int] | None:
    """Where the logo's upper left corner stands while these panels are shown; None where there is nothing but slide.

    At the top it stands above the title and the panels where there is room, else right under the slide; at the bottom, above
    the captions. Under the buttons a channel lays over the top it may lie: it need not be read.
    """
    scale = min(render.width, render.height) / 1080
    gap, side = round(GAP * scale), max(round(48 * scale), render.safe_side)
    width, height = size
    x = side if brand.corner.endswith("left") else render.width - side - width
    above = min([panel.y for panel in panels] + ([render.title.top] if render.title else []), default=0)
    if brand.corner.startswith("bottom"):
        y = (render.captions.top if render.captions else render.height - render.safe_bottom) - gap - height
    elif above >= height + 2 * gap:
        y = above - gap - height
    else:
        y = gap
    for panel in sorted(panels, key=lambda one: one.y):
        if panel.shows != "speaker" and panel.y < y + height + gap and y < panel.y + panel.height:
            y = panel.y + panel.height + gap
    # Beside who speaks there may be ground of its own: there it covers nobody.
    right = max((one.x + one.width for one in panels if one.shows == "speaker" and _over(one, x, y, size)), default=0)
    if right and right + 2 * gap + width <= render.width - render.safe_side:
        x = right + round(1.5 * gap)
    return (x, y) if y + height + gap <= render.height - render.safe_bottom else None


def _over(panel: Panel, x: int, y: int, size: tuple[int, int]) -> bool:
    """Would it lie on this panel?"""
    return panel.x < x + size[0] and x < panel.x + panel.width and panel.y < y + size[1] and y < panel.y + panel.height
