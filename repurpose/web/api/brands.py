"""Brands: their looks and files, as records that come before the preset files of their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from repurpose.db import audit, brands
from repurpose.db.brands import BrandRow
from repurpose.db.session import alone
from repurpose.ingest.brand import FILES, Kit, check_look, files_of, kit_of_file
from repurpose.ingest.brand_files import stored
from repurpose.models import Blob
from repurpose.pipeline.foresee import wearers
from repurpose.presets import BrandFile, BrandLook, BrandPreset, brand_names
from repurpose.store import digest_of_file
from repurpose.web.api.once import Made, Once, OnceOnly
from repurpose.web.api.paging import Match, read, seen, there, version
from repurpose.web.api.recordings import handed_in
from repurpose.web.api.shapes.brands import BrandFileShape, BrandShape, BrandWish
from repurpose.web.api.shapes.fields import BrandId, FileWish
from repurpose.web.held import NO_STORE
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Editor, Principal, Reader, client_of

router = APIRouter(tags=["brands"])


class BrandList(BaseModel):
    """All brands, by name."""

    items: list[BrandShape]


@dataclass(frozen=True)
class Told:
    """A brand with its files, as a record has them or would have them."""

    preset: BrandPreset
    files: Mapping[BrandFile, Blob]


@router.get("/brands", response_model=BrandList)
def list_brands(request: Request, asker: Reader) -> Response:
    """All brands, by name: those with a record, and those that a preset file tells."""
    state = request.app.state
    rows = {row.name: row for row in brands.everyone(state.engine)}
    named = sorted({*rows, *brand_names(state.settings.presets)})
    return read(request, BrandList(items=[_shape(state, name, rows.get(name)) for name in named]))


@router.get("/brands/{brand}", response_model=BrandShape, responses=documented(404))
def get_brand(request: Request, brand: BrandId, asker: Reader) -> Response:
    """One brand. The ETag of one without a record is "0"."""
    state = request.app.state
    row = brands.find(state.engine, brand)
    if row is None and brand not in brand_names(state.settings.presets):
        raise Problem("not-found", what="brand")
    if row is None:  # the file may change at any time, and its version stays
        shown = _shape(state, brand, None).model_dump(mode="json")
        return JSONResponse(shown, headers=NO_STORE | version(0))
    return read(request, _shape(state, brand, row), version(row.updated))


@router.put("/brands/{brand}", response_model=BrandShape, responses=documented(409, 412, 413))
def put_brand(
    request: Request, brand: BrandId, wish: BrandWish, asker: Editor, once: OnceOnly, match: Match = None
) -> Response:
    """The brand looks like this from now on; its files stay. The next run of an event that wears it makes anew what shows it."""
    check_look(wish, f"brand {brand!r}")

    def changed(told: Told) -> Told:
        look = wish.model_dump() | {one: getattr(told.preset, one) for one in FILES}
        return Told(BrandPreset.model_validate({"name": brand, **look}), told.files)

    return _put(request, brand, asker, once, match, changed)


@router.put("/brands/{brand}/files/{file}", response_model=BrandShape, responses=documented(404, 409, 412, 413))
def put_brand_file(
    request: Request,
    brand: BrandId,
    file: BrandFile,
    wish: FileWish,
    asker: Editor,
    once: OnceOnly,
    match: Match = None,
) -> Response:
    """The brand's logo (png or webp with transparency), font (ttf, otf, ttc with Chinese and Latin), music or sting."""
    place = request.app.state.place
    came, name = handed_in(place, wish, asker.id)
    held = stored(file, place.store.path(came), name, f"brand {brand!r}", place.store)
    return _put(request, brand, asker, once, match, lambda told: _with_file(told, file, name, held), made=False)


@router.delete("/brands/{brand}/files/{file}", response_model=BrandShape, responses=documented(404, 409, 412))
def delete_brand_file(
    request: Request, brand: BrandId, file: BrandFile, asker: Editor, once: OnceOnly, match: Match = None
) -> Response:
    """The brand has no such file from now on."""
    return _put(request, brand, asker, once, match, lambda told: _with_file(told, file, "", None), made=False)


