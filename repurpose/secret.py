"""The deployment's secrets, and the keys made of them: one for each purpose, so that no mark or seal serves for two things."""

from __future__ import annotations

import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from repurpose.settings import Settings


def alive(settings: Settings) -> tuple[bytes, ...]:
    """The secrets that are good now: the first signs and seals, all are accepted."""
    return tuple(one.encode() for one in settings.secrets) or kept(settings.home)


def derived(secret: bytes, purpose: str) -> bytes:
    """The key of 32 bytes that a secret gives for one purpose: HMAC-SHA256 over its name."""
    return hmac.digest(secret, b"repurpose " + purpose.encode(), "sha256")


@lru_cache(maxsize=8)
def kept(home: Path) -> tuple[bytes, ...]:
    """The home's own secrets, one a line; made the first time one is needed."""
    place = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"secret.{secrets.token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_hex(32).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, place)  # fails when there is one: of two servers that start at once, one makes it
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return tuple(line.strip() for line in place.read_bytes().splitlines() if line.strip())
