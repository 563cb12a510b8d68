"""Many players at once against a real server: `repurpose serve` in a process of its own, asked over plain sockets."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from repurpose.db import assets
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.track.token import ViewToken
from repurpose.web.viewing import view_token
from tests.track.made import AGENT, psid_of
from tests.web.served import published

ROOT = Path(__file__).parent.parent.parent
BATCHES = 20  # of one player, before another takes its place
STEP = 2000  # ms of a stretch


@dataclass(frozen=True)
class Target:
    """An event whose half-hour replay is watched: what a batch of it says."""

    home: Path
    database: str
    token: str
    asset: str
    length: int

    @contextmanager
    def server(self) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        """The program that serves it, and its port; killed at the end."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        env = os.environ | {
            "REPURPOSE_HOME": str(self.home),
            "REPURPOSE_DATABASE": self.database,
            "REPURPOSE_VIEW_RATE": "1000000000",
        }
        command = [sys.executable, "-m", "repurpose", "serve", "-q", "--port", str(port)]
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            while child.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield child, port
        finally:
            child.kill()
            child.wait()


def target(home: Path, database: str = "") -> Target:
    """A new home with a published half hour in it."""
    url = database or f"sqlite:///{home / 'repurpose.db'}"
    with Workplace(Settings(home=home, database=url)) as place:
        event = published(place, said=["一句话。"] * 300)
        rows = assets.of_release(place.engine, event.id, event.release or 0)
        replay = next(one for one in rows if one.kind == assets.REPLAY)
        token = view_token(place.settings, ViewToken(event.id, 1, int(time.time()) - 3600))
        return Target(home, url, token, replay.id, replay.duration_ms or 0)


@dataclass
class Load:
    """What came of it: answers by status, how long each took (s), and what was acknowledged."""

    statuses: dict[int, int] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    acked: set[tuple[str, int]] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status != 204)

    def percentile(self, share: float) -> float:
        """In ms."""
        return sorted(self.took)[min(len(self.took) - 1, int(share * len(self.took)))] * 1000 if self.took else 0.0


async def load(
    of: Target, port: int, *, connections: int, events: int, seconds: float, seed: int = 1, remember: bool = False
) -> Load:
    """Ask for so long, over so many connections, so many events a batch; who loses the connection stops."""
    made = Load()
    began = time.perf_counter()
    ends = began + seconds
    await asyncio.gather(
        *(
            _player(of, port, events, ends, random.Random(seed * 1000 + k), made, remember=remember)
            for k in range(connections)
        )
    )
    made.seconds = time.perf_counter() - began
    return made


async def _player(
    of: Target, port: int, events: int, ends: float, chance: random.Random, made: Load, *, remember: bool
) -> None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return
    head = f"POST /t/v1/batch HTTP/1.1\r\nhost: localhost\r\nuser-agent: {AGENT}\r\ncontent-type: text/plain\r\ncontent-length: "
    psid, sent = "", BATCHES
    try:
        while time.perf_counter() < ends:
            if sent == BATCHES:
                psid, sent, at, n = psid_of(chance), 0, chance.randrange(max(1, of.length - BATCHES * events * STEP)), 0
            stretches = []
            for _ in range(events):
                stretches.append(
                    {"n": n, "k": "seg", "a": at, "b": at + STEP, "r": 1, "m": 0, "dt": n * STEP, "w": STEP, "vis": 1}
                )
                at, n = at + STEP, n + 1
            body = json.dumps(
                {"v": 1, "ctx": of.token, "psid": psid, "as": of.asset, "sent_dt": n * STEP, "l": "", "ev": stretches}
            )
            asked = time.perf_counter()
            writer.write(f"{head}{len(body)}\r\n\r\n{body}".encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            made.took.append(time.perf_counter() - asked)
            status = int(answer[9:12])
            made.statuses[status] = made.statuses.get(status, 0) + 1
            sent += 1
            if status == 204 and remember:
                made.acked.update((psid, each["n"]) for each in stretches)  # type: ignore[misc]
    except (OSError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()
