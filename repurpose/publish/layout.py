"""A package as a folder: OUT/<name>/ with the names every other program may rely on.

Each file is written beside and renamed; package.json comes last, so that what it lists is there. Files that a person put
into the folder are never touched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

from repurpose.errors import UserError
from repurpose.models import Asset, Package
from repurpose.publish.package import public
from repurpose.store import Store, digest_of_file

LIST = "package.json"
NAME_BYTES = 200  # most file systems take 255 bytes; Chinese takes 3 a character


def folder_name(name: str) -> str:
    """`name` as a folder that every system can hold: no reserved characters, no dots at its ends, not too long."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(" .")
    while len(plain.encode()) > NAME_BYTES:
        plain = plain[:-1].rstrip(" .")
    return plain or "_"


def lay_out(package: Package, store: Store, folder: Path) -> int:
    """Make `folder` hold exactly this package beside what a person put there; how many files were written.

    What already lies there unchanged is left alone. Raises UserError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before, since = _listed(folder)
        written = sum(_settle(asset, store, folder, before, since) for asset in package.assets)
        _remove(set(before) - {asset.path for asset in package.assets}, folder)
        listing = public(package).encode()
        if not _same_bytes(folder / LIST, listing):
            _write(folder / LIST, listing)
            written += 1
        else:
            os.utime(folder / LIST)  # everything listed was looked at now
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror}). Choose another folder with --out.") from None
    return written


def _listed(folder: Path) -> tuple[dict[str, str], int]:
    """path -> sha256 of the package that lies here, and when it was written (ns); nothing when there is none."""
    try:
        since = (folder / LIST).stat().st_mtime_ns
        listing: Any = json.loads((folder / LIST).read_bytes())
        return {str(asset["path"]): str(asset["sha256"]) for asset in listing["assets"]}, since
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}, 0


def _settle(asset: Asset, store: Store, folder: Path, before: dict[str, str], since: int) -> int:
    target = _inside(folder, asset.path)
    if target is None:
        raise UserError(f"{asset.path!r} leads out of the package folder. Rename it and run again.")
    try:
        found = target.stat()
    except FileNotFoundError:
        found = None
    if found is not None and found.st_size == asset.file.size:
        untouched = before.get(asset.path) == asset.file.digest and found.st_mtime_ns <= since
        if untouched or digest_of_file(target) == asset.file.digest:
            return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(target)
    try:
        shutil.copyfile(store.path(asset.file), draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return 1


def _remove(paths: set[str], folder: Path) -> None:
    """Files of the earlier package that this one no longer has, and folders they leave empty."""
    for path in sorted(paths):
        target = _inside(folder, path)
        if target is None or not target.is_file():
            continue
        target.unlink()
        if target.parent != folder and not any(target.parent.iterdir()):
            target.parent.rmdir()


def _inside(folder: Path, path: str) -> Path | None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
        return None
    return folder.joinpath(*parts)


def _same_bytes(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    draft = _draft(path)
    draft.write_bytes(data)
    draft.replace(path)


def _draft(path: Path) -> Path:
    # Always the same name: what a killed run left is written over by the next one.
    return path.with_name(f".{path.name}.part")
