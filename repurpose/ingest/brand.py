"""presets/brands/NAME.toml and an event -> Brand: every file opened once, so that a fault is told before anything is drawn."""

from __future__ import annotations

import warnings
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np

from repurpose.errors import BadMedia, BadPreset
from repurpose.media.audio import pcm
from repurpose.media.contrast import READABLE, contrast
from repurpose.models import Blob, Brand, Event
from repurpose.presets import BrandPreset, load_brand
from repurpose.store import Store

LOGO_PIXELS = 16_000_000  # more is a photograph, or a picture made to fill the memory
LOGO_LEAST = 48  # pixels high; less is blurred in a 1080p picture
FONT_BYTES = 64 << 20
STING_S = 10  # longer is music
LINK_BYTES = 150  # with what we add, a code of it can still be scanned off a phone's screen
_HEARD_S = 20  # how far into a sound file something must be heard
_RATE = 48_000
# What titles, captions and cards are sure to need: everyday signs, both kinds of punctuation, Latin and digits.
NEEDED = (
    "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小"
    "军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从回放直播线索客户视频扫码完整报名资料嘉宾活动"
    "，。、：；？！“”‘’《》「」（）…·"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;?!%&+-/@#()"
)


def brand_of(event: Event, overlay: Path | None, store: Store, language: str) -> Brand:
    """The event's brand, its files in the store, its words in `language` ("zh", else English).

    The event's own call to action and the brand's own link come first. Without any link there is no code, and the brand's
    call to action, which speaks of one, is left out. Raises BadPreset naming file, field and cure.
    """
    preset, folder = load_brand(event.brand, overlay)
    file = folder / f"{preset.name}.toml"
    _check_colours(preset, file)
    link = preset.link or event.cta.url
    if link:
        _check_link(link, f"{file}: link" if preset.link else f"event {event.name!r}: cta.url")
    own = preset.cta if language.startswith("zh") else preset.cta_en
    return Brand(
        name=preset.name,
        ink=preset.ink,
        paper=preset.paper,
        signal=preset.signal,
        warm=preset.warm,
        on_dark=preset.on_dark,
        quiet=preset.quiet,
        spoken=preset.spoken,
        ground=preset.ground,
        font=_font(_there(file, "font", preset.font), file, store) if preset.font else None,
        logo=_logo(_there(file, "logo", preset.logo), file, store) if preset.logo else None,
        intro=preset.intro,
        outro=preset.outro,
        corner=preset.corner,
        music=_sound(_there(file, "music", preset.music), file, "music", store) if preset.music else None,
        sting=_sound(_there(file, "sting", preset.sting), file, "sting", store) if preset.sting else None,
        cta=" ".join((event.cta.text or (own if link else "")).split()),
        link=link,
    )


def _check_colours(preset: BrandPreset, file: Path) -> None:
    pairs = [("ink", preset.ink, "paper", preset.paper)]
    pairs += [
        (name, colour, "ground", ground)
        for name, colour in (("on_dark", preset.on_dark), ("quiet", preset.quiet))
        for ground in preset.ground
    ]
    for name, colour, behind, ground in pairs:
        if (found := contrast(colour, ground)) < READABLE:
            raise BadPreset(
                f"{file}: {name} {colour} cannot be read on {behind} {ground} (contrast {found:.1f}, at least"
                f" {READABLE} is needed). Make one lighter or the other darker."
            )


def _check_link(link: str, where: str) -> None:
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, link))
    except ValueError:
        good = False
    if not good:
        raise BadPreset(f"{where} {link!r} is not a web address. Write it in full, such as https://example.com/replay.")
    if len(quote(link, safe="%/:?#[]@!$&'()*+,;=~")) > LINK_BYTES:
        raise BadPreset(
            f"{where} {link[:40]}... is over {LINK_BYTES} bytes: its code would be too fine to scan from a video."
            " Use a short link."
        )


def _there(file: Path, field: str, name: str) -> Path:
    path = file.parent / Path(name).expanduser()
    if not path.is_file():
        raise BadPreset(f"{file}: {field} names {name!r}, which is not there. Its place is {path}.")
    return path


def _logo(path: Path, file: Path, store: Store) -> Blob:
    from PIL import Image, UnidentifiedImageError

    what = f"{file}: logo {path.name!r}"
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
    return store.put_file(path, suffix)


def _font(path: Path, file: Path, store: Store) -> Blob:
    from fontTools.ttLib import TTFont, TTLibError

    what = f"{file}: font {path.name!r}"
    suffix = path.suffix.lower()
    if suffix not in (".ttf", ".otf", ".ttc"):
        raise BadPreset(f"{what} is not a ttf, otf or ttc. Name a font file of one of these kinds.")
    if path.stat().st_size > FONT_BYTES:
        raise BadPreset(f"{what} is over {FONT_BYTES >> 20} MB. Give one face of it, not the whole family.")
    try:
        with path.open("rb") as opened, TTFont(opened, fontNumber=0, lazy=True) as font:
            there = font.getBestCmap() or {}
    except (TTLibError, OSError, ValueError, AssertionError, KeyError):
        raise BadPreset(f"{what} cannot be read as a font. Give another, or leave `font` out.") from None
    missing = [sign for sign in NEEDED if ord(sign) not in there]
    if missing:
        raise BadPreset(
            f"{what} lacks {len(missing)} of {len(NEEDED)} everyday signs, first {' '.join(missing[:5])}. Give a font with"
            " Chinese and Latin, or leave `font` out."
        )
    return store.put_file(path, suffix)


def _sound(path: Path, file: Path, field: str, store: Store) -> Blob:
    what = f"{file}: {field} {path.name!r}"
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
    return store.put_file(path, path.suffix.lower() if len(path.suffix) > 1 else "")
