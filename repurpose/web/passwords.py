"""Passwords: kept as argon2id, checked in the same time whether or not there is such an account."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB


def fault_of(password: str, *known: str) -> str:
    """Why this cannot be a password: `short`, `long`, `known` (it is the name or address); "" when it can."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    return "known" if any(word and word.lower() in password.lower() for word in known) else ""


def kept(password: str) -> str:
    """The password as it is kept."""
    with _AT_ONCE:
        return _hasher().hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Is it the one that was kept? Takes as long when there is none."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    with _AT_ONCE:
        try:
            return _hasher().verify(hashed or _nobody(), password[:LONGEST]) and hashed is not None
        except (Argon2Error, InvalidHashError):
            return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # argon2id as RFC 9106 has it for little memory: 64 MiB, three passes


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
