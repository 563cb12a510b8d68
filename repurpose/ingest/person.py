"""A TOML of someone who has a smart card 智能名片 -> what the card says, its pictures in the store."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from repurpose.errors import BadPreset
from repurpose.models import Blob, Model
from repurpose.presets import read
from repurpose.store import Store
from repurpose.text.addresses import address_of

PHOTO_PX = 1200  # longer side; no page shows a face larger
CODE_PX = 800
PIXELS = 40_000_000  # more is made to fill the memory
Https = Annotated[str, Field(pattern=r"^(https://[^\s\"<>\\]+)?$", max_length=500)]
Mail = Annotated[str, Field(pattern=r"^([^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+)?$", max_length=254)]


class Notify(Model):
    """Who is told when somebody known watches what this person sent."""

    webhook: Https = ""
    wecom: Https = Field(default="", description="the address of a WeCom robot")
    mail: Mail = ""


class PersonFile(Model):
    """One person. Only the name must be there."""

    name: Annotated[str, Field(min_length=1, max_length=120, description="as the card says it")]
    slug: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,79})?$")] = Field(
        default="", description="the address, /c/SLUG; empty: from the name"
    )
    title: str = ""
    company: str = ""
    phone: Annotated[str, Field(pattern=r"^[0-9+() .-]{0,40}$")] = ""
    email: Mail = ""
    photo: str = Field(default="", description="a picture beside the file")
    wechat: str = Field(default="", description="a picture of the WeChat code, beside the file")
    calendar: Https = Field(default="", description="where a meeting is booked")
    about: Annotated[str, Field(max_length=2000)] = ""
    language: Literal["", "zh", "en"] = ""
    content: tuple[str, ...] = Field(default=(), description="events shown first, by name or address")
    notify: Notify = Notify()


@dataclass(frozen=True)
class Person:
    """What a file says: the columns of a person's row, and the events named for the card."""

    slug: str
    columns: dict[str, Any]
    content: tuple[str, ...]


def read_person(path: Path, store: Store) -> Person:
    """The person a file describes. Pictures are drawn anew, so nothing a camera wrote into them gets out.

    Raises BadPreset naming the field and the cure.
    """
    told = read(path, PersonFile)
    slug = told.slug or address_of(told.name)
    if not slug:
        raise BadPreset(f"{path}: slug is missing, and no address can be made of the name {told.name!r}.")
    columns = told.model_dump(exclude={"slug", "photo", "wechat", "content", "notify"})
    return Person(
        slug,
        columns
        | {
            "photo": _picture(path, "photo", told.photo, store, PHOTO_PX, ".jpg"),
            "wechat": _picture(path, "wechat", told.wechat, store, CODE_PX, ".png"),
            "notify": {name: value for name, value in told.notify.model_dump().items() if value},
        },
        told.content,
    )


def _picture(path: Path, field: str, name: str, store: Store, longest: int, suffix: str) -> Blob | None:
    if not name:
        return None
    place = path.parent / name
    if not place.is_file():
        raise BadPreset(f"{path}: {field} names {name!r}, which is not there. Its place is {place}.")
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(place, formats=("PNG", "JPEG", "WEBP")) as picture:
                if picture.width * picture.height > PIXELS:
                    raise BadPreset(f"{path}: {field}, {name!r}, has more than {PIXELS // 1_000_000} million pixels.")
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPreset(f"{path}: {field}, {name!r}, cannot be read as a picture. Give a png, jpg or webp.") from None
    upright.thumbnail((longest, longest))
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    data = io.BytesIO()
    plain.save(data, "JPEG" if suffix == ".jpg" else "PNG", quality=90, optimize=True)
    return store.put_bytes(data.getvalue(), suffix)
