"""A receiver as a customer would run one: a real HTTP server that keeps what it was sent and answers as it is told to."""

from __future__ import annotations

import base64
import binascii
import hmac
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WAIT_S = 60.0  # on a machine that is busy with something else
TOLERANCE_S = 300  # a message that is older was kept by somebody who wants to send it again


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


class Unsigned(Exception):
    """Not from who it says it is from, or too old. The message says why."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], at_s: float) -> str:
    """The id of a message signed with any of these secrets within five minutes of now. Raises Unsigned."""
    given = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise Unsigned("The headers webhook-id and webhook-timestamp are missing.")
    if abs(at_s - int(stamp)) > TOLERANCE_S:
        raise Unsigned("It was signed more than five minutes ago, or by a clock that is wrong.")
    signed = f"{message_id}.{stamp}.".encode() + body
    marks = [hmac.digest(base64.b64decode(one.removeprefix("whsec_")), signed, "sha256") for one in secrets]
    for one in given.get("webhook-signature", "").split(" "):
        version, _, text = one.partition(",")
        try:
            said = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if version == "v1" and sum(hmac.compare_digest(mark, said) for mark in marks):
            return message_id
    raise Unsigned("No signature of it is by a secret that is known here.")


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
