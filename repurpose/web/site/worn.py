"""A release's look as pages wear it: the style sheet and the logo, under addresses that change with their content."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

from repurpose.errors import StoreError
from repurpose.models.published import SiteLook
from repurpose.render.ground import logo_of
from repurpose.store import Store, digest_of
from repurpose.web.site.look import stage_of, style_of

HEIGHT = 32  # of the logo in pages; it is drawn twice as large, for fine screens
WIDEST = 200


@dataclass(frozen=True)
class Worn:
    """What a page puts on. `style` and `logo` are empty where they are the house's."""

    name: str
    folder: str  # of its addresses
    theme: str  # what a browser paints its own bars with
    style: bytes = b""
    logo: bytes = b""  # webp
    width: int = 0  # of the logo, in pixels of the page
    height: int = 0

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Both by their names."""
        named = {"css": self.style, "webp": self.logo}
        return {f"{digest_of(data)[:16]}.{kind}": data for kind, data in named.items() if data}

    def at(self, kind: str) -> str:
        """The address of the `css` or `webp`; "" where there is none."""
        return next((f"{self.folder}/{name}" for name in self.files if name.endswith(kind)), "")


def worn_of(look: SiteLook | None, slug: str, store: Store) -> Worn | None:
    """What the pages of the event at `slug` put on; None where that is the house's own."""
    if look is None:
        return None
    stage, style = stage_of(look), style_of(look).encode()
    logo, width, height = _logo(look, stage["stage"], store)
    if not style and not logo:
        return None
    return Worn(look.name, f"/e/{slug}/brand", stage["stage-from"], style, logo, width, height)


def _logo(look: SiteLook, ground: str, store: Store) -> tuple[bytes, int, int]:
    """The logo as it is seen on the head of a page, and its size there; on a plate where it would not be seen."""
    if look.logo is None:
        return b"", 0, 0
    try:
        image = logo_of(store.path(look.logo), 2 * HEIGHT, ground, look, 2 * WIDEST)
    except StoreError:
        return b"", 0, 0
    held = io.BytesIO()
    image.save(held, "WEBP", lossless=True)
    return held.getvalue(), -(-image.width // 2), -(-image.height // 2)
