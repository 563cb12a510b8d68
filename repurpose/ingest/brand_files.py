"""The files of a brand: each opened once, so that a fault is told before anything is drawn."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import numpy as np

from repurpose.errors import BadMedia, BadPreset
from repurpose.media.audio import pcm
from repurpose.models import Blob
from repurpose.presets import BrandFile
from repurpose.store import Store, suffix_of

LOGO_PIXELS = 16_000_000  # more is a photograph, or a picture made to fill the memory
LOGO_LEAST = 48  # pixels high; less is blurred in a 1080p picture
FONT_BYTES = 64 << 20
MOST_BYTES = 256 << 20  # of any file; more is no music for a film either
STING_S = 10  # longer is music
_FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")  # what they begin with: nothing packed, which may be a bomb
_HEARD_S = 20  # how far into a sound file something must be heard
_RATE = 48_000
# What titles, captions and cards are sure to need: everyday signs, both kinds of punctuation, Latin and digits.
NEEDED = (
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小"
    "军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从回放直播线索客户视频扫码完整报名资料嘉宾活动"
    "，。、：；？！“”‘’《》「」（）…·"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;?!%&+-/@#()"
)


def stored(field: BrandFile, path: Path, name: str, where: str, store: Store) -> Blob:
    """The file at `path`, which came as `name`, in the store. Raises BadPreset naming `where` it is told, the field, and the
    cure, when it cannot be used as that."""
    what = f"{where}: {field} {name!r}"
    if path.stat().st_size > MOST_BYTES:
        raise BadPreset(f"{what} is over {MOST_BYTES >> 20} MB. Save it smaller.")
    if field == "logo":
        suffix = _logo(path, what)
    elif field == "font":
        suffix = _font(path, suffix_of(name), what)
    else:
        suffix = _sound(path, field, suffix_of(name), what)
    return store.put_file(path, suffix)


def _logo(path: Path, what: str) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is far below PIL's
            image = Image.open(path, formats=("PNG", "WEBP"))
        with image:
            if image.width * image.height > LOGO_PIXELS:
                raise BadPreset(
                    f"{what} has {image.width} x {image.height} pixels, at most {LOGO_PIXELS // 1_000_000} million are"
                    " taken. Save it smaller; 1000 pixels wide is plenty."
                )
            if not (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info):
                raise BadPreset(
                    f"{what} has no transparency: its ground would stand in the picture. Save it without one."
                )
            suffix = f".{(image.format or 'PNG').lower()}"
            box = image.convert("RGBA").getchannel("A").getbbox()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise BadPreset(f"{what} is not a png or webp that can be read. Save it anew as png.") from None
    if box is None:
        raise BadPreset(f"{what} is transparent all over. Save it with its ground hidden, not the logo.")
    if box[3] - box[1] < LOGO_LEAST:
        raise BadPreset(f"{what} is {box[3] - box[1]} pixels high, at least {LOGO_LEAST} are needed. Save it larger.")
    return suffix


def _font(path: Path, suffix: str, what: str) -> str:
    from fontTools.ttLib import TTFont, TTLibError

    if suffix not in (".ttf", ".otf", ".ttc"):
        raise BadPreset(f"{what} is not a ttf, otf or ttc. Name a font file of one of these kinds.")
    if path.stat().st_size > FONT_BYTES:
        raise BadPreset(f"{what} is over {FONT_BYTES >> 20} MB. Give one face of it, not the whole family.")
    try:
        with path.open("rb") as opened:
            if opened.read(4) not in _FONTS:
                raise TTLibError("of another kind")
            opened.seek(0)
            with TTFont(opened, fontNumber=0, lazy=True) as font:
                there = font.getBestCmap() or {}
    except (TTLibError, OSError, ValueError, AssertionError, LookupError, struct.error, TypeError, AttributeError):
        raise BadPreset(f"{what} cannot be read as a font. Give another, or leave `font` out.") from None
    missing = [sign for sign in NEEDED if ord(sign) not in there]
    if missing:
        raise BadPreset(
            f"{what} lacks {len(missing)} of {len(NEEDED)} everyday signs, first {' '.join(missing[:5])}. Give a font with"
            " Chinese and Latin, or leave `font` out."
        )
    return suffix


def _sound(path: Path, field: BrandFile, suffix: str, what: str) -> str:
    try:
        heard = length = 0
        for block in pcm(path, _RATE):
            length += len(block)
            heard = heard or int(np.abs(block).max(initial=0) > 1e-4)
            if length > _RATE * _HEARD_S:
                break
    except BadMedia:
        raise BadPreset(f"{what} cannot be read as sound. Give a wav, flac, mp3, m4a or ogg.") from None
    if not heard:
        raise BadPreset(f"{what} is silent, or has no sound in it. Give another, or leave `{field}` out.")
    if field == "sting" and length > _RATE * STING_S:
        raise BadPreset(f"{what} is longer than {STING_S} s. A sting is a short sound; name music as `music`.")
    return suffix  # what it is was heard, not read off its name
