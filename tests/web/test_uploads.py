"""Uploads that go on where they broke off: tus, with the connection cut and the server killed."""

from __future__ import annotations

import base64
import hashlib
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from repurpose.db import uploads
from tests.web.served import Served, served

TUS = {"tus-resumable": "1.0.0"}
KIND = {"content-type": "application/offset+octet-stream"} | TUS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("tus") / "home", upload_bytes=64 << 20) as made:
        yield made


def begun(client: httpx.Client, length: int, name: str = "回放.mp4") -> str:
    named = base64.b64encode(name.encode()).decode()
    answer = client.post(
        "/api/v1/uploads", headers=TUS | {"upload-length": str(length), "upload-metadata": f"filename {named}"}
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-expires"].endswith("GMT")
    return answer.headers["location"]


def sent(client: httpx.Client, place: str, offset: int, data: bytes, **headers: str) -> httpx.Response:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(place, content=data, headers=KIND | {"upload-offset": str(offset)} | more)


def stands(client: httpx.Client, place: str) -> int:
    return int(client.head(place, headers=TUS).headers["upload-offset"])


def test_a_file_arrives_in_pieces(server: Served) -> None:
    data = random.Random(1).randbytes(5_000_000)
    with server.client("editor") as client:
        place = begun(client, len(data))
        for start in range(0, len(data), 2_000_000):
            answer = sent(client, place, start, data[start : start + 2_000_000])
            assert answer.status_code == 204
        assert int(answer.headers["upload-offset"]) == len(data)
        told = client.get(place).json()
    assert (told["state"], told["name"]) == ("done", "回放.mp4")
    assert told["sha256"] == hashlib.sha256(data).hexdigest()
    row = uploads.find(server.place.engine, told["id"])
    assert row is not None
    assert row.file is not None
    assert server.place.store.path(row.file).read_bytes() == data
    assert not (server.place.settings.uploads / row.id).exists()


def test_what_it_says_it_understands(server: Served) -> None:
    with server.client() as client:
        told = client.options("/api/v1/uploads").headers
    assert told["tus-version"] == "1.0.0"
    assert told["tus-max-size"] == str(64 << 20)
    assert set(told["tus-extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}


def test_what_does_not_fit_is_refused_and_changes_nothing(server: Served) -> None:
    with server.client("editor") as client:
        over = client.post("/api/v1/uploads", headers=TUS | {"upload-length": str((64 << 20) + 1)})
        assert (over.status_code, over.json()["type"]) == (413, "/problems/too-large")
        place = begun(client, 10)
        assert sent(client, place, 3, b"abc").status_code == 409
        assert sent(client, place, 0, b"a" * 11).status_code == 413
        assert sent(client, place, 0, b"abc", content_type="text/plain").status_code == 415
        assert sent(client, place, 0, b"abc", tus_resumable="0.2.2").status_code == 412
        assert stands(client, place) == 0
        wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()
        assert sent(client, place, 0, b"abc", upload_checksum=f"sha1 {wrong}").status_code == 460
        assert stands(client, place) == 0
        assert sent(client, place, 0, b"abc", upload_checksum="crc32 AAAA").status_code == 400
        right = base64.b64encode(hashlib.sha256(b"abc").digest()).decode()
        assert sent(client, place, 0, b"abc", upload_checksum=f"sha256 {right}").status_code == 204
        assert stands(client, place) == 3
        assert client.delete(place, headers=TUS).status_code == 204
        assert client.head(place, headers=TUS).status_code == 410


def test_nobody_sees_anothers_upload(server: Served) -> None:
    with server.client("editor") as mine, server.client("publisher") as other:
        place = begun(mine, 10)
        assert other.get(place).status_code == 404
        assert other.head(place, headers=TUS).status_code == 404
        assert sent(other, place, 0, b"abc").status_code == 404
        assert other.delete(place, headers=TUS).status_code == 404
        assert sent(mine, place, 0, b"0123456789").status_code == 204
        event = other.post("/api/v1/events", json={"title": "x"}).json()["id"]
        taken = other.post(f"/api/v1/events/{event}/recordings", json={"upload": place.rpartition("/")[2]})
        assert taken.status_code == 422


def test_nothing_at_all_is_a_file_too(server: Served) -> None:
    with server.client("editor") as client:
        assert client.get(begun(client, 0)).json()["state"] == "done"


def cut(server: Served, place: str, offset: int, data: bytes, after: int) -> None:
    """Send as much as `after` bytes, then break the connection."""
    address = urlsplit(server.base)
    head = (
        f"PATCH {place} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: Bearer {server.keys['editor']}\r\n"
        f"tus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\n"
        f"content-length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port)) as wire:
        wire.sendall(head.encode() + data[:after])
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def test_a_connection_cut_at_any_byte_loses_nothing_that_is_said_to_be_there(server: Served) -> None:
    rng = random.Random(7)
    data = rng.randbytes(12_000_000)
    with server.client("editor") as client:
        place = begun(client, len(data))
        offset = 0
        for _ in range(12):
            cut(server, place, offset, data[offset:], rng.randrange(1_500_000))
            at = stands(client, place)  # takes over from whatever still writes
            assert at >= offset
            offset = at
        while (answer := sent(client, place, offset, data[offset:])).status_code == 409:  # a cut one came in behind us
            at = stands(client, place)
            assert at > offset
            offset = at
        assert answer.status_code == 204
        assert client.get(place).json()["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.slow
def test_a_server_that_died_goes_on_from_what_was_sure(tmp_path: Path) -> None:
    data = random.Random(9).randbytes(3_000_000)
    home = tmp_path / "home"
    with served(home) as first, first.client("editor") as client:
        place = begun(client, len(data))
        assert sent(client, place, 0, data[:1_000_000]).status_code == 204
        key = first.keys["editor"]
        # As a crash leaves it: more in the file than the row knows.
        with (home / "uploads" / place.rpartition("/")[2]).open("ab") as file:
            file.write(b"torn")
    with (
        served(home) as second,
        httpx.Client(base_url=second.base, headers={"authorization": f"Bearer {key}"}) as client,
    ):
        assert stands(client, place) == 1_000_000
        assert sent(client, place, 1_000_000, data[1_000_000:]).status_code == 204
        assert client.get(place).json()["sha256"] == hashlib.sha256(data).hexdigest()
