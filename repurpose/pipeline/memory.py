"""Memory goes back to the system when it is free: glibc otherwise keeps most of what many threads once used."""

from __future__ import annotations

import ctypes
import functools
import platform
from typing import Any

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # mallopt(3)
_ARENAS = 2  # one for each core we count on; glibc would open eight for each
_LARGE = 16 << 20  # bytes; what is larger is mapped by itself, so freeing it gives it back


@functools.cache
def keep_flat() -> None:
    """Settings of the C library for as long as this process lives; does nothing where it is not glibc."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENA_MAX, _ARENAS)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)  # set by hand it no longer grows with what is freed
        libc.mallopt(_TRIM_THRESHOLD, _LARGE)


def give_back() -> None:
    """Return what is free in the middle of the heap."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


@functools.cache
def _glibc() -> Any:
    return ctypes.CDLL("libc.so.6") if platform.libc_ver()[0] == "glibc" else None
