"""What the user handed over, checked at the door: files, folders, choices, room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from repurpose.errors import BadPreset, UserError
from repurpose.ingest.endings import MEDIA
from repurpose.models import Model
from repurpose.presets import Presets, load, read
from repurpose.presets.only import only
from repurpose.settings import Settings

M = TypeVar("M", bound=Model)
ROOM = 1.5  # what a run adds to the disk, as a multiple of the recording
LEAST_BYTES = 200 << 20  # and never less than this


def events_of(files: Sequence[Path], *, each: bool) -> list[list[Path]]:
    """The files of each event: all as the parts of one, or, with `each` or a folder, every file by itself.

    Raises UserError for what is not there, cannot be read, or holds no recordings.
    """
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in MEDIA and file.is_file())
            if not inside:
                raise UserError(
                    f"{path}: no recordings in this folder. Name a file, or a folder with mp4, mov, mkv, ..."
                )
            found += inside
        else:
            found.append(readable(path))
    if each or any(path.is_dir() for path in files):
        return [[path] for path in found]
    return [found]


def readable(path: Path) -> Path:
    """`path`, which is a file we may read. Raises UserError when it is not."""
    try:
        with path.open("rb"):
            return path
    except FileNotFoundError:
        raise UserError(f"{path}: no such file. Check the name.") from None
    except IsADirectoryError:
        raise UserError(f"{path}: a folder, where a file is needed. Name a file in it.") from None
    except PermissionError:
        raise UserError(f"{path}: may not be read. Change its permissions, or copy it to where you may.") from None


def room_for(files: Sequence[Path], *places: Path) -> None:
    """Raise UserError when a disk is too full for a run of these files."""
    needed = max(LEAST_BYTES, round(ROOM * sum(path.stat().st_size for path in files)))
    for place in places:
        there = next(folder for folder in (place, *place.absolute().parents) if folder.is_dir())
        free = shutil.disk_usage(there).free
        if free < needed:
            raise UserError(
                f"{place}: {_gb(free)} GB are free, about {_gb(needed)} GB are needed. Free some space, or choose another"
                " place with --out or REPURPOSE_HOME."
            )


def artifact(path: Path | None, kind: type[M]) -> M:
    """A `kind` from a JSON or TOML file; an empty one without a file. Raises BadPreset naming file and field."""
    if path is None:
        return kind()
    if readable(path).suffix.lower() == ".toml":
        return read(path, kind)
    try:
        return kind.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the file"
        raise BadPreset(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}.") from None


def presets_for(settings: Settings, folder: Path | None, cuts: Sequence[str] = ()) -> Presets:
    """The presets in force. With `cuts`, only those are rendered; the longer cuts they lie within are still chosen."""
    return only(load(folder or settings.presets), cuts)


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f}"
