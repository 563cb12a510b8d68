"""A brand as it is told, by a record or by presets/brands/NAME.toml, and an event -> Brand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args
from urllib.parse import quote, urlsplit

from repurpose.db import brands
from repurpose.db.session import Database
from repurpose.errors import BadPreset
from repurpose.ingest.brand_files import stored
from repurpose.media.contrast import READABLE, contrast
from repurpose.models import Blob, Brand, Event
from repurpose.presets import BrandFile, BrandLook, BrandPreset, brand_names, load_brand
from repurpose.store import Store

LINK_BYTES = 150  # with what we add, a code of it can still be scanned off a phone's screen
FILES: tuple[BrandFile, ...] = get_args(BrandFile)


@dataclass(frozen=True)
class Kit:
    """A brand as it is told. A preset file names its files, a record has them in the store."""

    preset: BrandPreset
    where: str  # as a fault in it is told
    beside: Path | None = None  # the folder of the preset file
    held: Mapping[BrandFile, Blob] = field(default_factory=dict)  # of a record

    def file(self, field: BrandFile) -> Path:
        """The file that a preset file names. Raises BadPreset when it is not there."""
        name = getattr(self.preset, field)
        path = (self.beside or Path()) / Path(name).expanduser()
        if not path.is_file():
            raise BadPreset(f"{self.where}: {field} names {name!r}, which is not there. Its place is {path}.")
        return path


def kit_of(name: str, overlay: Path | None, engine: Database) -> Kit:
    """The brand of this name: its record, else its preset file. Raises BadPreset when there is neither."""
    row = brands.find(engine, name)
    if row is not None:
        return Kit(row.preset, f"brand {name!r}", held=row.files)
    must_be_told(name, overlay, engine)
    return kit_of_file(name, overlay)


def must_be_told(name: str, overlay: Path | None, engine: Database) -> None:
    """Raise BadPreset, naming those there are, when neither a record nor a preset file tells this brand."""
    there = {*brand_names(overlay), *(row.name for row in brands.everyone(engine))}
    if name not in there:
        raise BadPreset(f"brand {name!r}: there is none of this name. There are: {', '.join(sorted(there))}.")


def kit_of_file(name: str, overlay: Path | None) -> Kit:
    """The brand as its preset file tells it. Raises BadPreset naming file, field and cure."""
    preset, folder = load_brand(name, overlay)
    return Kit(preset, str(folder / f"{name}.toml"), folder)


def files_of(kit: Kit, store: Store) -> dict[BrandFile, Blob]:
    """The brand's files, in the store. Raises BadPreset naming field and cure."""
    if kit.beside is None:
        return dict(kit.held)
    named = [field for field in FILES if getattr(kit.preset, field)]
    return {one: stored(one, path := kit.file(one), path.name, kit.where, store) for one in named}


def brand_of(event: Event, kit: Kit, store: Store, language: str) -> Brand:
    """The event's brand, its files in the store, its words in `language` ("zh", else English).

    The event's own call to action and the brand's own link come first. Without any link there is no code, and the brand's
    call to action, which speaks of one, is left out. Raises BadPreset naming where it is told, field and cure.
    """
    preset = kit.preset
    check_look(preset, kit.where)
    link = preset.link or event.cta.url
    if link and not preset.link:
        _check_link(link, f"event {event.name!r}: cta.url")
    files = files_of(kit, store)
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
        font=files.get("font"),
        logo=files.get("logo"),
        intro=preset.intro,
        outro=preset.outro,
        corner=preset.corner,
        music=files.get("music"),
        sting=files.get("sting"),
        cta=" ".join((event.cta.text or (own if link else "")).split()),
        link=link,
    )


def check_look(look: BrandLook, where: str) -> None:
    """Raise BadPreset, naming `where` it is told, for text that cannot be read on its ground or a link that is none."""
    pairs = [("ink", look.ink, "paper", look.paper)]
    pairs += [
        (name, colour, "ground", ground)
        for name, colour in (("on_dark", look.on_dark), ("quiet", look.quiet))
        for ground in look.ground
    ]
    for name, colour, behind, ground in pairs:
        if (found := contrast(colour, ground)) < READABLE:
            raise BadPreset(
                f"{where}: {name} {colour} cannot be read on {behind} {ground} (contrast {found:.1f}, at least"
                f" {READABLE} is needed). Make one lighter or the other darker."
            )
    if look.link:
        _check_link(look.link, f"{where}: link")


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
