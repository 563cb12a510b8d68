"""What a coded H.264 picture says about itself (ITU-T H.264, 7.3.1 and table 7-1)."""

from __future__ import annotations

IDR = 5
SLICE = 1
_START = b"\x00\x00\x01"


def is_idr(picture: bytes) -> bool:
    """Is this key frame an IDR, so that nothing after it refers to what was before it?"""
    return next((kind == IDR for kind in unit_types(picture) if kind in (SLICE, IDR)), False)


def unit_types(picture: bytes) -> list[int]:
    """The types of its NAL units, in order; with start codes (Annex B) or four-byte lengths (avcC)."""
    if picture.startswith((_START, b"\x00" + _START)):
        return _annex_b(picture)
    found, at = [], 0
    while at + 4 < len(picture):
        size = int.from_bytes(picture[at : at + 4], "big")
        found.append(picture[at + 4] & 31)
        at += 4 + size
    return found


def _annex_b(picture: bytes) -> list[int]:
    found, at = [], picture.find(_START)
    while 0 <= at < len(picture) - 3:
        found.append(picture[at + 3] & 31)
        if found[-1] in (SLICE, IDR):  # the slices end the header; no need to search the picture itself
            return found
        at = picture.find(_START, at + 3)
    return found
