"""`/p/<asset id>/<width>.webp`: pictures of a release as small as a page needs them, made once and kept beside the store."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from PIL import Image, ImageOps
from starlette.responses import FileResponse, Response

from repurpose.db.assets import standing
from repurpose.errors import StoreError
from repurpose.models import Blob
from repurpose.store import Store
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem
from repurpose.web.signing import may_see
from repurpose.web.site.addresses import WIDTHS
from repurpose.web.site.site import Site

QUALITY = 80
SQUARE = 600  # WeChat asks for 300 at least
SHRUNK = (".jpg", ".jpeg", ".png", ".webp")
MOST_PIXELS = 40_000_000
KINDS = ("slide", "cover", "poster", "summary", "portrait", "motion")


def routes(site: Site) -> APIRouter:
    """The route of pictures."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/p/{asset_id}/{width}.webp", methods=["GET", "HEAD"])
    def picture(
        request: Request,
        asset_id: str,
        width: int,
        e: Annotated[str, Query(max_length=20)] = "",
        s: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        found = standing(site.place.engine, asset_id) if width in WIDTHS else None
        if found is None or found.event.state == "draft" or found.asset.kind not in KINDS:
            raise Problem("not-found", what="picture")
        if not found.free and not may_see(asset_id, width, e, s, site.settings):
            raise Problem("link-ended")
        if not found.open:
            raise Problem("gone", NO_STORE)
        path = shrunk(found.asset.file, width, site.place.store, site.settings.home / "pictures")
        held = {"cache-control": "private, max-age=3600", "cross-origin-resource-policy": "cross-origin"}
        return FileResponse(path, headers=held, media_type="image/webp")

    return router


def shrunk(blob: Blob, width: int, store: Store, folder: Path) -> Path:
    """The picture as WebP, `width` pixels wide or as wide as it is. Raises Problem (404) for what is no picture.

    What lies in `folder` is only derived: it may be deleted at any time.
    """
    return _kept(blob, f"{width}.webp", store, folder, lambda source: _resized(source, width))


def squared(blob: Blob, store: Store, folder: Path) -> Path:
    """The middle of the picture as a JPEG of SQUARE x SQUARE pixels. Raises Problem (404) for what is no picture."""
    return _kept(blob, "square.jpg", store, folder, _middle)


def _kept(blob: Blob, name: str, store: Store, folder: Path, make: Callable[[Path], Image.Image]) -> Path:
    target = folder / blob.digest[:2] / f"{blob.digest}.{name}"
    if target.exists():
        return target
    try:
        source = store.path(blob)
    except StoreError:
        raise Problem("not-found", what="picture") from None
    if blob.suffix not in SHRUNK:
        raise Problem("not-found", what="picture")
    try:
        image = make(source)
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ):  # as Pillow says of a file that is no picture
        raise Problem("not-found", what="picture") from None
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{uuid.uuid4().hex}")
    image.save(draft, "WEBP" if name.endswith("webp") else "JPEG", quality=QUALITY, method=4)
    os.replace(draft, target)  # noqa: PTH105 - whole or not at all
    return target


def _middle(source: Path) -> Image.Image:
    with Image.open(source, formats=("PNG", "JPEG", "WEBP")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        return ImageOps.fit(opened.convert("RGB"), (SQUARE, SQUARE), Image.Resampling.LANCZOS)


def _resized(source: Path, width: int) -> Image.Image:
    with Image.open(source, formats=("PNG", "JPEG", "WEBP")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        height = max(1, round(opened.height * width / opened.width))
        larger = opened.width > width
        if larger:
            opened.draft("RGB", (width, height))
        image: Image.Image = opened.convert("RGBA" if "A" in opened.getbands() else "RGB")
        if larger:
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        return image
