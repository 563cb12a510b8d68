"""A card's file: what it says, what is wrong with it, and pictures that tell nothing more than they show."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from repurpose.errors import BadPreset
from repurpose.ingest.person import read_person
from repurpose.store import FolderStore


def written(folder: Path, text: str) -> Path:
    path = folder / "lin.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_card_is_read_and_its_photo_drawn_anew(tmp_path: Path) -> None:
    photo = Image.new("RGB", (1600, 800), "orange")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"  # turned a quarter, and a remark
    photo.save(tmp_path / "me.jpg", exif=exif)
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(tmp_path / "code.png")
    path = written(
        tmp_path,
        'name = "林晓"\ntitle = "顾问"\nphone = "+86 138 0000 0000"\nphoto = "me.jpg"\nwechat = "code.png"\n'
        'content = ["ku-cun"]\n[notify]\nmail = "lin@example.com"\n',
    )
    store = FolderStore(tmp_path / "store")
    person = read_person(path, store)
    assert (person.slug, person.content) == ("lin-xiao", ("ku-cun",))
    assert person.columns["name"] == "林晓" and person.columns["notify"] == {"mail": "lin@example.com"}
    with Image.open(store.path(person.columns["photo"])) as kept:
        assert kept.size == (600, 1200) and not kept.getexif()
    with Image.open(store.path(person.columns["wechat"])) as code:
        assert code.getpixel((0, 0)) == (255, 255, 255)
    assert b"taken at home" not in store.path(person.columns["photo"]).read_bytes()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('title = "x"', "'name' is missing"),
        ('name = "x"\nfone = "1"', "Did you mean 'phone'"),
        ('name = "x"\nemail = "nobody"', "email"),
        ('name = "x"\ncalendar = "javascript:alert(1)"', "calendar"),
        ('name = "x"\nphone = "<b>"', "phone"),
        ('name = "x"\nphoto = "no.jpg"', "which is not there"),
        ('name = "x"\nphoto = "lin.toml"', "cannot be read as a picture"),
        ('name = "🙂"', "slug is missing"),
        ('name = "x"\nslug = "../x"', "slug"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(BadPreset, match=r"lin\.toml") as error:
        read_person(written(tmp_path, text), FolderStore(tmp_path / "store"))
    assert fault in str(error.value)
