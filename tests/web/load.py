"""Requests that come when they come (an open loop): who is slow to answer makes the next one wait no less.

The client is asyncio over plain sockets that are kept open, so that it costs little beside the server it times.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """One request: what it asked for, when it was due, and how long after that the first and the last byte had come."""

    path: str
    due: float  # time.monotonic()
    first_s: float
    whole_s: float
    status: int  # 0 when the connection broke
    headers: dict[str, str]
    body: bytes


class Wires:
    """Connections to one server, each used again as soon as it is free."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, path: str, due: float | None = None, most: int | None = None, **headers: str) -> Answer:
        """GET `path`; only the first `most` bytes of the body are waited for. Where a used connection had just been closed, as
        a server may at any time, it is asked once more on a new one (RFC 9112, 9.3.1)."""
        began = time.monotonic() if due is None else due
        used, head = bool(self._free), list[str]()
        try:
            reader, writer = self._free.pop() if used else await asyncio.open_connection(self.host, self.port)
            named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
            writer.write(f"GET {path} HTTP/1.1\r\nhost: {self.host}:{self.port}\r\n{named}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            told = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            length, status = int(told.get("content-length", "0")), int(head[0].split()[1])
            length = 0 if status in (204, 304) else length
            wanted = length if most is None else min(length, most)
            body = await reader.readexactly(1) if wanted else b""
            first = time.monotonic()
            body += await reader.readexactly(wanted - len(body)) if wanted else b""
            if wanted < length:
                writer.close()
            else:
                self._free.append((reader, writer))
        except (OSError, asyncio.IncompleteReadError) as fault:
            if used and not head:
                self.close()  # what else was at rest is as old
                self._free.clear()
                return await self.ask(path, began, most, **headers)
            ended = time.monotonic() - began
            return Answer(path, began, ended, ended, 0, {}, repr(fault).encode())
        return Answer(path, began, first - began, time.monotonic() - began, status, told, body)

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


async def arrivals(
    base: str, rate: float, seconds: float, path: Callable[[int], str], seen: Callable[[Answer], None], **headers: str
) -> None:
    """Ask for `path(n)` every 1/`rate` seconds for so long, whatever has been answered; `seen` is told each answer."""
    wires, asked = Wires(base), set()
    began = time.monotonic()

    async def one(number: int, due: float) -> None:
        seen(await wires.ask(path(number), due, **headers))

    for number in range(int(rate * seconds)):
        due = began + number / rate
        while (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(number, due))
        asked.add(task)
        task.add_done_callback(asked.discard)
    await asyncio.gather(*asked)
    wires.close()


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """What `work` comes to, run in a thread of its own: the calling one may hold a browser's loop already."""
    with ThreadPoolExecutor(1, "loop") as pool:
        return pool.submit(asyncio.run, work).result()


def percentile(values: list[float], percent: float) -> float:
    """The value below which so many percent of the values lie (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]
