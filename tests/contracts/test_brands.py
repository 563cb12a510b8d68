"""Brands as records, on both databases: which of record and file counts, what is kept, what a change reaches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from repurpose.db import brands, events, kept, orders, runs
from repurpose.errors import BadPreset
from repurpose.ingest.brand import brand_of, files_of, kit_of, kit_of_file
from repurpose.ingest.intake import Intake
from repurpose.ingest.roots import roots_of
from repurpose.models import Brand, Event, Live, Source
from repurpose.pipeline import release
from repurpose.pipeline.foresee import roots_again, wearers
from repurpose.pipeline.reap import sweep
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import BrandPreset
from repurpose.publish.release import look_of
from tests.publish.released import release_of

GREEN = BrandPreset(name="acme", signal="#0A7A4B", cta="扫码", cta_en="Scan", link="https://example.com/a")


def overlay(folder: Path, text: str = 'signal = "#AA0000"') -> Path:
    (folder / "presets" / "brands").mkdir(parents=True)
    (folder / "presets" / "brands" / "acme.toml").write_text(text, "utf-8")
    return folder / "presets"


def test_a_record_is_put_changed_and_dropped(place: Workplace) -> None:
    logo, font = place.store.put_bytes(b"logo", ".png"), place.store.put_bytes(b"font", ".ttf")
    assert brands.find(place.engine, "acme") is None and brands.everyone(place.engine) == []
    first = brands.put(place.engine, GREEN, {"logo": logo}, "lin", seen=0)
    assert first and (first.preset, dict(first.files), first.by) == (GREEN, {"logo": logo}, "lin")
    assert brands.put(place.engine, GREEN, {}, "dana", seen=0) is None  # somebody made it meanwhile
    assert brands.find(place.engine, "acme") == first
    other = GREEN.model_copy(update={"signal": "#123456"})
    second = brands.put(place.engine, other, {"font": font}, "dana", seen=first.updated)
    assert second and second.updated > first.updated and second.created == first.created and second.by == "dana"
    assert brands.put(place.engine, GREEN, {}, "lin", seen=first.updated) is None
    assert brands.everyone(place.engine) == [second] and second.preset.signal == "#123456"
    assert not brands.drop(place.engine, "acme", seen=first.updated) and not brands.drop(place.engine, "none")
    assert brands.drop(place.engine, "acme") and brands.find(place.engine, "acme") is None


def test_what_a_brand_brings_is_kept_from_a_sweep(place: Workplace) -> None:
    logo, sting = place.store.put_bytes(b"logo", ".png"), place.store.put_bytes(b"sting", ".flac")
    brands.put(place.engine, GREEN, {"logo": logo, "sting": sting}, "lin")
    assert kept.files(place.engine) == {logo.digest, sting.digest}
    brands.put(place.engine, GREEN, {"logo": logo}, "lin")
    place.presence.litter()
    assert sweep(place) == 1 and place.store.has(logo.digest) and not place.store.has(sting.digest)


def test_the_logo_that_a_release_froze_outlives_the_record(place: Workplace) -> None:
    logo = place.store.put_bytes(b"logo", ".png")
    brands.put(place.engine, GREEN, {"logo": logo}, "lin")
    brand = brand_of(Event(name="talk", brand="acme"), kit_of("acme", None, place.engine), place.store, "zh")
    row = events.create(place.engine, slug="talk", title="x")
    content = release_of(place.store, "talk").model_copy(update={"look": look_of(brand)})
    release.enter(place, row, content, "test")
    brands.drop(place.engine, "acme")
    place.presence.litter()
    sweep(place)
    assert place.store.has(logo.digest)


def test_a_run_begins_with_the_record(place: Workplace) -> None:
    brands.put(place.engine, GREEN, {}, "lin")
    source = Source(files=(place.store.put_bytes(b"film", ".mp4"),), names=("talk.mp4",))
    taken = Intake(Event(name="talk", brand="acme"), source, Live())
    root = roots_of(taken, place.store, place.engine)["brand"]
    assert isinstance(root, Brand) and (root.name, root.signal, root.cta) == ("acme", "#0A7A4B", "Scan")
    with pytest.raises(BadPreset, match="brand 'none': there is none"):
        roots_of(replace(taken, event=Event(name="talk", brand="none")), place.store, place.engine)


def test_a_record_comes_before_the_file_of_its_name(place: Workplace, tmp_path: Path) -> None:
    ours = overlay(tmp_path)
    logo = place.store.put_bytes(b"logo", ".png")
    event = Event(name="talk", brand="acme")

    def worn() -> tuple[str, object]:
        brand = brand_of(event, kit_of("acme", ours, place.engine), place.store, "zh")
        return brand.signal, brand.logo

    assert worn() == ("#AA0000", None)
    brands.put(place.engine, GREEN, {"logo": logo}, "lin")
    assert worn() == ("#0A7A4B", logo)
    assert kit_of("default", ours, place.engine) == kit_of_file("default", ours)  # with only a file it is as usable
    brands.drop(place.engine, "acme")
    assert worn() == ("#AA0000", None)


def test_a_record_that_says_the_same_as_a_file_is_the_same_brand(place: Workplace) -> None:
    """Its content is the run's root: nothing is made anew for it."""
    event = Event(name="talk", brand="repurpose")
    told = kit_of_file("repurpose", None)
    before = brand_of(event, told, place.store, "zh")
    brands.put(place.engine, told.preset, files_of(told, place.store), "lin")
    after = brand_of(event, kit_of("repurpose", None, place.engine), place.store, "zh")
    assert place.store.put(before) == place.store.put(after) and after.logo