@router.delete("/brands/{brand}", response_model=BrandShape, responses=documented(404, 409, 412))
def delete_brand(request: Request, brand: BrandId, asker: Editor, once: OnceOnly, match: Match = None) -> Response:
    """Forget the record, told once more: from now on the preset file of this name counts. Where there is none, no event may
    wear the brand any more."""
    state = request.app.state

    def make() -> Made:
        row = there(brands.find(state.engine, brand), "brand")
        wearing = [] if brand in brand_names(state.settings.presets) else wearers(state.place, brand)
        if wearing:
            many = f"{len(wearing)} of the events and recordings, such as {wearing[0]}"
            why = f"This brand is worn by {many}. Give each another, and make what was made with this one again first."
            raise Problem("conflict", why=why)
        if not brands.drop(state.engine, brand, seen=seen(match)):
            raise Problem("changed")
        state.place.presence.litter()  # its files may be nobody's now
        audit.note(state.engine, asker.id, "brand.delete", brand, client_of(request))
        return Made(_shape(state, brand, row))

    return once.answer(make)


def _put(
    request: Request,
    brand: str,
    asker: Principal,
    once: Once,
    match: str | None,
    changed: Callable[[Told], Told],
    *,
    made: bool = True,
) -> Response:
    """Write the brand down as `changed` makes it of what it was: a record, or its preset file with all it brings, or, where
    it may be `made`, nothing yet."""
    state = request.app.state
    before = _by_file(state, brand)  # its files are looked at before the transaction begins

    def make() -> Made:
        with alone(state.engine, "brands"):
            row = brands.find(state.engine, brand)
            told = Told(row.preset, row.files) if row else before
            if told is None and not made:
                raise Problem("not-found", what="brand")
            new = changed(told or Told(BrandPreset.model_validate({"name": brand}), {}))
            written = brands.put(state.engine, new.preset, new.files, asker.id, seen=seen(match))
        if written is None:
            raise Problem("changed")
        state.place.presence.litter()  # a file it had before may be nobody's now
        audit.note(state.engine, asker.id, "brand.change", brand, client_of(request), files=sorted(new.files))
        return Made(_shape(state, brand, written), headers=version(written.updated))

    return once.answer(make)


def _by_file(state: Any, brand: str) -> Told | None:
    if brands.find(state.engine, brand) is not None or brand not in brand_names(state.settings.presets):
        return None
    kit = kit_of_file(brand, state.settings.presets)
    names: dict[str, str] = {one: Path(getattr(kit.preset, one)).name for one in FILES}
    return Told(kit.preset.model_copy(update=names), files_of(kit, state.place.store))


def _with_file(told: Told, file: BrandFile, name: str, held: Blob | None) -> Told:
    others: dict[BrandFile, Blob] = {one: blob for one, blob in told.files.items() if one != file}
    return Told(told.preset.model_copy(update={file: name}), others | ({file: held} if held else {}))


def _shape(state: Any, name: str, row: BrandRow | None) -> BrandShape:
    if row is None:
        kit = kit_of_file(name, state.settings.presets)
        preset, files = kit.preset, _files_of_kit(kit)
    else:
        preset, files = row.preset, _files_of_row(row)
    told: dict[str, Any] = {one: getattr(preset, one) for one in BrandLook.model_fields}
    told |= {"created": row.created if row else None, "updated": row.updated if row else None}
    return BrandShape(name=name, told="record" if row else "file", files=files, **told)


def _files_of_row(row: BrandRow) -> dict[BrandFile, BrandFileShape]:
    return {
        one: BrandFileShape(name=getattr(row.preset, one), bytes=blob.size, sha256=blob.digest)
        for one, blob in row.files.items()
    }


def _files_of_kit(kit: Kit) -> dict[BrandFile, BrandFileShape]:
    named = {one: kit.file(one) for one in FILES if getattr(kit.preset, one)}
    return {
        one: BrandFileShape(name=path.name, bytes=path.stat().st_size, sha256=digest_of_file(path))
        for one, path in named.items()
    }
