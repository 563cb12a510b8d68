"""A model's name becomes a folder of weights, whole, however many ask at once."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from repurpose.errors import UserError
from repurpose.transcribe.weights import PACKAGED_SHA256, resolve, version


def test_the_packaged_parts_are_joined_once_and_whole(tmp_path: Path) -> None:
    (tmp_path / ".draft-killed").mkdir()
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: resolve("base", tmp_path), range(4)))
    assert found == {tmp_path / "base"}
    with (tmp_path / "base" / "model.bin").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == PACKAGED_SHA256
    assert {path.name for path in (tmp_path / "base").iterdir()} >= {"config.json", "tokenizer.json", "vocabulary.txt"}
    assert not list(tmp_path.glob(".draft-*"))
    assert resolve(str(tmp_path / "base")) == tmp_path / "base"


def test_versions_tell_weights_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.bin").write_bytes(name.encode())
    assert version("base", tmp_path) == f"base {PACKAGED_SHA256[:16]}"
    assert version(str(tmp_path / "one")) != version(str(tmp_path / "two"))
    assert version("small", tmp_path) == "small"


@pytest.mark.parametrize("name", ["huge", "/nowhere/at/all"])
def test_a_name_nobody_knows(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        resolve(name, tmp_path)
    assert name in str(caught.value) and "\n" not in str(caught.value)
    assert not list(tmp_path.glob(".draft-*"))
