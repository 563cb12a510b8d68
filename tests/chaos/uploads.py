"""A large upload whose connection is cut and whose server is killed, many times: the same bytes arrive; and what may not come is not stored.

    python -m tests.chaos.uploads [--bytes 1GB] [--cuts 100] [--kills 20] [--seed 1]

The server is the real program, ended with `kill -9` at a random byte; cuts are resets of the connection at a random byte.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import os
import random
import re
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.web.apart import Apart

BLOCK = 1 << 20
PIECE = 1 << 16
RESET = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # SO_LINGER: close by a reset, as a lost network does
TUS = {"tus-resumable": "1.0.0"}
KIND = {"content-type": "application/offset+octet-stream"} | TUS


@dataclass(frozen=True)
class Content:
    """`length` bytes that are the same each time and are nowhere kept."""

    length: int
    seed: int

    def at(self, offset: int) -> bytes:
        """What stands from `offset` to the end of its block."""
        number = offset // BLOCK
        block = random.Random(self.seed * 1_000_003 + number).randbytes(BLOCK)
        return block[offset - number * BLOCK : self.length - number * BLOCK]

    def sha256(self) -> str:
        whole = hashlib.sha256()
        for offset in range(0, self.length, BLOCK):
            whole.update(self.at(offset))
        return whole.hexdigest()


class Sender:
    """A client that goes on where the server says it stands."""

    def __init__(self, server: Apart, key: str, content: Content) -> None:
        self.server, self.content = server, content
        self.headers = {"authorization": f"Bearer {key}"}
        name = base64.b64encode("回放.mp4".encode()).decode()
        made = self._ask(
            "POST", "/api/v1/uploads", {"upload-length": str(content.length), "upload-metadata": f"filename {name}"}
        )
        assert made.status_code == 201, made.text
        self.place = made.headers["location"]

    def stands(self) -> int:
        return int(self._ask("HEAD", self.place).headers["upload-offset"])

    def told(self) -> dict[str, str]:
        found: dict[str, str] = self._ask("GET", self.place).json()
        return found

    def send(self, offset: int, until: int) -> bool:
        """Send on as one request for all the rest, and break it off at byte `until`; True when all was taken."""
        address = urlsplit(self.server.base)
        left = self.content.length - offset
        head = (
            f"PATCH {self.place} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: {self.headers['authorization']}\r\n"
            f"tus-resumable: 1.0.0\r\ncontent-type: {KIND['content-type']}\r\nupload-offset: {offset}\r\ncontent-length: {left}\r\n\r\n"
        )
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=600) as wire:
            wire.sendall(head.encode())
            while offset < until:
                block = memoryview(self.content.at(offset))[: until - offset]
                for start in range(0, len(block), PIECE):
                    wire.sendall(block[start : start + PIECE])
                offset += len(block)
            if until == self.content.length:
                return wire.recv(4096).startswith(b"HTTP/1.1 204")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return False

    def _ask(self, method: str, path: str, more: dict[str, str] | None = None) -> httpx.Response:
        return httpx.request(method, self.server.base + path, headers=self.headers | TUS | (more or {}), timeout=600)


def torn(server: Apart, key: str, content: Content, cuts: int, kills: int, seed: int) -> list[str]:
    """Send it all, torn so often; every fault found."""
    dice, found = random.Random(seed), []
    sender = Sender(server, key, content)
    ends = sorted(dice.sample(range(1, content.length), cuts + kills))
    deadly = set(dice.sample(range(cuts + kills), kills))
    sure = 0
    for number, end in enumerate(ends):
        if end > sure:
            with contextlib.suppress(OSError):  # a request of before that came in late was at it: the next goes on
                sender.send(sure, end)
        if number in deadly:
            server.kill()
            server.start()
        stands = sender.stands()
        print(f"{'killed' if number in deadly else 'cut':6} at {end:,}: {stands:,} of it is sure", flush=True)
        if not sure <= stands <= max(end, sure):
            found.append(f"after {end} it stands at {stands}, and stood at {sure}")
        sure = stands
    while sure < content.length:
        done = sender.send(sure, content.length)
        before, sure = sure, sender.stands()
        if not done and sure <= before:
            found.append(f"it does not go on from {before}")
            break
    told = sender.told()
    whole = content.sha256()
    if (told["state"], told["sha256"]) != ("done", whole):
        found.append(f"it came to {told}, and should be {whole}")
    files = [path for path in (server.home / "store").rglob(f"{whole}*") if path.is_file()]
    if not files or digest_of(files[0]) != whole:
        found.append(f"the store has {files}")
    left = [path.name for path in (server.home / "uploads").iterdir()]
    return found + ([f"{left} was left over"] if left else [])


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def too_large(server: Apart, key: str, limit: int) -> list[str]:
    """What is over a limit is refused before a byte of it is stored."""
    found: list[str] = []
    headers = {"authorization": f"Bearer {key}"} | TUS
    with httpx.Client(base_url=server.base, headers=headers, timeout=600) as client:
        over = client.post("/api/v1/uploads", headers={"upload-length": str(limit + 1)})
        if over.status_code != 413 or list((server.home / "uploads").glob("*")):
            found.append(f"an upload of {limit + 1} bytes is answered {over.status_code}")
        made = client.post("/api/v1/uploads", headers={"upload-length": "1000"}).headers["location"]
        file = server.home / "uploads" / made.rpartition("/")[2]
        sent = client.patch(made, headers=KIND | {"upload-offset": "0"}, content=os.urandom(BLOCK))
        if sent.status_code != 413 or file.stat().st_size:
            found.append(
                f"a piece that is too long is answered {sent.status_code}, {file.stat().st_size} bytes are stored"
            )
        streamed = client.patch(made, headers=KIND | {"upload-offset": "0"}, content=iter([os.urandom(PIECE)] * 8))
        if streamed.status_code not in (204, 413) or (file.exists() and file.stat().st_size > 1000):
            found.append(f"a stream that is too long is answered {streamed.status_code}")
    return found


def size_of(text: str) -> int:
    """1GB, 20MB or a number of bytes."""
    found = re.fullmatch(r"(\d+)\s*([kKMG]?)B?", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 1GB, 20MB or 5000")
    return int(found[1]) * {"": 1, "k": 1000, "K": 1000, "M": 10**6, "G": 10**9}[found[2]]


def tried(folder: Path, length: int, cuts: int, kills: int, seed: int) -> list[str]:
    """All of it, on a server over a new home in `folder`."""
    limit = max(length, 1 << 20)
    with Apart(folder / "home", {"REPURPOSE_UPLOAD_GB": str(limit / (1 << 30))}) as server:
        key = server.key("ingest")
        refused = too_large(server, key, limit)
    with Apart(folder / "torn", {"REPURPOSE_UPLOAD_GB": str(limit / (1 << 30))}) as server:
        return refused + torn(server, server.key("ingest"), Content(length, seed), cuts, kills, seed)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--bytes", type=size_of, default=10**9)
    options.add_argument("--cuts", type=int, default=100)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = tried(Path(folder), asked.bytes, asked.cuts, asked.kills, asked.seed)
    print(
        f"{asked.bytes:,} bytes, {asked.cuts} cuts, {asked.kills} kills, {time.monotonic() - began:.0f} s: {len(found)} faults"
    )
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
