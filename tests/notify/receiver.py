"""A receiver as a customer would run one: a real HTTP server that keeps what it was sent and answers as it is told to."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WAIT_S = 60.0  # on a machine that is busy with something else


@dataclass(frozen=True)
class Got:
    """One request: when it came, its headers in lower case, its body."""

    at: float
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Say:
    """How a request is answered."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait: Callable[[], Any] | None = None  # before the answer
    drop: bool = False  # the connection instead of an answer


@dataclass
class Receiver:
    """What came, in order; `answer` says how the next is answered."""

    url: str
    answer: Callable[[Got], Say]
    got: list[Got] = field(default_factory=list)
    _came: threading.Condition = field(default_factory=threading.Condition)

    def take(self, one: Got) -> None:
        with self._came:
            self.got.append(one)
            self._came.notify_all()

    def wait(self, count: int) -> list[Got]:
        """The first `count` requests, once they are there."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.got) >= count, WAIT_S), f"{len(self.got)} came, not {count}"
            return self.got[:count]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that end early are what some tests are about."""


@contextmanager
def receiving(
    answer: Callable[[Got], Say] = lambda _: Say(), context: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """A receiver on a free port of this machine, ended with the block; with `context` it speaks TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Got(time.time(), self.path, headers, body)
            said = receiver.answer(one)
            receiver.take(one)
            if said.wait is not None:
                said.wait()
            if said.drop:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.status != 204:
                self.send_header("content-length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: Any) -> None:
            """Not into the tests' output."""

    server = _Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "https" if context else "http"
    receiver = Receiver(f"{scheme}://127.0.0.1:{server.server_address[1]}/hooks", answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="receiver")
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
