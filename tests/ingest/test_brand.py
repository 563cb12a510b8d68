"""A brand is what its file says, with its files in the store; whatever is wrong with it is told at the door."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from PIL import Image

from repurpose.errors import BadPreset
from repurpose.ingest.brand import brand_of, kit_of_file
from repurpose.ingest.brand_files import MOST_BYTES
from repurpose.media.contrast import contrast
from repurpose.media.flac import write_flac
from repurpose.models import Brand, CallToAction, Event
from repurpose.store import FolderStore, Store
from repurpose.text.noto import packaged

LINK = "https://example.com/replay"


def brands(tmp_path: Path, text: str = "", **files: bytes) -> Path:
    """A folder of presets with the brand `own`, and files beside it."""
    folder = tmp_path / "presets" / "brands"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.toml").write_text(text, "utf-8")
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder.parent


def picture(mode: str = "RGBA", size: tuple[int, int] = (200, 80), kind: str = "PNG", fill: object = None) -> bytes:
    image = Image.new(mode, size)
    if fill is not None:
        image.paste(fill, (10, 10, size[0] - 10, size[1] - 10))  # type: ignore[arg-type]
    held = io.BytesIO()
    image.save(held, kind)
    return held.getvalue()


def font(signs: str) -> bytes:
    """A font whose every sign is empty."""
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", *(f"u{ord(sign):04X}" for sign in signs)]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(sign): f"u{ord(sign):04X}" for sign in signs})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    held = io.BytesIO()
    builder.save(held)
    return held.getvalue()


WHITE = (255, 255, 255, 255)


def event(brand: str = "own", **cta: str) -> Event:
    return Event(name="talk", brand=brand, cta=CallToAction(**cta))


def worn(event: Event, folder: Path | None, store: Store, language: str) -> Brand:
    """The event's brand as its file tells it."""
    return brand_of(event, kit_of_file(event.brand, folder), store, language)


