"""What was made of an event, also before it is shown to anyone: its package, and the files in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import FileResponse, Response

from repurpose.db import assets, releases
from repurpose.db.events import EventRow
from repurpose.errors import StoreError
from repurpose.models import Asset, Package, Skipped
from repurpose.pipeline.foresee import last_package
from repurpose.web.console.frame import AT, Console
from repurpose.web.media import blob_response
from repurpose.web.problems import Problem
from repurpose.web.site.addresses import WIDTHS
from repurpose.web.site.pictures import shrunk
from repurpose.web.site.sections import Cut, Poster
from repurpose.web.site.view import cuts_of, is_slice, posters_of
from repurpose.web.who import Reader


@dataclass(frozen=True)
class Made:
    """What there is of an event: what its last run made, else what the release it shows is made of."""

    digest: str  # of the package
    package: Package
    cuts: tuple[Cut, ...]
    posters: tuple[Poster, ...]
    slides: tuple[Asset, ...]
    summary: tuple[Asset, ...]  # the one-picture summary, whole
    files: tuple[Asset, ...]  # to take away

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return self.package.skipped

    def file(self, path: str) -> str:
        """The address of a file."""
        return f"{AT}/made/{self.digest}/{quote(path)}"

    def picture(self, path: str, width: int) -> str:
        """The address of a picture, small."""
        return f"{self.file(path)}?w={width}"


def made_of(console: Console, event: EventRow) -> Made | None:
    """What there is of an event; None while there is nothing (any more)."""
    engine = console.place.engine
    shown = releases.load(engine, event.id, event.release) if event.release else None
    digest = (last_package(console.place, event.run) if event.run else "") or (shown.package if shown else "")
    try:
        package = console.package(digest) if digest else None
    except StoreError:
        return None
    if package is None:
        return None

    def of(kind: str) -> list[Asset]:
        return [one for one in package.assets if one.kind == kind]

    cuts = cuts_of(package.assets, package.recording.duration)
    summary = [one for one in of("summary") if not is_slice(one)]
    files = [one for one in package.assets if one.path in ("transcript.md", "transcript.srt") or one.kind == "deck"]
    return Made(
        digest, package, cuts, posters_of(of("poster"), of("motion")), tuple(of("slide")), tuple(summary), tuple(files)
    )


def face_of(console: Console, event: EventRow) -> str:
    """The address of a small picture that stands for the event; "" without one."""
    made = made_of(console, event)
    if made is None:
        return ""
    covers = [take.film.cover for cut in made.cuts for take in cut.takes if take.film.cover and not take.film.upright]
    paths = [one.path for one in made.slides] + covers
    return made.picture(paths[0], 320) if paths else ""


def routes(console: Console) -> APIRouter:
    """The files of what was made, for who is signed in."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"{AT}/made/{{package}}/{{path:path}}")
    def console_file(
        request: Request,
        asker: Reader,
        package: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
        path: str,
        w: Annotated[int | None, Query()] = None,
    ) -> Response:
        """A file of a package, or with `w` a picture so wide."""
        try:
            whole = console.package(package)
        except StoreError:
            raise Problem("not-found", what="package") from None
        file = next((one.file for one in whole.assets if one.path == path), None)
        if file is None and path == f"{assets.REPLAY}{whole.recording.media.suffix}":
            file = whole.recording.media
        if file is None or (w is not None and w not in WIDTHS):
            raise Problem("not-found", what="file")
        if w is None:
            return blob_response(request, console.place.store, file, PurePosixPath(path).name)
        small = shrunk(file, w, console.place.store, console.place.settings.home / "pictures")
        return FileResponse(small, headers={"cache-control": "private, max-age=86400"}, media_type="image/webp")

    return router
