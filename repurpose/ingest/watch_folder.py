"""A watched folder as it lies on the disk: listed, claimed, sent on. What is to be done is decided elsewhere.

taken/<id>/          what is being worked on; in it everything that was dropped together
done/ failed/ duplicates/     where it goes in the end, with NAME.why.txt beside what was not made

Files are only ever moved within the folder. A crash at any moment leaves each where it was or where it was going, and what a
move has begun, the next start ends.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import signal
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from repurpose.errors import UserError
from repurpose.ingest.watch import (
    OURS,
    TAKEN,
    Drop,
    File,
    free_number,
    in_order,
    is_hidden,
    is_recording,
    numbered,
    why_name,
)

_GOING = ".going"  # beside what is being sent on: where to, so that it gets there whatever happens


@dataclass(frozen=True)
class Claimed:
    """What was taken together. `event_file`, `subtitles` and `chat` are None where there is none."""

    id: str
    name: str  # of the recording, or the folder it came in
    title: str  # what to call the event that has no name
    recordings: tuple[Path, ...]
    event_file: Path | None
    subtitles: Path | None
    chat: Path | None


@dataclass(frozen=True)
class Sent:
    """Where something went: `name` in one of our folders, or back into the watched one (`to` is empty)."""

    to: str
    was: str  # what it was called when it was dropped
    name: str
    why: str


class WatchFolder:
    """A folder that only this process watches, while it is entered. Raises UserError when another one does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = FileLock(root / TAKEN / ".lock", thread_local=False)
        self._holder = root / TAKEN / ".watcher"
        self._tells = False  # does the system say who still writes to a file that lies here?

    def __enter__(self) -> Self:
        if not self.root.is_dir():
            raise UserError(f"{self.root}: no such folder. Make it, or name another one.")
        try:
            for name in OURS:
                (self.root / name).mkdir(exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise UserError(
                f"{self.root}: is watched already, by {self._other()}. End that first, or watch another folder."
            ) from None
        except OSError as fault:
            raise UserError(
                f"{self.root}: cannot be written to ({fault.strerror}). Change its permissions, or name another folder."
            ) from None
        self._holder.write_text(f"process {os.getpid()} on {platform.node()}", "utf-8")
        self._tells = not _is_held(self._holder)  # nobody writes to this one: where the answer is yes, it means nothing
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def files(self) -> list[File]:
        """Every file below the folder, but for ours. Raises OSError when the folder itself cannot be read."""
        return list(_files(self.root, OURS))

    def is_written(self, drop: Drop) -> bool:
        """Does a program on this machine have a file of it open to write? False where the system does not tell."""
        return any(self._is_open(self.root / file.path) for file in drop.files)

    def claim(self, drop: Drop, claim_id: str) -> bool:
        """Move it all into taken/<id>/, the recording last. False when it was not as it had been: then it is put back."""
        place = self.root / TAKEN / claim_id
        place.mkdir(parents=True)
        with suppress(OSError):  # gone, or open in a program that does not let it go
            for name in [drop.name] if drop.folder else [file.path for file in drop.files]:
                (self.root / name).rename(place / name)
        if self.is_changing(claim_id, drop.files):
            self.send(claim_id, "")
            return False
        return True

    def state(self, claim_id: str) -> tuple[File, ...]:
        """The files of a claim as they are, to be compared later."""
        return tuple(file for file in _files(self.root / TAKEN / claim_id) if not is_hidden(file.path))

    def is_changing(self, claim_id: str, before: tuple[File, ...]) -> bool:
        """Is a file of the claim not as it was `before`, or open to write?"""
        place = self.root / TAKEN / claim_id
        return set(before) != set(self.state(claim_id)) or any(self._is_open(place / file.path) for file in before)

    def claims(self) -> list[str]:
        """The ids of everything that was taken and not sent on, in no particular order."""
        with suppress(FileNotFoundError), os.scandir(self.root / TAKEN) as found:
            return [entry.name for entry in found if entry.is_dir(follow_symlinks=False)]
        return []

    def claimed(self, claim_id: str) -> Claimed | None:
        """What lies in a claim; None without a recording."""
        place = self.root / TAKEN / claim_id
        names = _visible(place)
        folder = next((name for name in names if (place / name).is_dir()), "")
        inside = place / folder
        there = in_order(_visible(inside) if folder else names)
        recordings = tuple(inside / name for name in there if is_recording(name) and (inside / name).is_file())
        if not recordings:
            return None

        def beside(*endings: str, only: str = "") -> Path | None:
            found = (name for name in there if name.lower().endswith(endings) and (not only or name == only))
            return next((inside / name for name in found), None)

        if not folder:
            name, event_file, words = recordings[0].name, beside(".toml"), beside(".srt", ".vtt")
            return Claimed(claim_id, name, recordings[0].stem, recordings[:1], event_file, words, beside(".csv"))
        same = [f"{recordings[0].stem}{ending}" for ending in (".srt", ".vtt")] if len(recordings) == 1 else []
        words = next((found for name in same if (found := beside("", only=name))), None)
        return Claimed(
            claim_id, folder, folder, recordings, beside("", only="event.toml"), words, beside("", only="chat.csv")
        )

    def is_going(self, claim_id: str) -> bool:
        """Was it already being sent on?"""
        return (self.root / TAKEN / claim_id / _GOING).is_file()

    def send(self, claim_id: str, to: str, why: str = "", told: str = "") -> Sent | None:
        """Move what lies in a claim to one of our folders, or back ("" for `to`), under names that are free there, with a file
        beside it that holds `told`. What is on its way already goes where it was going. None when there was nothing."""
        place = self.root / TAKEN / claim_id
        names = _visible(place)
        going = self._going(place, names, to, why, told)
        if going is None:
            _remove(place)
            return None
        target = self.root / going["to"]
        target.mkdir(exist_ok=True)
        if going["told"]:
            _write(target / why_name(going["name"]), going["told"])
        for name in names:
            (place / name).rename(target / _called(name, going["number"], folder=(place / name).is_dir()))
        _remove(place)
        return Sent(going["to"], going["was"], going["name"], going["why"])

    def _going(self, place: Path, names: list[str], to: str, why: str, told: str) -> dict[str, str] | None:
        """Where it goes, written down before the first file moves."""
        with suppress(FileNotFoundError, ValueError):
            found: dict[str, str] = json.loads((place / _GOING).read_text("utf-8"))
            return found
        if not names:
            return None
        was = next((name for name in names if is_recording(name)), names[0])
        folder = (place / was).is_dir()
        there = _visible(self.root / to) if (self.root / to).is_dir() else []
        number = str(free_number(names, there, folder=folder))
        name = _called(was, number, folder=folder)
        decided = {"to": to, "was": was, "name": name, "number": number, "why": why, "told": told}
        _write(place / _GOING, json.dumps(decided, ensure_ascii=False))
        return decided

    def _is_open(self, path: Path) -> bool:
        return self._tells and _is_held(path)

    def _other(self) -> str:
        with suppress(OSError):
            return self._holder.read_text("utf-8") or "another process"
        return "another process"


def _files(root: Path, without: Collection[str] = ()) -> Iterator[File]:
    """Every plain file below, links left out; what vanishes meanwhile is not there."""
    with os.scandir(root):  # os.walk says nothing of a folder that cannot be read
        pass
    for folder, folders, names in os.walk(root):
        under = Path(folder).relative_to(root)
        if folder == str(root):
            folders[:] = [name for name in folders if name not in without]
        for name in names:
            with suppress(OSError):
                about = (root / under / name).lstat()
                if stat.S_ISREG(about.st_mode):
                    path = (under / name).as_posix()
                    yield File(path, about.st_size, about.st_mtime_ns, about.st_ino)


def _visible(folder: Path) -> list[str]:
    with os.scandir(folder) as found:
        return sorted(entry.name for entry in found if not entry.name.startswith("."))


def _called(name: str, number: str, *, folder: bool) -> str:
    return numbered(name, int(number), folder=folder)


def _remove(place: Path) -> None:
    """The emptied folder of a claim, with what a file manager hid in it."""
    with suppress(FileNotFoundError):
        for path in list(place.iterdir()):
            path.unlink()
        place.rmdir()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, also when the power fails."""
    draft = path.with_name(f".{path.name[:60]}.part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _is_held(path: Path) -> bool:
    """Linux: a read lease is refused for as long as any process has the file open to write (fcntl(2), F_SETLEASE)."""
    if not hasattr(signal, "SIGURG"):
        return False
    import fcntl

    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        with path.open("rb") as file:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # who opens it meanwhile would end us with SIGIO
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as fault:
        return fault.errno == errno.EAGAIN
    return False