def test_the_sample_s_brand_is_whole(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    brand = worn(event("repurpose", url=LINK), None, store, "zh")
    assert brand.logo is not None
    assert brand.sting is not None
    assert store.path(brand.logo).suffix == ".png"
    assert store.path(brand.sting).stat().st_size <= 60_000
    assert brand.music is None
    assert brand.font is None
    assert "扫码" in brand.cta
    assert brand.link == LINK


def test_the_default_brand_puts_nobody_s_logo_on_a_film(tmp_path: Path) -> None:
    brand = worn(event("default"), None, FolderStore(tmp_path), "zh")
    assert (brand.logo, brand.sting, brand.music, brand.cta, brand.link) == (None, None, None, "", "")


def test_words_follow_the_language_and_the_event_comes_first(tmp_path: Path) -> None:
    folder = brands(tmp_path, 'cta = "扫码看回放"\ncta_en = "Scan me"\nlink = "https://brand.example/a"')
    store = FolderStore(tmp_path / "store")
    assert worn(event(), folder, store, "zh").cta == "扫码看回放"
    assert worn(event(), folder, store, "en").cta == "Scan me"
    assert worn(event(), folder, store, "fr").cta == "Scan me"
    told = worn(event(text="  领取\n资料 ", url=LINK), folder, store, "en")
    assert told.cta == "领取 资料"
    assert told.link == "https://brand.example/a"


def test_without_a_link_nobody_is_asked_to_scan(tmp_path: Path) -> None:
    folder, store = brands(tmp_path, 'cta = "扫码看回放"'), FolderStore(tmp_path / "store")
    brand = worn(event(), folder, store, "zh")
    assert (brand.cta, brand.link) == ("", "")
    assert worn(event(text="下周见"), folder, store, "zh").cta == "下周见"


def test_files_enter_the_store(tmp_path: Path) -> None:
    write_flac([np.sin(np.arange(48_000) / 20).astype(np.float32)[:, None]], tmp_path / "s.flac", 48_000, 1)
    sound = (tmp_path / "s.flac").read_bytes()
    folder = brands(
        tmp_path,
        f'logo = "logo.webp"\nmusic = "bed.flac"\nsting = "bed.flac"\nfont = "{packaged()}"',
        logo_webp=picture(kind="WEBP", fill=WHITE),
        bed_flac=sound,
    )
    store = FolderStore(tmp_path / "store")
    brand = worn(event(), folder, store, "zh")
    assert brand.logo is not None and brand.logo.suffix == ".webp"
    assert brand.music == brand.sting
    assert brand.music is not None and store.path(brand.music).read_bytes() == sound
    assert brand.font is not None and brand.font.suffix == ".ttc"


SILENT, LONG = np.zeros((48_000, 1), np.float32), np.full((48_000 * 11, 1), 0.1, np.float32)
FAULTS = {
    "a logo that is not there": ('logo = "no.png"', {}, ("logo", "'no.png'", "not there", "Its place is")),
    "a logo that is no picture": ('logo = "l.png"', {"l_png": b"\x89PNG\r\n\x1a\nx"}, ("not a png or webp", "Save it")),
    "a jpeg under another name": ('logo = "l.png"', {"l_png": picture("RGB", kind="JPEG")}, ("not a png or webp",)),
    "a logo on a ground": ('logo = "l.png"', {"l_png": picture("RGB")}, ("no transparency", "Save it without")),
    "an empty logo": ('logo = "l.png"', {"l_png": picture()}, ("transparent all over",)),
    "a tiny logo": ('logo = "l.png"', {"l_png": picture(size=(90, 40), fill=WHITE)}, ("20 pixels high", "larger")),
    "a huge logo": ('logo = "l.png"', {"l_png": picture("LA", (9000, 2000))}, ("9000 x 2000", "at most 16 million")),
    "a cut-off logo": ('logo = "l.png"', {"l_png": picture(fill=WHITE)[:150]}, ("not a png or webp",)),
    "a font that is none": ('font = "f.ttf"', {"f_ttf": b"no font"}, ("cannot be read as a font", "leave `font` out")),
    "a font without Chinese": (
        'font = "f.ttf"',
        {"f_ttf": font("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")},
        ("lacks", "everyday signs, first 的 一 是 不 了", "Give a font"),
    ),
    "a font of another kind": ('font = "f.woff2"', {"f_woff2": b"x"}, ("not a ttf, otf or ttc",)),
    "music that is text": (
        'music = "m.mp3"',
        {"m_mp3": b"words" * 99},
        ("music", "cannot be read as sound", "Give a wav"),
    ),
    "a link without a scheme": ('link = "example.com/a"', {}, ("link", "not a web address", "https://")),
    "a link with a space": ('link = "https://example.com/a b"', {}, ("not a web address",)),
    "a link of another kind": ('link = "javascript:alert(1)"', {}, ("not a web address",)),
    "a long link": (f'link = "https://example.com/{"a" * 300}"', {}, ("too fine to scan", "short link")),
    "colours that hide the text": (
        'on_dark = "#222222"',
        {},
        ("on_dark #222222", "cannot be read on ground", "lighter"),
    ),
    "a field that is none": ('lgo = "x"', {}, ("'lgo' is not a field", "Did you mean 'logo'")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_name_file_field_and_cure(fault: str, tmp_path: Path) -> None:
    text, files, said = FAULTS[fault]
    folder = brands(tmp_path, text, **files)
    with pytest.raises(BadPreset) as caught:
        worn(event(), folder, FolderStore(tmp_path / "store"), "zh")
    message = str(caught.value)
    assert "own.toml" in message
    assert "\n" not in message
    for part in said:
        assert part in message


def test_a_file_that_is_far_too_large_is_not_even_opened(tmp_path: Path) -> None:
    folder = brands(tmp_path, 'music = "m.flac"', m_flac=b"")
    with (folder / "brands" / "m.flac").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(BadPreset, match=r"music 'm\.flac' is over 256 MB\. Save it smaller"):
        worn(event(), folder, FolderStore(tmp_path / "store"), "zh")


@pytest.mark.parametrize(
    ("samples", "field", "said"), [(SILENT, "music", "silent"), (LONG, "sting", "longer than 10 s")]
)
def test_sounds_are_heard_before_they_are_used(
    samples: np.ndarray[tuple[int, int], np.dtype[np.float32]], field: str, said: str, tmp_path: Path
) -> None:
    write_flac([samples], tmp_path / "s.flac", 48_000, 1)
    folder = brands(tmp_path, f'{field} = "{tmp_path / "s.flac"}"')
    with pytest.raises(BadPreset, match=said):
        worn(event(), folder, FolderStore(tmp_path / "store"), "zh")


def test_a_bad_link_of_the_event_is_the_events_fault(tmp_path: Path) -> None:
    with pytest.raises(BadPreset, match=r"event 'talk': cta\.url 'www\.x' is not a web address"):
        worn(event("default", url="www.x"), None, FolderStore(tmp_path), "zh")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
