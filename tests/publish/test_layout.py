"""The package as a folder: whole files, nothing copied twice, nothing of the user's touched."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from repurpose.errors import UserError
from repurpose.models import Asset, Package
from repurpose.publish.layout import folder_name, lay_out
from repurpose.store import FolderStore, digest_of_file
from tests.publish.sample import packed


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    return FolderStore(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, store: FolderStore) -> Package:
    return packed(tmp_path_factory.mktemp("made"), store)


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): digest_of_file(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_folder_holds_exactly_the_package(tmp_path: Path, package: Package, store: FolderStore) -> None:
    lay_out(package, store, tmp_path)
    found = files(tmp_path)
    listing = json.loads((tmp_path / "package.json").read_text("utf-8"))
    assert found == {asset["path"]: asset["sha256"] for asset in listing["assets"]} | {
        "package.json": found["package.json"]
    }


@pytest.mark.slow
def test_a_second_time_writes_nothing(tmp_path: Path, package: Package, store: FolderStore) -> None:
    assert lay_out(package, store, tmp_path) > 10
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "package.json"}
    assert lay_out(package, store, tmp_path) == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.slow
def test_a_changed_file_is_put_right_even_at_the_same_size(
    tmp_path: Path, package: Package, store: FolderStore
) -> None:
    lay_out(package, store, tmp_path)
    page = tmp_path / "transcript.txt"
    good = page.read_bytes()
    page.write_bytes(b"x" * len(good))
    os.utime(page, ns=(time.time_ns() + 10**9, time.time_ns() + 10**9))
    assert lay_out(package, store, tmp_path) == 1
    assert page.read_bytes() == good


@pytest.mark.slow
def test_what_the_new_package_lacks_goes_and_the_users_files_stay(
    tmp_path: Path, package: Package, store: FolderStore
) -> None:
    lay_out(package, store, tmp_path)
    (tmp_path / "cuts" / "mine.mp4").write_bytes(b"mine")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    fewer = package.model_copy(
        update={"assets": tuple(a for a in package.assets if a.cut != "15s" and a.kind != "portrait")}
    )
    lay_out(fewer, store, tmp_path)
    found = files(tmp_path)
    assert not [path for path in found if "15s" in path]
    assert not (tmp_path / "speakers").exists()
    assert (tmp_path / "cuts" / "mine.mp4").read_bytes() == (tmp_path / "notes.txt").read_bytes() == b"mine"


@pytest.mark.slow
def test_a_strange_package_json_is_no_reason_to_delete(tmp_path: Path, package: Package, store: FolderStore) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"mine")
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({"assets": [{"path": "../outside.txt", "sha256": "0" * 64}]}))
    lay_out(package, store, folder)
    assert outside.exists()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "c:\\evil.txt"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, package: Package, store: FolderStore, path: str) -> None:
    bad = package.assets[0].model_copy(update={"path": path})
    assert isinstance(bad, Asset)
    with pytest.raises(UserError, match="leads out"):
        lay_out(package.model_copy(update={"assets": (bad,)}), store, tmp_path / "folder")


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_the_users_to_change(
    tmp_path: Path, package: Package, store: FolderStore
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="Choose another folder"):
        lay_out(package, store, tmp_path / "file" / "package")


@pytest.mark.parametrize(
    ("name", "folder"),
    [("库存公开课", "库存公开课"), ("..", "_"), ("a/b", "a_b"), ('x: "y"?', "x_ _y__"), (" .hidden. ", "hidden"), ("讲" * 120, "讲" * 66)],
)  # fmt: skip
def test_folder_names_hold_everywhere(name: str, folder: str) -> None:
    assert folder_name(name) == folder
