"""Who is at work on this machine: each process holds a locked file, which the system lets go the moment it dies.

scratch/<worker>.lock     held for as long as the process lives
scratch/<worker>/         its scratch folders; nobody's once it is dead
scratch/litter            a dead process may have left files in the store that no row knows: sweep when you can
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class Presence:
    """This process's place among the workers on this machine.

    A `guest` puts files in the store before it has a row to show for it (it takes in a recording): while one lives,
    nothing is swept. Others put files only while they hold a running row.
    """

    def __init__(self, folder: Path, *, guest: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        # Two homes on one machine may share a database, but never each other's lock files.
        self.host = f"{platform.node()}:{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}"
        self._name = f"{'guest' if guest else 'worker'}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.scratch = folder / self._name
        self._gate = FileLock(folder / "gate", thread_local=False)
        self._own = FileLock(folder / f"{self._name}.lock", thread_local=False)
        with self._gate:  # not while somebody sweeps
            self._own.acquire()
        self.scratch.mkdir()

    @property
    def worker(self) -> str:
        """The name that goes into the rows this process claims."""
        return f"{self.host}/{self._name}"

    def leave(self) -> None:
        """Give up the place and its scratch folder."""
        with self._gate:  # or it would look dead to somebody between the two steps
            shutil.rmtree(self.scratch, ignore_errors=True)
            self._own.release()
            (self.folder / f"{self._name}.lock").unlink(missing_ok=True)

    def is_here(self, worker: str) -> bool:
        """Was this worker started on this machine, in this home?"""
        return worker.startswith(f"{self.host}/")

    def is_dead(self, worker: str) -> bool:
        """True only for a worker of this machine that certainly no longer runs."""
        name = worker.rpartition("/")[2]
        return self.is_here(worker) and name != self._name and not self._held(name)

    def bury(self) -> list[str]:
        """Remove the locks and scratch folders of the dead, and note that the store may hold their litter. Their names."""
        dead = []
        with self._gate:
            names = {path.stem for path in self.folder.glob("*.lock")} | {
                p.name for p in self.folder.iterdir() if p.is_dir()
            }
            for name in sorted(names - {self._name}):
                if not self._held(name):
                    self.litter()
                    shutil.rmtree(self.folder / name, ignore_errors=True)
                    (self.folder / f"{name}.lock").unlink(missing_ok=True)
                    dead.append(f"{self.host}/{name}")
        return dead

    def litter(self) -> None:
        """Note that the store may hold files no row knows."""
        (self.folder / "litter").touch()

    @contextmanager
    def sweeping(self) -> Iterator[bool]:
        """Nobody can arrive in here. True when there is litter and no other guest that may just be putting files."""
        with self._gate:
            guests = [path.stem for path in self.folder.glob("guest-*.lock") if path.stem != self._name]
            yield (self.folder / "litter").exists() and not any(map(self._held, guests))

    def swept(self) -> None:
        """The litter is gone."""
        (self.folder / "litter").unlink(missing_ok=True)

    def _held(self, name: str) -> bool:
        path = self.folder / f"{name}.lock"
        if not path.exists():
            return False
        lock = FileLock(path, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False
