"""Places and secrets, from REPURPOSE_* in the environment. Built by cli and workers; never read at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from repurpose.errors import UserError


@dataclass(frozen=True)
class Settings:
    """Where things lie on this machine."""

    home: Path  # the store, the database, scratch files and joined weights
    database: str  # SQLAlchemy URL
    presets: Path | None = None  # a folder that overlays our presets
    ffmpeg: str = ""  # another ffmpeg than the one that comes with the package
    encoder: str = ""  # the video encoder for drawn renders; empty: the best this machine has
    broker: str = ""  # Celery broker URL; workers only

    @property
    def store(self) -> Path:
        return self.home / "store"

    @property
    def scratch(self) -> Path:
        return self.home / "scratch"

    @property
    def weights(self) -> Path:
        return self.home / "weights"


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Read REPURPOSE_HOME, _DATABASE, _PRESETS, _FFMPEG, _ENCODER, _BROKER. Raises UserError for a folder that is not there."""
    env = os.environ if environ is None else environ
    import platformdirs

    home = Path(env.get("REPURPOSE_HOME") or platformdirs.user_data_dir("repurpose")).expanduser().absolute()
    presets = Path(env["REPURPOSE_PRESETS"]).expanduser().absolute() if env.get("REPURPOSE_PRESETS") else None
    if presets is not None and not presets.is_dir():
        raise UserError(
            f"REPURPOSE_PRESETS={presets}: no such folder. Make it, or unset the variable to use the built-in presets."
        )
    return Settings(
        home=home,
        database=env.get("REPURPOSE_DATABASE") or f"sqlite:///{home / 'repurpose.db'}",
        presets=presets,
        ffmpeg=env.get("REPURPOSE_FFMPEG", ""),
        encoder=env.get("REPURPOSE_ENCODER", ""),
        broker=env.get("REPURPOSE_BROKER", ""),
    )
