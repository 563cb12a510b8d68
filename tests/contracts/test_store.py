"""What every store must do, whatever it keeps its files in."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repurpose.errors import StoreError
from repurpose.models import Blob, Edits, Event, Source
from repurpose.store import FolderStore, Store, blobs_in

STORES: dict[str, Callable[[Path], Store]] = {"folder": FolderStore}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return STORES[request.param](tmp_path / "store")


def test_an_artifact_comes_back_as_it_was(store: Store) -> None:
    event = Event(name="活动", terms=("增长", "RFE"))
    digest = store.put(event)
    assert store.get(digest, Event) == event and store.has(digest)
    assert hashlib.sha256(store.read(digest)).hexdigest() == digest


def test_equal_artifacts_have_one_name_and_others_another(store: Store) -> None:
    assert store.put(Event(name="a")) == store.put(Event(name="a")) != store.put(Event(name="b"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=5000), suffix=st.sampled_from(["", ".mp4", ".json", ".jpg"]))
def test_a_file_comes_back_as_it_was(store: Store, data: bytes, suffix: str) -> None:
    blob = store.put_bytes(data, suffix)
    assert blob == Blob(digest=hashlib.sha256(data).hexdigest(), suffix=suffix, size=len(data))
    assert store.path(blob).read_bytes() == data and store.path(blob).suffix == suffix and store.has(blob.digest)


def test_a_file_put_is_left_and_a_file_taken_is_gone(store: Store, tmp_path: Path) -> None:
    put, taken = tmp_path / "Put.MP4", tmp_path / "taken.bin"
    put.write_bytes(b"put" * 1000)
    taken.write_bytes(b"taken")
    assert store.path(store.put_file(put)).read_bytes() == put.read_bytes()
    assert store.put_file(put).suffix == ".mp4"
    assert store.path(store.take_file(taken, ".txt")).read_bytes() == b"taken" and not taken.exists()


def test_taking_what_is_there_already_still_takes_it(store: Store, tmp_path: Path) -> None:
    blob = store.put_bytes(b"same", ".txt")
    again = tmp_path / "again.txt"
    again.write_bytes(b"same")
    assert store.take_file(again) == blob and not again.exists()


def test_what_is_not_there_is_said_to_be_missing(store: Store) -> None:
    absent = Blob(digest="0" * 64, suffix=".mp4", size=1)
    assert not store.has(absent.digest)
    for ask in (lambda: store.path(absent), lambda: store.get(absent.digest, Event), lambda: store.read(absent.digest)):
        with pytest.raises(StoreError, match="run again"):
            ask()


def test_an_artifact_is_only_given_as_what_it_is(store: Store) -> None:
    with pytest.raises(StoreError, match="is not a Edits"):
        store.get(store.put(Event(name="a")), Edits)


def test_a_sweep_keeps_what_it_is_told_to(store: Store) -> None:
    kept, gone = store.put_bytes(b"kept", ".txt"), store.put_bytes(b"gone", ".txt")
    event = store.put(Event(name="a"))
    assert store.sweep({kept.digest, event}) == 1
    assert store.has(kept.digest) and store.has(event) and not store.has(gone.digest)
    assert store.sweep({kept.digest, event}) == 0


def test_many_putting_the_same_at_once_end_with_one(store: Store) -> None:
    data = b"x" * 300_000
    found: list[Blob] = []
    threads = [threading.Thread(target=lambda: found.append(store.put_bytes(data, ".bin"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1 and store.path(found[0]).read_bytes() == data
    assert store.sweep({found[0].digest}) == 0


def test_the_files_an_artifact_speaks_of_are_found(store: Store) -> None:
    files = tuple(store.put_bytes(bytes([n]), ".mp4") for n in range(3))
    digest = store.put(Source(files=files, names=("a", "b", "c")))
    assert set(blobs_in(store.read(digest))) == set(files)


def test_a_damaged_artifact_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    digest = store.put(Event(name="a"))
    (tmp_path / "objects" / digest[:2] / f"{digest}.json").write_bytes(b"{}")
    with pytest.raises(StoreError, match="was changed after it was stored"):
        store.get(digest, Event)
