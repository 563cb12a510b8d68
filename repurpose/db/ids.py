"""Ids and codes that nobody can guess or count: by chance, from the system's generator."""

from __future__ import annotations

import secrets

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def new_id(prefix: str) -> str:
    """`prefix`, an underscore and 20 letters: 100 bits."""
    return f"{prefix}_{''.join(secrets.choice(_BASE32) for _ in range(20))}"


def new_code() -> str:
    """12 signs of 0-9A-Za-z: 71 bits, enough to be unique and not to be found by trying."""
    return "".join(secrets.choice(_BASE62) for _ in range(12))
