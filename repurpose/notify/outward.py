"""The one door by which requests leave: each goes to an address that was looked at, once, and to no other.

The name is resolved here, every address it has must be outside our own network, and the connection is made to the one that was
looked at: who changes what a name means between the look and the connection gains nothing. The certificate is still the name's.
No redirect is followed, no proxy of the environment is used, and no more than `ANSWER_BYTES` of an answer is read.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpcore

from repurpose.errors import RepurposeError, UserError
from repurpose.notify.addresses import checked, is_outside

TIMEOUT_S = 15.0  # for all of it
CONNECT_S = 4.0  # for each of a name's addresses but the last
ANSWER_BYTES = 64 << 10
MOST_CONNECTIONS = 1000
IDLE_S = 20.0
Resolve = Callable[[str, int], Awaitable[list[str]]]


class Unreached(RepurposeError):
    """No answer came. The message says why."""


@dataclass(frozen=True)
class Answer:
    """What came back: the names of headers are lower-case, the body may be cut."""

    status: int
    headers: dict[str, str]
    body: bytes


async def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a name, in the order they should be tried. Raises OSError when it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


class Outward:
    """Sends requests while it is entered. `inside` are hosts of our own network that may be reached; `context` says whose
    certificates are believed, `resolve` what addresses a name has."""

    def __init__(
        self,
        inside: Collection[str] = (),
        context: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve = addresses_of,
    ) -> None:
        self._inside, self._timeout_s = frozenset(inside), timeout_s
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, max_connections=MOST_CONNECTIONS, max_keepalive_connections=100, keepalive_expiry=IDLE_S,
            network_backend=_Looking(self._inside, resolve),
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send it and read the answer. Raises UserError for an address that may not be reached, Unreached when none comes."""
        checked(url, self._inside)
        got: list[Answer] = []  # once its status is there an answer counts, whatever becomes of the rest
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._send(url, headers, body, got)
        except TimeoutError:
            if not got:
                raise Unreached(f"no answer within {self._timeout_s:.0f} s") from None
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            OSError,
            UnicodeError,
        ) as fault:
            if not got:
                raise Unreached(f"{type(fault).__name__}: {fault}".rstrip(": ")) from fault
        return got[-1]

    async def _send(self, url: str, headers: Mapping[str, str], body: bytes, got: list[Answer]) -> None:
        async with self._pool.stream("POST", url, headers=list(headers.items()), content=body) as answer:
            names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            got.append(Answer(answer.status, names, b""))
            read = b""
            async for piece in answer.aiter_stream():
                read += piece
                if len(read) >= ANSWER_BYTES:
                    break
            got.append(Answer(answer.status, names, read[:ANSWER_BYTES]))


class _Looking(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at."""

    def __init__(self, inside: frozenset[str], resolve: Resolve) -> None:
        self._inside, self._resolve, self._under = inside, resolve, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await self._resolve(host, port)
        if host.lower() not in self._inside and f"{host.lower()}:{port}" not in self._inside:
            hidden = [one for one in found if not is_outside(one)]
            if hidden:  # one is enough: nobody outside names an address of ours beside their own by chance
                raise UserError(f"{host} leads inside our own network ({hidden[0]}). Nothing was sent.")
        for address in found[:-1]:  # such as IPv6 where there is no way out by it
            try:
                return await self._under.connect_tcp(address, port, CONNECT_S, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._under.connect_tcp(found[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
