"""A server over the application: bound first, so that its address is known, then run until it is told to end."""

from __future__ import annotations

import gc
import socket

import uvicorn

from repurpose.errors import UserError
from repurpose.ingest.watch_folder import WatchFolder
from repurpose.pipeline.workplace import Workplace
from repurpose.text.jieba_words import segmenter
from repurpose.web.accounts import first_link
from repurpose.web.app import create_app, fronted

WAITING = 2048  # connections
ENDING_S = 3  # what is being answered when the server ends has this long


class Serving:
    """The site, its media and the API at `host`:`port` (0 takes a free one). What is dropped into `watched` is made.
    Raises UserError when the address is taken."""

    def __init__(self, place: Workplace, host: str, port: int, watched: WatchFolder | None = None) -> None:
        self._config = uvicorn.Config(
            fronted(create_app(place, watched)), host=host, port=port, log_config=None,
            access_log=False, proxy_headers=False, server_header=False, timeout_graceful_shutdown=ENDING_S,
        )  # fmt: skip
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Its protocol named: asyncio sends at once (TCP_NODELAY) only on such sockets, else the second part of an answer
        # waits until the reader has acknowledged the first, up to 40 ms.
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
            self._socket.listen(WAITING)  # who comes before it is up waits, and is not refused
        except OSError as fault:
            self._socket.close()
            raise UserError(
                f"{host}:{port} cannot be listened at ({fault.strerror}). Choose another with --host and --port."
            ) from None
        named = f"[{host}]" if ":" in host else "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104
        self.base = place.settings.public_url or f"http://{named}:{self._socket.getsockname()[1]}"
        self.first_link = first_link(place.engine, self.base)  # for who administrates; None when somebody does

    def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        segmenter()  # the dictionary is read now: else the first visitor of a Chinese page waits a second for it
        # What is there by now stays; looking for garbage in it now and again would hold up who waits for an answer.
        gc.collect()
        gc.freeze()
        with self._socket:
            uvicorn.Server(self._config).run(sockets=[self._socket])
