"""`repurpose serve` in a process of its own: to be killed, weighed and timed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent
ENOUGH = "1000000"  # requests: none of these tests is about limits
START_S = 120.0  # on a machine that is busy with something else


@dataclass
class Apart:
    """A server over `home`, and the log it writes. `start` again after `kill` takes the same port."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)
    quiet: bool = True
    port: int = 0
    base: str = ""

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self._child: subprocess.Popen[str] | None = None
        self.log = self.home.with_name(f"{self.home.name}.log")

    def start(self) -> Apart:
        """Start it and wait until it listens."""
        options = ["serve", "--port", str(self.port), *(["--quiet"] if self.quiet else [])]
        with self.log.open("a") as log:
            self._child = subprocess.Popen(
                self._command(options), cwd=ROOT, env=self._env(), stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._child.stdout is not None
        killer = threading.Timer(START_S, self._child.kill)
        killer.start()
        line = self._child.stdout.readline()
        killer.cancel()
        found = re.search(r"is at (http://\S+:(\d+))", line)
        assert found, f"it does not start: {line} {self.log.read_text()[-2000:]}"
        self.base, self.port = f"http://127.0.0.1:{found[2]}", int(found[2])
        return self

    def __enter__(self) -> Apart:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
            try:
                self._child.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        self._close()

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._close()

    def _close(self) -> None:
        if self._child is not None and self._child.stdout is not None:
            self._child.stdout.close()

    @property
    def bytes(self) -> int:
        """What it holds in memory that is its own."""
        assert self._child is not None
        with contextlib.suppress(psutil.AccessDenied):
            return int(psutil.Process(self._child.pid).memory_full_info().uss)
        return int(psutil.Process(self._child.pid).memory_info().rss)

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def key(self, *scopes: str) -> str:
        """A new key with these scopes."""
        options = [option for scope in scopes for option in ("--scope", scope)]
        done = subprocess.run(
            self._command(["key", "test", *options]), cwd=ROOT, env=self._env(), capture_output=True, text=True, check=True
        )  # fmt: skip
        return done.stdout.strip()

    def _command(self, options: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "repurpose", *options]

    def _env(self) -> dict[str, str]:
        own = {"REPURPOSE_HOME": str(self.home), "REPURPOSE_DATABASE": "", "REPURPOSE_API_RATE": ENOUGH}
        return os.environ | own | self.env
