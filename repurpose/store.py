"""Content-addressed files: put, get, local path. Whole or not at all.

An artifact (a pydantic model) is stored as canonical JSON and named by its sha256; a file is named by the sha256 of its
bytes. The same content put twice is one file. `tests/contracts/test_store.py` runs over every implementation.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from repurpose.errors import StoreError
from repurpose.models import Blob

M = TypeVar("M", bound=BaseModel)
CHUNK = 1 << 20


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: equal values give equal bytes."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(data: bytes) -> str:
    """sha256, in hex."""
    return hashlib.sha256(data).hexdigest()


def suffix_of(name: str) -> str:
    """The ending of a file's name as the store takes it, lower case with its dot; "" for any other."""
    suffix = Path(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def digest_of_file(path: Path) -> str:
    """sha256 of a file's bytes, in hex; read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def blobs_in(artifact: bytes) -> list[Blob]:
    """Every file that an artifact, as it was stored, speaks of."""
    found: list[Blob] = []
    left = [json.loads(artifact)]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if value.keys() == Blob.model_fields.keys():
                found.append(Blob.model_validate(value))
            else:
                left += value.values()
        elif isinstance(value, list):
            left += value
    return found


class Store(Protocol):
    """Where artifacts and files lie."""

    def put(self, value: BaseModel) -> str:
        """Store an artifact; the digest it can be got back by."""

    def get(self, digest: str, kind: type[M]) -> M:
        """The artifact named `digest`. Raises StoreError when it is not there or not a `kind`."""

    def read(self, digest: str) -> bytes:
        """The artifact named `digest` as it was stored. Raises StoreError when it is not there or was changed."""

    def put_bytes(self, data: bytes, suffix: str = "") -> Blob:
        """Store bytes as a file."""

    def put_file(self, path: Path, suffix: str | None = None) -> Blob:
        """Store a copy of a file; `path` is left as it was."""

    def take_file(self, path: Path, suffix: str | None = None) -> Blob:
        """Store a file we made: it is moved, so `path` is gone afterwards."""

    def path(self, blob: Blob) -> Path:
        """A local path to read the file from. Never write to it. Raises StoreError when it is not there."""

    def has(self, digest: str) -> bool:
        """Is there an artifact or a file of this content?"""

    def sweep(self, keep: set[str]) -> int:
        """Delete everything whose digest is not in `keep`, and half-written files; how many files went."""


class FolderStore:
    """A store in a folder: `objects/ab/abcdef....mp4`, written beside and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._incoming = root / "incoming"

    def put(self, value: BaseModel) -> str:
        return self.put_bytes(canonical(value), ".json").digest

    def get(self, digest: str, kind: type[M]) -> M:
        try:
            return kind.model_validate_json(self.read(digest))
        except ValidationError as error:
            raise StoreError(f"{digest[:12]} in the store at {self.root} is not a {kind.__name__}: {error}") from None

    def read(self, digest: str) -> bytes:
        path = self._place(digest, ".json")
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise StoreError(f"{digest[:12]} is not in the store at {self.root}: run again to make it anew") from None
        if digest_of(data) != digest:
            raise StoreError(f"{path} was changed after it was stored: delete it and run again")
        return data

    def put_bytes(self, data: bytes, suffix: str = "") -> Blob:
        blob = Blob(digest=digest_of(data), suffix=suffix, size=len(data))
        place = self._place(blob.digest, suffix)
        if not place.exists():
            draft = self._draft(suffix)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._settle(draft, place)
        return blob

    def put_file(self, path: Path, suffix: str | None = None) -> Blob:
        suffix = suffix_of(path.name) if suffix is None else suffix.lower()
        blob = Blob(digest=digest_of_file(path), suffix=suffix, size=path.stat().st_size)
        place = self._place(blob.digest, suffix)
        if place.exists():
            return blob
        draft = self._draft(suffix)
        shutil.copyfile(path, draft)
        return self._enter(draft, suffix)  # hashed again: the file may have grown while it was copied

    def take_file(self, path: Path, suffix: str | None = None) -> Blob:
        suffix = suffix_of(path.name) if suffix is None else suffix.lower()
        draft = self._draft(suffix)
        try:
            path.replace(draft)
        except OSError:  # scratch lies on another disk
            shutil.copyfile(path, draft)
            path.unlink()
        return self._enter(draft, suffix)

    def path(self, blob: Blob) -> Path:
        place = self._place(blob.digest, blob.suffix)
        if not place.exists():
            raise StoreError(
                f"{blob.digest[:12]}{blob.suffix} is not in the store at {self.root}: run again to make it anew"
            )
        return place

    def has(self, digest: str) -> bool:
        try:
            names = os.listdir(self._objects / digest[:2])  # noqa: PTH208 - names are all it takes
            return any(name.startswith(digest) for name in names)
        except FileNotFoundError:
            return False

    def sweep(self, keep: set[str]) -> int:
        gone = 0
        for path in list(self._files()):
            if path.parent == self._incoming or path.name[:64] not in keep:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _files(self) -> Iterator[Path]:
        if self._incoming.exists():
            yield from self._incoming.iterdir()
        if self._objects.exists():
            yield from (path for shelf in self._objects.iterdir() for path in shelf.iterdir())

    def _place(self, digest: str, suffix: str) -> Path:
        return self._objects / digest[:2] / f"{digest}{suffix}"

    def _draft(self, suffix: str) -> Path:
        self._incoming.mkdir(parents=True, exist_ok=True)
        return self._incoming / f"{uuid.uuid4().hex}{suffix}"

    def _enter(self, draft: Path, suffix: str) -> Blob:
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        blob = Blob(digest=digest_of_file(draft), suffix=suffix, size=draft.stat().st_size)
        self._settle(draft, self._place(blob.digest, suffix))
        return blob

    def _settle(self, draft: Path, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(place)
