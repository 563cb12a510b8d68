"""`repurpose batch`: what a change of presets or brand would reach is told beforehand, and is all that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repurpose.db import brands, releases
from repurpose.db.session import open_database
from repurpose.ingest.brand import kit_of_file
from repurpose.models.published import Release
from repurpose.presets import BrandPreset
from repurpose.settings import settings_from
from repurpose.store import FolderStore
from tests.cli.test_commands import Desk

PICTURES = {"posters", "motion", "summary", "recap", "bumpers", "drawing", "package"}  # what wears the brand
CUTS = ("--cut", "tiny")

pytestmark = pytest.mark.slow  # the toy recording is run from end to end first


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk"))
    event = made.folder / "event.toml"
    event.write_text('title = "Talk"\n[[speakers]]\nname = "Dana Osei"\n', "utf-8")
    assert made.make("-q").code == 0
    return made


def would(desk: Desk, *more: str | Path) -> dict[str, list[str]]:
    said = desk.call("batch", *CUTS, "--dry-run", "--json", *more)
    assert said.code == 0, said.err
    (line,) = said.out.splitlines()
    told: dict[str, list[str]] = json.loads(line)["would_run"]
    return told


def overlay(desk: Desk, name: str) -> Path:
    """The desk's presets in a folder of their own, to be changed."""
    folder = desk.folder / name
    (folder / "cuts").mkdir(parents=True)
    cut = desk.presets / "cuts" / "tiny.toml"
    (folder / "cuts" / "tiny.toml").write_text(cut.read_text("utf-8"), "utf-8")
    return folder


def test_nothing_changed_nothing_to_do(desk: Desk) -> None:
    assert would(desk) == {}
    assert desk.call("batch", *CUTS, "--dry-run").out == "talk: nothing would change\n"


def test_a_new_brand_reaches_pictures_only_and_a_dry_run_changes_nothing(desk: Desk) -> None:
    theirs = overlay(desk, "theirs")
    (theirs / "brands").mkdir()
    (theirs / "brands" / "default.toml").write_text('signal = "#0A7A4B"\nlink = "https://example.com/a"\n', "utf-8")
    before = (desk.folder / "out" / "talk" / "package.json").read_bytes()
    jobs = would(desk, "--presets", theirs)
    assert {job.split()[0] for job in jobs} <= PICTURES and {"posters", "motion", "summary", "recap"} <= set(jobs)
    assert jobs["package"] == ["index.html"]
    assert (desk.folder / "out" / "talk" / "package.json").read_bytes() == before
    assert would(desk) == {}  # the run itself was not touched


def test_a_record_of_the_brand_reaches_pictures_only(desk: Desk) -> None:
    """Early cutoff: only what wears the brand has a new key; a record that says what the file said changes nothing."""
    told, settings = kit_of_file("default", None).preset, settings_from({"REPURPOSE_HOME": str(desk.folder / "home")})
    engine = open_database(settings.database)
    try:
        brands.put(engine, told, {}, "test")
        assert would(desk) == {}
        green = told.model_copy(update={"signal": "#0A7A4B", "link": "https://example.com/c"})
        brands.put(engine, green, {}, "test")
        jobs = would(desk)
        assert {job.split()[0] for job in jobs} <= PICTURES and {"posters", "motion", "summary", "recap"} <= set(jobs)
        brands.drop(engine, "default")
        assert would(desk) == {}
    finally:
        engine.dispose()


def test_a_changed_cut_names_the_films_it_makes_anew(desk: Desk) -> None:
    theirs = overlay(desk, "shorter")
    (theirs / "cuts" / "tiny.toml").write_text('at_most = "8s"\nat_least = "3s"\naim = "point"\n', "utf-8")
    jobs = would(desk, "--presets", theirs)
    assert {"edits tiny", "edl tiny", "rendition tiny.landscape", "package"} <= set(jobs)
    assert "cuts/tiny.landscape.mp4" in jobs["rendition tiny.landscape"]
    assert not {"transcript", "slides", "posters", "highlights"} & set(jobs)
    people = desk.call("batch", *CUTS, "--dry-run", "--presets", theirs).out
    assert people.startswith("talk: ") and "cuts/tiny.landscape.mp4" in people


def test_a_version_that_is_no_longer_made_is_named(desk: Desk) -> None:
    theirs = overlay(desk, "renamed")
    (theirs / "cuts" / "other.toml").write_text('at_most = "10s"\nat_least = "4s"\naim = "point"\n', "utf-8")
    said = desk.call("batch", "--cut", "other", "--dry-run", "--json", "--presets", theirs)
    assert "cuts/tiny.landscape.mp4" in json.loads(said.out)["gone"]


def test_a_batch_does_what_the_dry_run_said(desk: Desk) -> None:
    theirs = overlay(desk, "green")
    (theirs / "brands").mkdir()
    (theirs / "brands" / "default.toml").write_text('signal = "#0A7A4B"\nlink = "https://example.com/b"\n', "utf-8")
    foreseen = would(desk, "--presets", theirs)
    desk.recording.rename(desk.folder / "gone.mp4")  # it is not needed any more
    try:
        said = desk.call("batch", *CUTS, "--json", "--presets", theirs, "--out", desk.folder / "out")
    finally:
        (desk.folder / "gone.mp4").rename(desk.recording)
    assert said.code == 0, said.err
    done = json.loads(said.out)
    assert set(done["executed"]) <= set(foreseen) and done["name"] == "talk"
    assert would(desk, "--presets", theirs) == {}


def test_a_release_freezes_the_look_of_its_run(desk: Desk) -> None:
    theirs, settings = overlay(desk, "frozen"), settings_from({"REPURPOSE_HOME": str(desk.folder / "home")})
    (theirs / "brands").mkdir()
    (theirs / "brands" / "default.toml").write_text('signal = "#0A7A4B"\n', "utf-8")
    assert desk.call("batch", *CUTS, "-q", "--presets", theirs, "--out", desk.folder / "out").code == 0
    engine = open_database(settings.database)
    try:
        brands.put(engine, BrandPreset.model_validate({"name": "default", "signal": "#AA0000"}), {}, "test")
        assert desk.call("publish", "talk").out.endswith(": release 1 is shown at /e/talk\n")
        shown = releases.shown(engine, "talk")
        assert shown and shown[1]
        look = FolderStore(settings.store).get(shown[1].digest, Release).look
        assert look and (look.signal, look.paper, look.logo) == ("#0A7A4B", "#FAF8F4", None)
    finally:
        brands.drop(engine, "default")
        engine.dispose()


def test_an_unknown_name_is_told_with_those_there_are(desk: Desk) -> None:
    said = desk.call("batch", "nobody", "--dry-run")
    assert said.code == 2 and "nobody" in said.err and "talk" in said.err