def test_a_brand_that_nobody_told_names_those_there_are(place: Workplace, tmp_path: Path) -> None:
    brands.put(place.engine, GREEN.model_copy(update={"name": "zeta"}), {}, "lin")
    with pytest.raises(BadPreset, match=r"brand 'none': there is none.*There are: acme, default, repurpose, zeta\."):
        kit_of("none", overlay(tmp_path), place.engine)


def test_a_record_that_cannot_be_read_is_told_by_name(place: Workplace) -> None:
    brands.put(place.engine, GREEN.model_copy(update={"on_dark": "#222222"}), {}, "lin")
    with pytest.raises(BadPreset, match=r"^brand 'acme': on_dark #222222 cannot be read on ground .* lighter"):
        brand_of(Event(name="talk", brand="acme"), kit_of("acme", None, place.engine), place.store, "zh")


def test_events_that_wear_a_brand_are_known(place: Workplace) -> None:
    made = [events.create(place.engine, slug=f"e{n}", title="x") for n in range(3)]
    for row, brand in zip(made, ("acme", "ac_e", "ACME"), strict=True):
        orders.put_wish(place.engine, row.id, about=Event(name=row.slug, title='"brand":"acme"', brand=brand))
    assert brands.worn(place.engine, "acme") == [made[0].id] and brands.worn(place.engine, "ac_e") == [made[1].id]
    assert brands.worn(place.engine, "none") == [] and brands.worn(place.engine, "ACME") == [made[2].id]


def begun(place: Workplace, run: str, brand: str) -> runs.RunRow:
    """A run of `talk` as the command line begins it: nothing was wished for."""
    source = Source(files=(place.store.put_bytes(run.encode(), ".mp4"),), names=("talk.mp4",))
    roots = roots_of(Intake(Event(name="talk", brand=brand), source, Live()), place.store, place.engine)
    return runs.begin(place.engine, run, "talk", {name: place.store.put(root) for name, root in roots.items()}, "")


def test_what_a_run_began_with_wears_its_brand(place: Workplace) -> None:
    brands.put(place.engine, GREEN, {}, "lin")
    row = begun(place, "first", "acme")
    assert wearers(place, "acme") == ["talk"] and wearers(place, "ACME") == wearers(place, "default") == []
    event = events.create(place.engine, slug="talk", title="x", run="first")
    assert wearers(place, "acme") == [event.id]
    begun(place, "second", "default")  # another recording of that name, not made into a package yet
    assert wearers(place, "acme") == [event.id]
    events.change(place.engine, event.id, run="second")
    begun(place, "second", "default")
    assert wearers(place, "acme") == [] and wearers(place, "default") == [event.id]
    brands.drop(place.engine, "acme")
    with pytest.raises(BadPreset, match="brand 'acme': there is none of this name"):
        roots_again(place, row, None)
