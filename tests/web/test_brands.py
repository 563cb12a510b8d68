"""Brands over the API: records before files, files taken in by uploads or paths, whatever cannot be worn refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from repurpose.client import ApiError, Client
from repurpose.db import audit, events, kept, runs
from repurpose.ingest.brand import kit_of
from repurpose.media.flac import write_flac
from repurpose.models import Event
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import shipped
from repurpose.text.noto import packaged
from tests.ingest.test_brand import LONG, SILENT, WHITE, font, picture
from tests.web.served import served

GREEN = {"signal": "#0A7A4B", "cta": "扫码看回放", "link": "https://example.com/a"}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Any]:
    """A server with the brand `own` as a preset file with a logo, and a folder it may take files from."""
    beside, folder = tmp_path / "presets" / "brands", tmp_path / "in"
    beside.mkdir(parents=True)
    folder.mkdir()
    (beside / "own.toml").write_text('signal = "#AA0000"\nlogo = "own.png"', "utf-8")
    (beside / "own.png").write_bytes(picture(fill=WHITE))
    with (
        served(tmp_path / "home", presets=beside.parent, ingest=(folder,)) as server,
        server.client("editor") as api,
        Client(server.base, server.keys["editor"]) as client,
    ):
        yield SimpleNamespace(server=server, api=api, client=client, folder=folder, beside=beside)


def lies(at: Any, name: str, data: bytes) -> dict[str, str]:
    """A file in the folder the server may take from, as it is handed in."""
    (at.folder / name).write_bytes(data)
    return {"path": str(at.folder / name)}


def test_brands_with_only_a_file_are_told_too(at: Any) -> None:
    brands = {one["name"]: one for one in at.client.brands()}
    assert set(brands) == {"default", "own", "repurpose"} and {one["told"] for one in brands.values()} == {"file"}
    assert brands["own"]["files"]["logo"]["name"] == "own.png" and brands["default"]["files"] == {}
    assert (brands["own"]["signal"], brands["own"]["updated"], brands["default"]["signal"]) == (
        "#AA0000",
        None,
        "#2457F5",
    )
    (at.beside / "own.toml").write_text('signal = "#BB0000"', "utf-8")
    told = at.api.get(
        "/api/v1/brands/own", headers={"if-none-match": '"0"'}
    )  # a file's version does not change with it
    assert (told.status_code, told.headers["etag"], told.json()["signal"]) == (200, '"0"', "#BB0000")
    assert (at.api.get("/api/v1/brands/none").status_code, at.api.get("/api/v1/brands/-a").status_code) == (404, 422)


def test_a_brand_is_made_changed_and_forgotten(at: Any) -> None:
    made = at.client.put_brand("acme", **GREEN)
    assert (made["told"], made["signal"], made["ink"], made["files"]) == ("record", "#0A7A4B", "#0E1525", {})
    assert at.client.brand("acme") == made
    changed = at.client.put_brand("acme", made, **GREEN | {"warm": "#FFAA00"})
    assert changed["warm"] == "#FFAA00" and changed["updated"] > made["updated"]
    with pytest.raises(ApiError) as stale:
        at.client.put_brand("acme", made, **GREEN)
    assert (stale.value.status, stale.value.kind) == (412, "/problems/changed")
    held = at.api.get("/api/v1/brands/acme", headers={"if-none-match": f'"{changed["updated"]}"'})
    assert held.status_code == 304
    gone = at.api.delete("/api/v1/brands/acme", headers={"if-match": '"1"'})
    assert gone.status_code == 412 and at.client.delete_brand("acme") == changed
    assert at.api.get("/api/v1/brands/acme").status_code == 404 == at.api.delete("/api/v1/brands/acme").status_code
    noted = [row.action for row in audit.noted(at.server.place.engine, about="acme")]
    assert noted == ["brand.delete", "brand.change", "brand.change"]


def test_asked_twice_with_one_key_it_is_done_once(at: Any) -> None:
    for _ in range(2):
        answer = at.api.put("/api/v1/brands/acme", json=GREEN, headers={"idempotency-key": "once"})
        assert answer.status_code == 200
    assert answer.headers["idempotent-replayed"] == "true"
    assert len(audit.noted(at.server.place.engine, about="acme")) == 1


def test_a_record_takes_along_what_its_preset_file_brings(at: Any) -> None:
    told = at.client.brand("own")
    look = {name: told[name] for name in told if name not in ("name", "told", "files", "created", "updated")}
    made = at.client.put_brand("own", told, **look | {"signal": "#0A7A4B"})
    assert made["told"] == "record" and made["files"] == told["files"]
    place = at.server.place
    assert made["files"]["logo"]["sha256"] in kept.files(place.engine)
    kit = kit_of("own", place.settings.presets, place.engine)
    assert (kit.preset.signal, kit.held["logo"].suffix) == ("#0A7A4B", ".png")
    at.client.delete_brand_file("own", "logo")
    assert at.client.brand("own")["files"] == {}
    at.client.delete_brand("own")
    assert at.client.brand("own") == told


def test_files_come_by_upload_and_by_path(at: Any) -> None:
    at.client.put_brand("acme", **GREEN)
    (at.folder / "logo.webp").write_bytes(picture(kind="WEBP", fill=WHITE))
    made = at.client.put_brand_file("acme", "logo", at.client.upload(at.folder / "logo.webp"))
    sound = lies(at, "short.flac", (shipped() / "brands" / "repurpose.flac").read_bytes())
    made = at.client.put_brand_file("acme", "sting", **sound)
    assert {one: told["name"] for one, told in made["files"].items()} == {"logo": "logo.webp", "sting": "short.flac"}
    assert made["signal"] == "#0A7A4B"
    made = at.client.put_brand("acme", **GREEN | {"quiet": "#C0C8DC"})
    assert set(made["files"]) == {"logo", "sting"}  # a change of the look keeps the files


FAULTS: dict[str, tuple[str, str, bytes, tuple[str, ...]]] = {
    "a logo that is a jpeg": ("logo", "l.png", picture("RGB", kind="JPEG"), ("logo 'l.png' is not a png or webp", "Save it anew as png")),
    "a logo on a ground": ("logo", "l.png", picture("RGB"), ("no transparency", "Save it without one")),
    "a font without Chinese": ("font", "f.ttf", font("abc"), ("font 'f.ttf' lacks", "first 的 一 是", "Give a font with Chinese and Latin")),
    "a font that is none": ("font", "f.otf", b"no font", ("cannot be read as a font", "leave `font` out")),
    "a packed font": ("font", "f.ttf", b"wOFF" + bytes(80), ("cannot be read as a font", "Give another")),
    "a font of another kind": ("font", "f.woff2", b"wOF2", ("not a ttf, otf or ttc",)),
    "music that is text": ("music", "m.mp3", b"words" * 99, ("music 'm.mp3' cannot be read as sound", "Give a wav")),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_worn_is_refused_by_name_with_the_cure(at: Any, fault: str) -> None:
    file, name, data, said = FAULTS[fault]
    at.client.put_brand("acme", **GREEN)
    before = at.client.brand("acme")
    answer = at.api.put(f"/api/v1/brands/acme/files/{file}", json=lies(at, name, data))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/refused")
    for part in ("brand 'acme'", *said):
        assert part in answer.json()["detail"]
    assert at.client.brand("acme") == before


@pytest.mark.parametrize("name", ["m.wa v", "m.Wäv", "m.'\"x", "m." + "w" * 200, "m.", "m.FLAC"])
def test_a_sound_of_any_name_is_taken(at: Any, name: str) -> None:
    at.client.put_brand("acme", **GREEN)
    sound = (shipped() / "brands" / "repurpose.flac").read_bytes()
    made = at.client.put_brand_file("acme", "music", **lies(at, name, sound))
    assert made["files"]["music"]["name"] == name


@pytest.mark.parametrize(("samples", "said"), [(SILENT, "is silent"), (LONG, "longer than 10 s")])
def test_a_sting_is_heard_first(at: Any, samples: Any, said: str) -> None:
    at.client.put_brand("acme", **GREEN)
    write_flac([samples], at.folder / "s.flac", 48_000, 1)
    with pytest.raises(ApiError, match=said):
        at.client.put_brand_file("acme", "sting", path=str(at.folder / "s.flac"))


def test_a_font_with_all_signs_is_taken(at: Any) -> None:
    at.client.put_brand("acme", **GREEN)
    made = at.client.put_brand_file("acme", "font", **lies(at, "noto.ttc", packaged().read_bytes()))
    assert made["files"]["font"]["name"] == "noto.ttc"


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"ink": "#8899AA"}, "ink #8899AA cannot be read on paper #FAF8F4 (contrast 2."),
        ({"on_dark": "#222222"}, "on_dark #222222 cannot be read on ground"),
        ({"ground": ["#0B1020", "#C0C0C0"]}, "on_dark #F5F7FC cannot be read on ground #C0C0C0"),
        ({"link": "example.com"}, "link 'example.com' is not a web address. Write it in full"),
        ({"link": f"https://example.com/{'a' * 200}"}, "too fine to scan"),
    ],
)
def test_a_look_that_cannot_be_read_is_refused_with_the_cure(at: Any, look: dict[str, Any], said: str) -> None:
    answer = at.api.put("/api/v1/brands/acme", json=look)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/refused")
    assert "brand 'acme': " in answer.json()["detail"] and said in answer.json()["detail"]
    assert at.api.get("/api/v1/brands/acme").status_code == 404


def test_what_is_no_field_or_no_colour_is_said(at: Any) -> None:
    for look in ({"signal": "red"}, {"lgo": "x"}, {"ground": ["#000000"]}, {"logo": "x.png"}, {"name": "other"}):
        answer = at.api.put("/api/v1/brands/acme", json=look)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
        assert answer.json()["errors"][0]["field"].startswith(f"body.{next(iter(look))}")
    for wish in ({}, {"upload": "up_" + "a" * 20}, {"path": "/etc/passwd"}):
        assert at.api.put("/api/v1/brands/own/files/logo", json=wish).status_code == 422
    assert at.api.put("/api/v1/brands/own/files/other", json={}).status_code == 422
    assert at.api.put("/api/v1/brands/none/files/logo", json=lies(at, "l.png", picture(fill=WHITE))).status_code == 404


def runs_with(place: Workplace, name: str, brand: str, run: str = "a" * 32) -> str:
    """A run of an event that nobody ordered here, with this brand."""
    root = place.store.put(Event(name=name, brand=brand))
    return runs.begin(place.engine, run, name, {"event": root}, "").id


def test_an_event_wears_a_brand_that_is_there(at: Any) -> None:
    wish = {"title": "Talk", "about": {"brand": "acme"}}
    answer = at.api.post("/api/v1/events", json=wish)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/refused")
    assert answer.json()["detail"] == "brand 'acme': there is none of this name. There are: default, own, repurpose."
    at.client.put_brand("acme", **GREEN)
    event = at.api.post("/api/v1/events", json=wish).json()
    other = at.api.patch(f"/api/v1/events/{event['id']}", json={"about": {"brand": "none"}})
    assert other.status_code == 422 and "There are: acme, default" in other.json()["detail"]
    kept_on = at.api.delete("/api/v1/brands/acme")
    assert kept_on.status_code == 409 and event["id"] in kept_on.json()["detail"]
    at.client.change_event(event, about={"brand": "own"})
    run = runs_with(at.server.place, "talk", "acme")
    events.create(at.server.place.engine, slug="from-the-command-line", title="x", run=run)
    assert at.api.delete("/api/v1/brands/acme").status_code == 409
    runs_with(at.server.place, "talk", "own", run)
    assert at.client.delete_brand("acme")["name"] == "acme"
    at.client.put_brand("own", **GREEN)
    assert at.client.delete_brand("own")["name"] == "own"  # its preset file is there still


def test_the_picture_taken_in_is_the_one_that_came(at: Any) -> None:
    at.client.put_brand("acme", **GREEN)
    made = at.client.put_brand_file("acme", "logo", **lies(at, "wrong.png", picture(kind="WEBP", fill=WHITE)))
    place = at.server.place
    held = kit_of("acme", None, place.engine).held["logo"]
    assert held.suffix == ".webp" and held.digest == made["files"]["logo"]["sha256"]
    with Image.open(place.store.path(held)) as opened:
        assert opened.format == "WEBP"
